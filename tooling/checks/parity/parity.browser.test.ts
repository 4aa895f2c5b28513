import { fileURLToPath } from "node:url";
import { launchChromium } from "@featuremap/testing/chromium";
import { type ScriptPage, bundleScript, openScriptPage } from "@featuremap/testing/script-page";
import { webgpuTolerances } from "@featuremap/testing/tolerances";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { differences } from "./check-parity.ts";
import { parityCases } from "./fixtures.ts";
import type { ParityResult } from "./parity-case.ts";

declare function openWebgpu(): Promise<string>;
declare function runParityCase(text: string): Promise<string>;

let browser: Browser;
let opened: ScriptPage;

beforeAll(async () => {
  browser = await launchChromium();
  const script = await bundleScript(fileURLToPath(new URL("./parity.page.ts", import.meta.url)), { sources: true });
  opened = await openScriptPage(browser, script, "runParityCase");
});
afterAll(() => browser.close());

test("the page has WebGPU", async () => {
  expect(await opened.page.evaluate(() => openWebgpu())).toContain("WebGPU");
});

describe("WebGPU in a page gives Keras's numbers", () => {
  let compared = 0;

  test.each(parityCases.map((entry) => [entry.fixture, entry.name, entry] as const))(
    "%s: %s",
    async (_fixture, _case, entry) => {
      const result = await opened.page.evaluate((text) => runParityCase(text), JSON.stringify(entry));
      expect(differences(JSON.parse(result) as ParityResult, webgpuTolerances)).toEqual([]);
      compared++;
    },
  );

  test("in at least 600 cases", () => {
    expect(compared).toBeGreaterThanOrEqual(600);
  });

  test("without an error", () => {
    expect(opened.errors).toEqual([]);
  });
});
