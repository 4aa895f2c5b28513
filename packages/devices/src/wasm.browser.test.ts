import { launchChromium } from "@featuremap/testing/chromium";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { PageConvolution } from "./testing/convolution-page.ts";
import { type TestPage, servePage } from "./testing/page.ts";

declare function convolveInPage(threads: number): Promise<PageConvolution>;

describe.for([
  [true, 2],
  [false, 1],
] as const)("the wasm engine in Chromium, cross-origin isolated: %s", ([isolated, threads]) => {
  let browser: Browser;
  let served: TestPage;

  beforeAll(async () => {
    [browser, served] = await Promise.all([
      launchChromium(),
      servePage(new URL("./testing/convolution-page.ts", import.meta.url), isolated),
    ]);
  });
  afterAll(async () => {
    await browser.close();
    await served.close();
  });

  test(`asked for 2 threads it has ${threads}, and convolves forward and backward`, async () => {
    const page = await browser.newPage();
    const errors: string[] = [];
    page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
    page.on("pageerror", (error) => errors.push(error.message));
    await page.goto(served.address);
    await page.waitForFunction("typeof convolveInPage === 'function'");
    for (let run = 0; run < 2; run++) {
      const result = await page.evaluate(() => convolveInPage(2));
      expect(result).toMatchObject({ threads, sharedMemory: isolated });
      // The sum of every fourth of the numbers 0 to 71, from 0, 1, 2 or 3.
      const sums = [612, 630, 648, 666];
      expect(result.output.length).toBe(8 * 30 * 30 * 4);
      expect(result.output.every((value, index) => value === sums[index % 4])).toBe(true);
      expect(result.filterGradient).toEqual(Array(3 * 3 * 2 * 4).fill(8 * 30 * 30));
    }
    expect(errors.filter((text) => !text.includes("favicon") && !text.includes("404"))).toEqual([]);
    await page.close();
  });
});
