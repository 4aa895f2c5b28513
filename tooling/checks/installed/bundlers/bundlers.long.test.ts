import { launchChromium } from "@featuremap/testing/chromium";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { askPage } from "./ask-page.ts";
import { ranWith } from "../ran.ts";
import { bundlers } from "./bundlers.ts";
import { type Sample, createSample } from "./sample.ts";

let browser: Browser;
let sample: Sample;
const table: string[] = [];

beforeAll(async () => {
  browser = await launchChromium();
  sample = await createSample();
});
afterAll(async () => {
  console.log(table.join("\n"));
  await sample.remove();
  await browser.close();
});

for (const bundler of bundlers) {
  test(`classifies in a page, quietly: ${bundler.name}`, ranWith({ manager: "npm", tool: bundler.name }), async () => {
    const { device, probabilities, milliseconds, complaints } = await askPage(bundler, {
      manager: "npm",
      registry: inject("registry"),
      sample,
      browser,
    });
    table.push(`| ${bundler.name} | ${device.description} | ${milliseconds.toFixed(1)} ms | ${complaints.join(" ")} |`);
    expect(device.name).toBe("wasm");
    expect(device.description).toMatch(/^WebAssembly, \d+ threads, relaxed SIMD$/);
    for (const [index, probability] of sample.probabilities.entries()) {
      expect(probabilities[index]).toBeCloseTo(probability, 4);
    }
    expect(complaints).toEqual([]);
  });
}
