import { fileURLToPath } from "node:url";
import { launchChromium } from "@featuremap/testing/chromium";
import { type ScriptPage, bundleScript, openScriptPage } from "@featuremap/testing/script-page";
import { webgpuTolerances } from "@featuremap/testing/tolerances";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type NetworkNumbers, differences, networks } from "./networks.ts";

declare function trainNetwork(name: string): Promise<NetworkNumbers & { readonly leaked: number }>;

describe("WebGPU trains as Keras does", () => {
  let browser: Browser;
  let opened: ScriptPage;

  beforeAll(async () => {
    browser = await launchChromium();
    const script = await bundleScript(fileURLToPath(new URL("./networks.page.ts", import.meta.url)));
    opened = await openScriptPage(browser, script, "trainNetwork");
  });
  afterAll(() => browser.close());

  test.each(networks)("$name", async ({ name, expected }) => {
    const { leaked, ...actual } = await opened.page.evaluate((given) => trainNetwork(given), name);
    expect(differences(actual, expected, webgpuTolerances.steps)).toEqual([]);
    expect(leaked).toBe(0);
    expect(opened.errors).toEqual([]);
  });
});
