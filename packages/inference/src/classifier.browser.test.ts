import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { launchChromium } from "@featuremap/testing/chromium";
import type { Browser, Page } from "playwright-core";
import { type PreviewServer, build, preview } from "vite";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { DeviceChoice } from "./load-options.ts";
import type { PageResult } from "./testing/page-script.ts";

declare function classifyOn(device: DeviceChoice): Promise<PageResult>;

describe("a classifier in Chromium", () => {
  let browser: Browser;
  let server: PreviewServer;
  let folder = "";
  const results = new Map<string, PageResult>();

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "featuremap-inference-"));
    const root = fileURLToPath(new URL("./testing", import.meta.url));
    const outDir = join(folder, "dist");
    const isolation = { "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Embedder-Policy": "require-corp" };
    const shared = { configFile: false, logLevel: "error", root, worker: { format: "es" } } as const;
    await build({ ...shared, build: { outDir, target: "es2022", minify: false } });
    server = await preview({ ...shared, build: { outDir }, preview: { port: 0, headers: isolation } });
    browser = await launchChromium();
  });

  afterAll(async () => {
    await browser.close();
    await server.close();
    await rm(folder, { recursive: true });
  });

  async function classify(device: DeviceChoice, prepare?: (page: Page) => Promise<unknown>): Promise<PageResult> {
    const page = await browser.newPage();
    const complaints: string[] = [];
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("console", (message) => complaints.push(message.text()));
    await prepare?.(page);
    await page.goto(server.resolvedUrls?.local[0] ?? "");
    await page.waitForFunction("typeof classifyOn === 'function'");
    const result = await page.evaluate((choice) => classifyOn(choice), device);
    await page.close();
    expect(complaints).toEqual([]);
    return result;
  }

  test.for(["webgpu", "wasm", "cpu"] as const)(
    "gives every form of a picture the same answer on %s",
    async (device) => {
      const result = await classify(device);
      results.set(device, result);
      expect(result.device).toBe(device);
      const [first = [], ...others] = Object.values(result.probabilities);
      expect(first.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 6);
      expect(others).toHaveLength(6);
      for (const other of others) expect(other).toEqual(first);
    },
  );

  test("gives the same answer on every device", () => {
    const [reference = []] = Object.values(results.get("cpu")?.probabilities ?? {});
    for (const device of ["webgpu", "wasm"]) {
      const found = results.get(device)?.probabilities["pixels"];
      expect(found).toEqual(reference.map((value) => expect.closeTo(value, 5)));
    }
  });

  test("compiles every shader beside the page's own work", () => {
    expect(results.get("webgpu")?.pipelines.blocking).toBe(0);
    expect(results.get("webgpu")?.pipelines.background).toBeGreaterThan(2);
  });

  test("falls back to wasm without WebGPU, and checks the bundle without Web Crypto", async () => {
    const result = await classify("auto", (page) =>
      page.addInitScript(() => {
        Object.defineProperty(navigator, "gpu", { value: undefined });
        Object.defineProperty(crypto, "subtle", { value: undefined });
      }),
    );
    const reason = { kind: "fallback", text: expect.stringContaining("navigator.gpu is absent") };
    expect(result).toMatchObject({ device: "wasm", reason });
    expect(result.probabilities["image"]).toEqual(results.get("wasm")?.probabilities["image"]);
  });
});
