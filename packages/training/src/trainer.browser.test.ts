import { fileURLToPath } from "node:url";
import { registerGradients } from "@featuremap/layers";
import { launchChromium } from "@featuremap/testing/chromium";
import { bundleScript, openScriptPage } from "@featuremap/testing/script-page";
import { setBackend } from "@tensorflow/tfjs-core";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import golden from "./n1.golden.json" with { type: "json" };
import { expectCloseNumbers } from "./testing/close.ts";
import { dilatedGradients } from "./testing/dilated-gradients.ts";
import type { PageTraining } from "./testing/page-script.ts";

declare function trainOnWebgpu(): Promise<PageTraining>;
declare function dilatedGradientsOnWebgpu(): Promise<number[][]>;

/** Sums are taken in another order on a GPU. */
const tolerance = 1e-3;
let browser: Browser;
let script: string;

beforeAll(async () => {
  [browser, script] = await Promise.all([
    launchChromium(),
    bundleScript(fileURLToPath(new URL("./testing/page-script.ts", import.meta.url))),
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

test("dilated convolutions have the same gradients on WebGPU as on the CPU", async () => {
  await import("@tensorflow/tfjs-backend-cpu");
  await setBackend("cpu");
  registerGradients();
  const expected = await dilatedGradients();
  const { page, errors } = await openScriptPage(browser, script, "trainOnWebgpu");
  const actual = await page.evaluate(() => dilatedGradientsOnWebgpu());
  expect(errors).toEqual([]);
  expect(actual).toHaveLength(expected.length);
  for (const [index, values] of expected.entries()) {
    const scale = Math.max(1, ...values.map((value) => Math.abs(value)));
    const far = values.filter((value, at) => !(Math.abs(value - (actual[index]?.[at] ?? Number.NaN)) <= 1e-4 * scale));
    expect(far).toEqual([]);
  }
  await page.close();
});
