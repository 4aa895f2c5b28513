import { fileURLToPath } from "node:url";
import { launchChromium } from "@featuremap/testing/chromium";
import { type ScriptPage, bundleScript, openScriptPage } from "@featuremap/testing/script-page";
import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { PageFault } from "./webgpu-faults.page.ts";

declare function useLargeBatch(use: "predict" | "Trainer.predict" | "fit"): Promise<PageFault>;
declare function useDestroyedBuffer(): Promise<readonly PageFault[]>;
declare function loseDevice(): Promise<PageFault>;
declare function trainNan(activation: "relu6" | "sigmoid"): Promise<string>;

describe("what WebGPU refuses is an error, and never zeros", () => {
  let browser: Browser;
  let script: string;
  let opened: ScriptPage;

  beforeAll(async () => {
    browser = await launchChromium();
    script = await bundleScript(fileURLToPath(new URL("./webgpu-faults.page.ts", import.meta.url)), { sources: true });
  });
  beforeEach(async () => {
    opened = await openScriptPage(browser, script, "useLargeBatch");
  });
  afterEach(async () => {
    expect(opened.errors).toEqual([]);
    await opened.page.close();
  });
  afterAll(() => browser.close());

  test.for(["predict", "Trainer.predict", "fit"] as const)(
    "%s with a batch past the device's limits is out of memory before anything is sent, and a smaller one works",
    async (use) => {
      const { outcome, bytesWanted, afterwards, leaked } = await opened.page.evaluate(
        (name) => useLargeBatch(name),
        use,
      );
      const who = { predict: "", "Trainer.predict": "Trainer.predict: ", fit: "Trainer.fit: " }[use];
      expect(outcome).toMatch(new RegExp(`^OUT_OF_MEMORY: ${who}.*a tensor of 1207959552 bytes .*smaller batch`));
      expect(bytesWanted).toBe(64 * 256 * 256 * 72 * 4);
      expect(afterwards).toHaveLength(use === "fit" ? 1 : 6);
      expect(afterwards.every((value) => Number.isFinite(value) && value > 0)).toBe(true);
      expect(new Set(afterwards.slice(0, 3)).size).toBe(use === "fit" ? 1 : 3);
      expect(leaked).toBe(0);
    },
  );

  test("work with a buffer that is gone: the error of all that went down with it, and of what is computed from that", async () => {
    const results = await opened.page.evaluate(() => useDestroyedBuffer());
    expect(results).toHaveLength(4);
    for (const { outcome, afterwards, leaked } of results) {
      expect(outcome).toMatch(/^DEVICE_FAILURE: WebGPU: the GPU refused a computation/);
      expect(afterwards).toEqual([3]);
      expect(leaked).toBe(0);
    }
  });

  test("a device that is closed while a result is read", async () => {
    const { outcome, afterwards } = await opened.page.evaluate(() => loseDevice());
    expect(outcome).toMatch(/^DEVICE_LOST: /);
    expect(afterwards).toEqual([2]);
  });

  test.for(["relu6", "sigmoid"] as const)("NaN in a kernel under %s ends training", async (activation) => {
    expect(await opened.page.evaluate((name) => trainNan(name), activation)).toMatch(
      /^NON_FINITE: The loss became NaN/,
    );
  });
});
