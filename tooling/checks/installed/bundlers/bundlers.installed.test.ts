import { launchChromium } from "@featuremap/testing/chromium";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { askPage } from "./ask-page.ts";
import { barePage, strictPolicy, vite } from "./bundlers.ts";
import { type Sample, createSample } from "./sample.ts";

let browser: Browser;
let sample: Sample;

beforeAll(async () => {
  browser = await launchChromium();
  sample = await createSample();
});
afterAll(async () => {
  await sample.remove();
  await browser.close();
});

// `npm run test:long` tries all the others. A page that allows no worker but its own files says that it has refused one.
test.each([
  { bundler: vite("8.3.8", "build"), complaints: [] },
  { bundler: barePage(), complaints: [] },
  {
    bundler: barePage(`${strictPolicy}; worker-src 'self'`),
    complaints: [expect.stringContaining("worker-src 'self'")],
  },
])("$bundler.name: WebAssembly with threads gives the right answer", async ({ bundler, complaints }) => {
  const outcome = await askPage(bundler, { manager: "pnpm", registry: inject("registry"), sample, browser });
  expect(outcome.device).toMatchObject({
    name: "wasm",
    description: expect.stringMatching(/^WebAssembly, \d+ threads, relaxed SIMD$/),
  });
  for (const [index, probability] of sample.probabilities.entries()) {
    expect(outcome.probabilities[index]).toBeCloseTo(probability, 4);
  }
  expect(outcome.complaints).toEqual(complaints);
});
