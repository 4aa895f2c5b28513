import { launchChromium } from "@featuremap/testing/chromium";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, inject } from "vitest";
import { type InstalledExample, installExample } from "./installed-example.ts";

/** An example that is installed while the tests of a file run. */
export function useExample(name: string): () => InstalledExample {
  let example: InstalledExample | undefined;
  beforeAll(async () => {
    example = await installExample(name, inject("registry"));
  });
  afterAll(() => example?.remove());
  return () => {
    if (example === undefined) throw new Error(`${name} is not installed.`);
    return example;
  };
}

/** A browser that is open while the tests of a file run. @param switches of Chromium, asked for when it starts */
export function useChromium(switches: () => readonly string[] = () => []): () => Browser {
  let browser: Browser | undefined;
  beforeAll(async () => {
    browser = await launchChromium(switches());
  });
  afterAll(() => browser?.close());
  return () => {
    if (browser === undefined) throw new Error("There is no browser.");
    return browser;
  };
}
