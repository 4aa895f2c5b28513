import { fileURLToPath } from "node:url";
import { launchChromium } from "@featuremap/testing/chromium";
import { type ScriptPage, bundleScript, openScriptPage } from "@featuremap/testing/script-page";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { GoldenArray } from "../../packages/layers/src/testing/golden.ts";
import type { GoldenCall } from "../../packages/layers/src/testing/keras-numbers.ts";
import type { PageNumbers } from "./keras-layers.page.ts";
import { layerFixtures } from "./layer-fixtures.ts";

declare function kerasNumbers(cases: readonly GoldenCall[]): Promise<PageNumbers[]>;
declare function tensorCount(): number;

/** The allowed difference from Keras, as in `keras-layers.test.ts`: a GPU's exponentials have fewer digits. */
const tolerance = 1e-4;

/** Cases whose gradient is another of those that are right: TensorFlow.js gives that of a tie to another element. */
const ties = "equal elements";

let browser: Browser;
let opened: ScriptPage;

beforeAll(async () => {
  browser = await launchChromium();
  const script = await bundleScript(fileURLToPath(new URL("./keras-layers.page.ts", import.meta.url)));
  opened = await openScriptPage(browser, script, "kerasNumbers");
});
afterAll(() => browser.close());

function expectedOf(golden: GoldenCall): readonly GoldenArray[] {
  const { output, weightsAfter = [], inputGradients, weightGradients = [] } = golden;
  return [output, ...weightsAfter, ...inputGradients, ...weightGradients];
}

function isClose(actual: GoldenArray | undefined, { shape, values }: GoldenArray): boolean {
  if (actual === undefined || actual.shape.join() !== shape.join()) return false;
  const magnitude = values.reduce((sum, value) => sum + Math.abs(value), 0) / values.length;
  return values.every((value, index) => {
    const difference = Math.abs((actual.values[index] ?? Number.NaN) - value);
    return difference <= tolerance * Math.max(Math.abs(value), magnitude);
  });
}

describe("WebGPU gives Keras's numbers", () => {
  test.each(layerFixtures)("%s", async (_file, all) => {
    const { page } = opened;
    const cases = all.filter(({ name }) => name !== ties);
    const numbers = await page.evaluate((given) => kerasNumbers(given), cases);
    const wrong = cases.flatMap((golden, index) => {
      const actual = numbers[index] ?? "nothing";
      if (typeof actual === "string") return [`${golden.name}: ${actual}`];
      const far = expectedOf(golden).flatMap((wanted, at) => (isClose(actual[at], wanted) ? [] : [at]));
      return far.length === 0 ? [] : [`${golden.name}: arrays ${far.join(", ")}`];
    });
    expect(wrong).toEqual([]);
  });

  test("and keeps no tensor", async () => {
    expect(await opened.page.evaluate(() => tensorCount())).toBe(0);
  });
});
