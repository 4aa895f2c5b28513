import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { mnist } from "@featuremap/datasets";
import { launchChromium } from "@featuremap/testing/chromium";
import { afterEach, describe, expect, inject, test } from "vitest";
import { nodeOf, nodeVersions } from "../nodes/node-versions.ts";
import { command } from "../published-packages.ts";
import { ranWith } from "../ran.ts";
import { type FreshMachine, createFreshMachine } from "./fresh-machine.ts";

const digitCount = 100;

interface Digit {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** What the page offers in its console; see the classifier's README. */
declare const featuremapClassifier: {
  classifyBatch(digits: readonly Digit[]): Promise<readonly { readonly predictions: readonly { label: string }[] }[]>;
};

/** Opens the served page and lets it classify the first digits of MNIST's test set; gives how many it gets right. */
async function rightInPage(address: string): Promise<number> {
  const { images, labels } = (await mnist()).test.take(digitCount);
  const digits = Array.from({ length: digitCount }, (_, index) => [
    ...images.data.subarray(index * 784, (index + 1) * 784),
  ]);
  const browser = await launchChromium();
  try {
    const page = await browser.newPage();
    await page.goto(address);
    await page.waitForFunction(() => "featuremapClassifier" in globalThis, undefined, { timeout: 120_000 });
    const answers = await page.evaluate(async (all) => {
      const pictures = all.map((grey) => ({ data: Uint8Array.from(grey), width: 28, height: 28 }));
      const found = await featuremapClassifier.classifyBatch(pictures);
      return found.map(({ predictions: [first] }) => first?.label);
    }, digits);
    return answers.filter((label, index) => label === String(labels.data[index])).length;
  } finally {
    await browser.close();
  }
}

describe(`npx featuremap@${command.version} with Node alone`, () => {
  let machine: FreshMachine | undefined;

  afterEach(async () => {
    await machine?.remove();
  });

  for (const node of nodeVersions) {
    test("trains on MNIST, and serves what it has trained", ranWith({ manager: "npx", node }), async () => {
      machine = await createFreshMachine(await nodeOf(node), inject("registry"));
      const printed = await machine.featuremap("train", "mnist", "--limit", "6000", "--epochs", "1");
      expect(printed).toContain("Saved the model to runs/mnist-1/model");
      const environment = JSON.parse(
        await readFile(join(machine.folder, "runs", "mnist-1", "environment.json"), "utf8"),
      );
      expect(JSON.stringify(environment)).toContain(`"v${node}.`);
      const served = await machine.serve("last", "--port", "0");
      try {
        // A tenth of the digits, once: about 88 in a hundred, where guessing gets 10.
        expect(await rightInPage(served.address)).toBeGreaterThan(70);
      } finally {
        await served.close();
      }
    });
  }
});
