import { join } from "node:path";
import { launchChromium } from "@featuremap/testing/chromium";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { serveSite } from "./testing/serve-site.ts";

/** Where pictures of the pages go, for people to look at; without it, none are made. */
const pictures = process.env["SITE_PICTURES"];

const pages = {
  home: "",
  start: "start/",
  tutorial: "tutorials/lessons",
  guide: "guides/pages",
  table: "reference/keras",
  api: "reference/api/@featuremap/layers/classes/Conv2D",
  errors: "reference/errors",
  architecture: "architecture/",
  performance: "performance",
  demo: "demo",
};

const widths = { wide: 1280, phone: 390 };

describe("the built site in Chromium", () => {
  let browser: Browser;
  let site: Awaited<ReturnType<typeof serveSite>>;

  beforeAll(async () => {
    [browser, site] = await Promise.all([launchChromium(), serveSite()]);
  });
  afterAll(async () => {
    await browser?.close();
    await site?.close();
  });

  /** Opens a page, and fails on what a reader would find in the console. */
  async function withPage(
    path: string,
    { width, colorScheme }: { width: number; colorScheme: "light" | "dark" },
    run: (page: Page) => Promise<void>,
  ): Promise<void> {
    const context = await browser.newContext({ viewport: { width, height: width < 600 ? 844 : 860 }, colorScheme });
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on("pageerror", ({ message }) => complaints.push(message));
    page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
    page.on("response", (response) => response.status() >= 400 && complaints.push(response.url()));
    await page.goto(site.address + path, { waitUntil: "networkidle" });
    await run(page);
    expect(complaints).toEqual([]);
    await context.close();
  }

  const views = Object.entries(pages).flatMap(([name, path]) =>
    Object.entries(widths).flatMap(([size, width]) =>
      (["light", "dark"] as const).map((colorScheme) => ({ name, path, size, width, colorScheme })),
    ),
  );

  test.for(views)("$name is $colorScheme and fits $width pixels", async ({ name, path, size, width, colorScheme }) => {
    await withPage(path, { width, colorScheme }, async (page) => {
      expect(await page.locator("h1").first().textContent()).not.toBe("404");
      expect(await page.evaluate("document.documentElement.classList.contains('dark')")).toBe(colorScheme === "dark");
      expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(width);
      if (pictures !== undefined) await page.screenshot({ path: join(pictures, `${name}-${size}-${colorScheme}.png`) });
    });
  });

  test("the search finds a guide by a word of its text", async () => {
    await withPage("", { width: 1280, colorScheme: "light" }, async (page) => {
      await page.keyboard.press("Control+k");
      await page.locator("#localsearch-input").fill("cross-origin isolated");
      const first = page.locator(".VPLocalSearchBox .result").first();
      await first.waitFor();
      expect(await first.getAttribute("href")).toContain("guides/pages");
    });
  });

  test("only the demo loads the classifier, and only when someone draws; then it reads the digit", async () => {
    await withPage("demo", { width: 1280, colorScheme: "light" }, async (page) => {
      const loaded: string[] = [];
      page.on("request", (request) => loaded.push(request.url()));
      const board = await page.locator(".demo canvas").boundingBox();
      if (board === null) throw new Error("There is no board to draw on.");
      expect(loaded.filter((url) => url.includes("demo-model"))).toEqual([]);
      const points = [
        [0.3, 0.25],
        [0.7, 0.25],
        [0.45, 0.8],
      ] as const;
      for (const [index, [x, y]] of points.entries()) {
        await page.mouse.move(board.x + x * board.width, board.y + y * board.height, { steps: 8 });
        if (index === 0) await page.mouse.down();
      }
      await page.mouse.up();
      await page.getByText("It reads a 7").waitFor({ timeout: 60_000 });
      expect(loaded.some((url) => url.endsWith("demo-model/model.json"))).toBe(true);
      expect(await page.locator(".demo-device").textContent()).toMatch(/Computed by .*(WebGPU|WebAssembly|wasm)/i);
      if (pictures !== undefined) await page.screenshot({ path: join(pictures, "demo-drawn.png") });
    });
  });
});
