import { launchChromium } from "@featuremap/testing/chromium";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { DeviceRequest } from "./device.ts";
import { type TestPage, servePage } from "./testing/page.ts";
import type { PageResult } from "./testing/page-script.ts";

declare function multiplyOn(request: DeviceRequest): Promise<PageResult>;

describe("openDevice in Chromium", () => {
  let browser: Browser;
  let served: TestPage;

  beforeAll(async () => {
    [browser, served] = await Promise.all([
      launchChromium(),
      servePage(new URL("./testing/page-script.ts", import.meta.url)),
    ]);
  });
  afterAll(async () => {
    await browser.close();
    await served.close();
  });

  async function openPage(withoutWebgpu = false): Promise<Page> {
    const page = await browser.newPage();
    if (withoutWebgpu) {
      await page.addInitScript(() => Object.defineProperty(navigator, "gpu", { value: undefined }));
    }
    await page.goto(served.address);
    await page.waitForFunction("typeof multiplyOn === 'function'");
    return page;
  }

  const run = (page: Page, request: DeviceRequest): Promise<PageResult> =>
    page.evaluate((wanted) => multiplyOn(wanted), request);

  test("auto takes WebGPU and computes on it", async () => {
    const page = await openPage();
    const result = await run(page, "auto");
    expect(result).toMatchObject({ name: "webgpu", backend: "webgpu", reason: { kind: "fastest" } });
    expect(result.description).toMatch(/^WebGPU on ./);
    expect(result.product).toEqual([7, 10, 15, 22]);
    await page.close();
  });

  test("WebGPU opens again after it was disposed", async () => {
    const page = await openPage();
    await run(page, "webgpu");
    expect(await run(page, "webgpu")).toMatchObject({ product: [7, 10, 15, 22] });
    await page.close();
  });

  test("auto falls back to wasm without WebGPU, and says why", async () => {
    const page = await openPage(true);
    const result = await run(page, "auto");
    expect(result).toMatchObject({ name: "wasm", product: [7, 10, 15, 22] });
    expect(result.reason).toEqual({ kind: "fallback", text: expect.stringContaining("navigator.gpu is absent") });
    await page.close();
  });

  test.for(["wasm", "cpu"] as const)("%s computes when it is asked for", async (request) => {
    const page = await openPage();
    expect(await run(page, request)).toMatchObject({ name: request, product: [7, 10, 15, 22] });
    await page.close();
  });
});
