import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { mnist } from "@featuremap/datasets";
import { launchChromium } from "@featuremap/testing/chromium";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ServedBundle, runFeaturemap, serveBundle } from "./featuremap-command.ts";

const digitCount = 200;

interface Answer {
  readonly label: string;
  readonly probability: number;
}

/** What the page offers in its console; see the classifier's README. */
declare const featuremapClassifier: {
  readonly device: { readonly name: string; readonly reason: { readonly kind: string; readonly text: string } };
  classifyBatch(
    digits: readonly { readonly data: Uint8Array; readonly width: number; readonly height: number }[],
    options: { readonly topK: number },
  ): Promise<readonly { readonly predictions: readonly Answer[] }[]>;
};

/** Given to the page by the test. */
declare function reportViolation(text: string): Promise<void>;

describe("the web classifier, served with a network trained on real digits", () => {
  let folder: string;
  let browser: Browser;
  let served: ServedBundle;
  /** Grey values of each digit. */
  let digits: number[][];
  let truths: string[];
  let nodeAnswers: Answer[];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "served-"));
    // A smaller step than the preset's: with so few digits it ends well above 195 right, whatever the rounding.
    const lesson = ["--limit", "12000", "--epochs", "3", "--learning-rate", "0.0005", "--seed", "1"];
    await runFeaturemap("train", "mnist", ...lesson, "--out", folder);
    const bundle = join(folder, "model");
    const lines = await runFeaturemap("predict", bundle, "mnist", "--count", String(digitCount));
    const images = lines.filter(({ event }) => event === "image");
    nodeAnswers = images.map(({ label, probability }) => ({ label: String(label), probability: Number(probability) }));
    truths = images.map(({ truth }) => String(truth));
    const { test: testDigits } = await mnist();
    const { data } = testDigits.images;
    digits = Array.from({ length: digitCount }, (_, index) => [...data.subarray(index * 784, (index + 1) * 784)]);
    [browser, served] = await Promise.all([launchChromium(), serveBundle(bundle)]);
  });
  afterAll(async () => {
    await browser?.close();
    await served?.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** Opens the page, and fails the test on anything that its console reports as an error or that its policy forbids. */
  async function withPage(
    run: (page: Page) => Promise<void>,
    { withoutWebgpu = false, ...options }: BrowserContextOptions & { withoutWebgpu?: boolean } = {},
  ): Promise<void> {
    const context = await browser.newContext(options);
    try {
      const page = await context.newPage();
      const errors: string[] = [];
      page.on("pageerror", (error) => errors.push(error.message));
      page.on("console", (message) => {
        if (message.type() === "error") errors.push(message.text());
      });
      await page.exposeFunction("reportViolation", (text: string) => errors.push(text));
      await page.addInitScript(() => {
        addEventListener("securitypolicyviolation", ({ effectiveDirective, blockedURI }) => {
          void reportViolation(`${effectiveDirective} forbids ${blockedURI}`);
        });
      });
      if (withoutWebgpu) {
        await page.addInitScript(() => Object.defineProperty(navigator, "gpu", { value: undefined }));
      }
      await page.goto(served.address);
      // Waiting inside the page would evaluate text there, which its policy forbids.
      const isReady = () => page.evaluate(() => "featuremapClassifier" in globalThis);
      await expect.poll(isReady, { timeout: 60_000 }).toBe(true);
      await run(page);
      expect(errors).toEqual([]);
    } finally {
      await context.close();
    }
  }

  function classifyInPage(page: Page): Promise<Answer[]> {
    return page.evaluate(async (pictures) => {
      const inputs = pictures.map((picture) => ({ data: Uint8Array.from(picture), width: 28, height: 28 }));
      const results = await featuremapClassifier.classifyBatch(inputs, { topK: 1 });
      return results.flatMap(({ predictions }) =>
        predictions.map(({ label, probability }) => ({ label, probability })),
      );
    }, digits);
  }

  function expectNodesAnswers(answers: readonly Answer[]): void {
    expect(answers.map(({ label }) => label)).toEqual(nodeAnswers.map(({ label }) => label));
    for (const [index, { probability }] of answers.entries()) {
      expect(probability).toBeCloseTo(nodeAnswers[index]?.probability ?? Number.NaN, 3);
    }
    expect(answers.filter(({ label }, index) => label === truths[index]).length).toBeGreaterThanOrEqual(195);
  }

  test("gives on WebGPU the labels that featuremap predict gives in Node, 195 of 200 right or more", () =>
    withPage(async (page) => {
      expect(await page.evaluate(() => featuremapClassifier.device.name)).toBe("webgpu");
      expectNodesAnswers(await classifyInPage(page));
    }));

  test("gives the same on wasm, to which it falls back, and says why", () =>
    withPage(
      async (page) => {
        const device = await page.evaluate(() => featuremapClassifier.device);
        const reason = { kind: "fallback", text: expect.stringContaining("WebGPU") };
        expect(device).toMatchObject({ name: "wasm", reason });
        expectNodesAnswers(await classifyInPage(page));
      },
      { withoutWebgpu: true },
    ));

  test("reads a picture from the disk", () =>
    withPage(async (page) => {
      const picture = await readFile(new URL("../../apps/classifier/src/view/example-digits.png", import.meta.url));
      await page.locator("#image-file").setInputFiles({ name: "digits.png", mimeType: "image/png", buffer: picture });
      await expect.poll(() => page.locator("#verdict-label").textContent(), { timeout: 20_000 }).toMatch(/^\d$/);
    }));

  test.for([
    ["a desktop", { viewport: { width: 1280, height: 800 } }],
    ["a phone", { viewport: { width: 390, height: 844 }, deviceScaleFactor: 3, hasTouch: true, isMobile: true }],
  ] as const)("reads a one that is drawn on %s", ([, options]) =>
    withPage(async (page) => {
      const box = await page.locator("#board").boundingBox();
      if (box === null) throw new Error("The board is not on the page.");
      await page.mouse.move(box.x + box.width * 0.52, box.y + box.height * 0.2);
      await page.mouse.down();
      await page.mouse.move(box.x + box.width * 0.48, box.y + box.height * 0.8, { steps: 12 });
      await page.mouse.up();
      await expect.poll(() => page.locator("#verdict-label").textContent(), { timeout: 20_000 }).toBe("1");
      await page.keyboard.press("Escape");
      await page.locator(".verdict-blank").waitFor();
    }, options),
  );
});
