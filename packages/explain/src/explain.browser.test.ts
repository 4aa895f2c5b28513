import { fileURLToPath } from "node:url";
import { launchChromium } from "@featuremap/testing/chromium";
import { bundleScript, openScriptPage } from "@featuremap/testing/script-page";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { PageExplanations } from "./testing/page-script.ts";

declare function explainOnWebgpu(): Promise<PageExplanations>;

let browser: Browser;
let script: string;

beforeAll(async () => {
  [browser, script] = await Promise.all([
    launchChromium(),
    bundleScript(fileURLToPath(new URL("./testing/page-script.ts", import.meta.url)), { sources: true }),
  ]);
});
afterAll(async () => {
  await browser.close();
});

test("models are seen on WebGPU as in Keras, and leave no tensor", async () => {
  const { page, errors } = await openScriptPage(browser, script, "explainOnWebgpu");
  const { differences, compared, leaked } = await page.evaluate(() => explainOnWebgpu());

  expect(errors).toEqual([]);
  expect(differences).toEqual([]);
  expect(compared).toBeGreaterThan(5000);
  expect(leaked).toBe(0);
  await page.close();
});
