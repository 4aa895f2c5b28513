import { fileURLToPath } from "node:url";
import { launchChromium } from "@featuremap/testing/chromium";
import { bundleScript, openScriptPage } from "@featuremap/testing/script-page";
import { webgpuTolerances } from "@featuremap/testing/tolerances";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import golden from "./n1.golden.json" with { type: "json" };
import { expectCloseNumbers } from "../testing/close.ts";
import type { PageTraining } from "../testing/page-script.ts";

declare function trainOnWebgpu(): Promise<PageTraining>;

const tolerance = webgpuTolerances.steps;
let browser: Browser;
let script: string;

beforeAll(async () => {
  [browser, script] = await Promise.all([
    launchChromium(),
    bundleScript(fileURLToPath(new URL("../testing/page-script.ts", import.meta.url)), { sources: true }),
  ]);
});
afterAll(async () => {
  await browser.close();
});

test("a small N1 trains on WebGPU as in Keras and leaves no tensor", async () => {
  const { page, errors } = await openScriptPage(browser, script, "trainOnWebgpu");
  const { history, evaluation, prediction, leaked } = await page.evaluate(() => trainOnWebgpu());

  expect(errors).toEqual([]);
  for (const [name, values] of Object.entries(golden.fit.history)) {
    expectCloseNumbers(history[name] ?? [], values, tolerance);
  }
  expectCloseNumbers([evaluation["loss"] ?? 0], [golden.evaluate.loss], tolerance);
  expectCloseNumbers(prediction, golden.predictionOfFirst, tolerance);
  expect(leaked).toBe(0);
  await page.close();
});
