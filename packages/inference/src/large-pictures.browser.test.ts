import { fileURLToPath } from "node:url";
import { launchChromium } from "@featuremap/testing/chromium";
import { type ScriptPage, bundleScript, openScriptPage } from "@featuremap/testing/script-page";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { PageLarge } from "./testing/large-page.ts";

declare function classifyLarge(): Promise<PageLarge>;
declare function classifyNan(activation: "relu6" | "sigmoid"): Promise<string>;

let browser: Browser;
let opened: ScriptPage;

beforeAll(async () => {
  browser = await launchChromium();
  const script = await bundleScript(fileURLToPath(new URL("./testing/large-page.ts", import.meta.url)), {
    sources: true,
  });
  opened = await openScriptPage(browser, script, "classifyLarge");
});
afterAll(() => browser.close());

test("pictures too large for the GPU together are answered as one by one", async () => {
  const { together, singly } = await opened.page.evaluate(() => classifyLarge());
  expect(together).toEqual(singly.map((row) => row.map((value) => expect.closeTo(value, 5) as number)));
  expect(new Set(together.map(([first = 0]) => first.toFixed(3))).size).toBeGreaterThan(2);
  expect(opened.errors).toEqual([]);
});

test.for(["relu6", "sigmoid"] as const)("NaN in a kernel under %s is an error, and no probabilities", async (name) => {
  expect(await opened.page.evaluate((activation) => classifyNan(activation), name)).toBe("NON_FINITE");
});
