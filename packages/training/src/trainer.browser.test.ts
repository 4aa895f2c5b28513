import { fileURLToPath } from "node:url";
import { registerGradients } from "@featuremap/layers";
import { launchChromium } from "@featuremap/testing/chromium";
import { setBackend } from "@tensorflow/tfjs-core";
import type { Browser, Page } from "playwright-core";
import { build } from "vite";
import { afterAll, beforeAll, expect, test } from "vitest";
import golden from "./n1.golden.json" with { type: "json" };
import { expectCloseNumbers } from "./testing/close.ts";
import { dilatedGradients } from "./testing/dilated-gradients.ts";
import type { PageTraining } from "./testing/page-script.ts";

declare function trainOnWebgpu(): Promise<PageTraining>;
declare function dilatedGradientsOnWebgpu(): Promise<number[][]>;

/** The page, whose address needs no server: WebGPU wants a secure context, and localhost is one. */
const address = "http://localhost/";
/** Sums are taken in another order on a GPU. */
const tolerance = 1e-3;
let browser: Browser;
let script: string;

beforeAll(async () => {
  [browser, script] = await Promise.all([
    launchChromium(),
    bundle(fileURLToPath(new URL("./testing/page-script.ts", import.meta.url))),
  ]);
});
afterAll(async () => {
  await browser.close();
});

async function bundle(entry: string): Promise<string> {
  const result = await build({
    configFile: false,
    logLevel: "silent",
    build: {
      write: false,
      target: "es2022",
      minify: false,
      rolldownOptions: { input: entry, output: { codeSplitting: false } },
    },
  });
  const outputs = (Array.isArray(result) ? result : [result]).flatMap((part) => ("output" in part ? part.output : []));
  return outputs.map((file) => (file.type === "chunk" ? file.code : "")).join("\n");
}

/** A page that has run the script, and the errors it reports from then on. */
async function openPage(): Promise<{ readonly page: Page; readonly errors: readonly string[] }> {
  const page = await browser.newPage();
  const errors: string[] = [];
  page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
  page.on("pageerror", (error) => errors.push(error.message));
  await page.route(`${address}**`, (route) => {
    const isScript = route.request().url().endsWith(".js");
    return isScript
      ? route.fulfill({ contentType: "text/javascript", body: script })
      : route.fulfill({
          contentType: "text/html",
          body: '<!doctype html><script type="module" src="/main.js"></script>',
        });
  });
  await page.goto(address);
  await page.waitForFunction("typeof trainOnWebgpu === 'function'");
  return { page, errors };
}

test("a small N1 trains on WebGPU as in Keras and leaves no tensor", async () => {
  const { page, errors } = await openPage();
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
  const { page, errors } = await openPage();
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
