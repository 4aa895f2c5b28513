import { fileURLToPath } from "node:url";
import { launchChromium } from "@featuremap/testing/chromium";
import { type ScriptPage, bundleScript, openScriptPage } from "@featuremap/testing/script-page";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

declare function checkOnGpu(kernel: string, cases: number): Promise<string[]>;

describe("kernels that replace TensorFlow.js's", () => {
  let browser: Browser;
  let opened: ScriptPage;

  beforeAll(async () => {
    browser = await launchChromium();
    const script = fileURLToPath(new URL("../testing/check-page.ts", import.meta.url));
    opened = await openScriptPage(browser, await bundleScript(script, { sources: true }), "checkOnGpu");
  });
  afterAll(() => browser.close());

  test.for(["Cast", "MaxPoolGrad"])("%s gives what is expected for 100 random calls", async (kernel) => {
    expect(await opened.page.evaluate((name) => checkOnGpu(name, 100), kernel)).toEqual([]);
    expect(opened.errors).toEqual([]);
  });
});
