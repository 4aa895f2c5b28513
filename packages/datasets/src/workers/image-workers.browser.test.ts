import { fileURLToPath } from "node:url";
import { launchChromium } from "@featuremap/testing/chromium";
import { bundleScript, openScriptPage } from "@featuremap/testing/script-page";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type LoadedInWorkers, loadInWorkers } from "../testing/workers-script.ts";

let browser: Awaited<ReturnType<typeof launchChromium>>;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser?.close());

test("a page's workers give the pictures that Node gives, and name a file that is damaged", async () => {
  const entry = fileURLToPath(new URL("../testing/workers-script.ts", import.meta.url));
  const { page, errors } = await openScriptPage(browser, await bundleScript(entry, { sources: true }), "loadInWorkers");
  const found = await page.evaluate<LoadedInWorkers>("loadInWorkers(2)");
  const expected = await loadInWorkers(0);
  expect(found.pictures).toEqual(expected.pictures);
  expect(found.batches).toEqual(expected.batches);
  expect(found.fault).toContain("damaged.bmp");
  expect(found.fault).toBe(expected.fault);
  expect(errors).toEqual([]);
});
