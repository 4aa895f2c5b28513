import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { openDevice } from "@featuremap/devices";
import { launchChromium } from "@featuremap/testing/chromium";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { reportOfDiscs } from "../testing/report-of-discs.ts";
import { writeReport } from "./write-report.ts";

const names = ["red disc", "blue disc", "green disc"];
let browser: Browser;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "featuremap-report-"));
  const device = await openDevice("wasm", { threads: 1 });
  const many = Array.from({ length: 60 }, (_, index) => `kind ${index}`);
  await writeReport(join(folder, "few"), await reportOfDiscs(names));
  await writeReport(join(folder, "many"), await reportOfDiscs(many, { trained: 60, tested: 120 }));
  await writeReport(join(folder, "several"), await reportOfDiscs(many.slice(0, 14), { trained: 28, tested: 28 }));
  await device.dispose();
  browser = await launchChromium();
});
afterAll(async () => {
  await browser.close();
  await rm(folder, { recursive: true });
});

interface Opened {
  readonly page: Page;
  /** Addresses that were asked for, those of data within the page left out, and what went wrong. */
  readonly asked: readonly string[];
  readonly errors: readonly string[];
}

async function openReport(name: string, options: Parameters<Browser["newPage"]>[0]): Promise<Opened> {
  const page = await browser.newPage({ ...options, offline: true });
  const asked: string[] = [];
  const errors: string[] = [];
  page.on("request", (request) => request.url().startsWith("data:") || asked.push(request.url()));
  page.on("console", (message) => errors.push(message.text()));
  page.on("pageerror", (error) => errors.push(error.message));
  await page.goto(pathToFileURL(join(folder, name, "report.html")).href);
  return { page, asked, errors };
}

/** Words that stand out from what is behind them by less than 4.5:1, as WCAG 2.2 reckons; those of drawings have their own tests. */
function faintWords(): readonly string[] {
  const colorOf = (text: string): readonly number[] => (text.match(/[\d.]+/g) ?? []).map(Number);
  const luminance = (color: readonly number[]): number => {
    const [red = 0, green = 0, blue = 0] = color.map((value) =>
      value <= 10 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4,
    );
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const groundOf = (element: Element | null): readonly number[] => {
    if (element === null) return [255, 255, 255];
    const color = colorOf(getComputedStyle(element).backgroundColor);
    return color[3] === 0 ? groundOf(element.parentElement) : color;
  };
  const holders = [...document.querySelectorAll("body *:not(svg *, script)")].filter((element) =>
    [...element.childNodes].some(({ nodeType, textContent }) => nodeType === 3 && textContent?.trim() !== ""),
  );
  if (holders.length < 100) return ["There are hardly any words."];
  return holders.flatMap((element) => {
    const [low = 0, high = 0] = [colorOf(getComputedStyle(element).color), groundOf(element)]
      .map(luminance)
      .toSorted((a, b) => a - b);
    return (high + 0.05) / (low + 0.05) < 4.5 ? [element.textContent ?? ""] : [];
  });
}

const desk = { width: 1280, height: 900 };
const phone = { width: 360, height: 740 };

describe.for([
  ["desk", desk, "light", "rgb(255, 255, 255)"],
  ["phone", phone, "dark", "rgb(20, 24, 29)"],
] as const)("on a %s", ([, viewport, colorScheme, ground]) => {
  test("a cell opens its pictures, by pointer and by keys, and nothing is asked of any host", async () => {
    const { page, asked, errors } = await openReport("few", { viewport, colorScheme });
    expect(await page.evaluate("getComputedStyle(document.body).backgroundColor")).toBe(ground);
    expect(await page.evaluate("document.documentElement.scrollWidth <= innerWidth")).toBe(true);
    const cells = page.locator(".matrix [role=button]:visible");
    const label = await cells.first().getAttribute("aria-label");
    const [, title = "", count = ""] = /^(.*): show (\d+) pictures?$/.exec(label ?? "") ?? [];
    await cells.first().click();
    const dialog = page.getByRole("dialog");
    await expect.poll(() => dialog.getByRole("heading").first().textContent()).toBe(title);
    const pictures = dialog.locator("img");
    expect(await pictures.count()).toBe(Math.min(Number(count), 24));
    const shown = await pictures.evaluateAll((images: HTMLImageElement[]) =>
      Promise.all(images.map((image) => image.decode().then(() => image.alt))),
    );
    for (const alt of shown) expect(alt).toContain(title);
    await page.keyboard.press("Escape");
    expect(await dialog.isVisible()).toBe(false);
    await cells.first().focus();
    await page.keyboard.press("Enter");
    expect(await dialog.isVisible()).toBe(true);
    await dialog.getByRole("button", { name: "Close" }).click();
    expect(await dialog.isVisible()).toBe(false);
    expect(asked).toEqual([page.url()]);
    expect(errors).toEqual([]);
    await page.close();
  });
});

describe.for(["light", "dark"] as const)("in %s", (colorScheme) => {
  test("all words stand out from their ground by 4.5:1", async () => {
    const { page } = await openReport("few", { viewport: desk, colorScheme });
    expect(await page.evaluate(faintWords)).toEqual([]);
    await page.close();
  });
});

test("printed, it is dark on white whatever the screen is", async () => {
  const { page } = await openReport("few", { viewport: desk, colorScheme: "dark" });
  await page.emulateMedia({ media: "print", colorScheme: "dark" });
  expect(
    await page.evaluate(() => {
      const ground = document.querySelector(".wide .fm-ground");
      return [getComputedStyle(document.body).color, ground === null ? "" : getComputedStyle(ground).fill];
    }),
  ).toEqual(["rgb(31, 41, 51)", "rgb(255, 255, 255)"]);
  await page.close();
});

test("a matrix is one stop of the Tab key, in which arrows go from cell to cell", async () => {
  const { page } = await openReport("few", { viewport: desk });
  const stops = page.locator(".matrix svg:visible [tabindex='0']");
  expect(await stops.count()).toBe(1);
  await stops.focus();
  const placeOf = (): Promise<readonly number[]> =>
    page.evaluate(() => {
      const { dataset } = document.activeElement as SVGElement;
      return [Number(dataset["row"]), Number(dataset["column"])];
    });
  const places = await page
    .locator(".matrix svg:visible [role=button]")
    .evaluateAll((cells) =>
      (cells as unknown as SVGElement[]).map(({ dataset }) => [Number(dataset["row"]), Number(dataset["column"])]),
    );
  const [[row = 0, column = 0] = []] = places;
  expect(await placeOf()).toEqual([row, column]);
  const below = places.find(([otherRow = 0, otherColumn]) => otherRow > row && otherColumn === column);
  await page.keyboard.press("ArrowDown");
  expect(await placeOf()).toEqual(below ?? [row, column]);
  await page.keyboard.press("ArrowUp");
  expect(await placeOf()).toEqual([row, column]);
  await page.keyboard.press("Enter");
  await page.keyboard.press("Escape");
  expect(await placeOf()).toEqual([row, column]);
  expect(await stops.count()).toBe(1);
  await page.close();
});

test("cells on a phone are as large as a finger needs, and scroll where they do not fit", async () => {
  const { page } = await openReport("several", { viewport: phone });
  const box = await page.locator(".matrix svg:visible [data-row] rect").first().boundingBox();
  expect(Math.min(box?.width ?? 0, box?.height ?? 0)).toBeGreaterThanOrEqual(24);
  const frame = page.locator(".matrix .narrow");
  expect(await frame.evaluate((each) => each.scrollWidth > each.clientWidth)).toBe(true);
  expect(await page.evaluate("document.documentElement.scrollWidth <= innerWidth")).toBe(true);
  await page.close();
});

test("every picture of the page can be decoded", async () => {
  const { page } = await openReport("few", { viewport: desk });
  const broken = await page.evaluate(async () => {
    const states = await Promise.allSettled([...document.images].map((image) => image.decode()));
    return states.filter(({ status }) => status === "rejected").length;
  });
  expect(broken).toBe(0);
  await page.close();
});

test("of many classes one is chosen to see its pictures", async () => {
  const { page, asked, errors } = await openReport("many", { viewport: phone });
  await page.getByLabel("Pictures of the class").selectOption("kind 7");
  await page.getByRole("button", { name: "Show pictures" }).click();
  const dialog = page.getByRole("dialog");
  expect(await dialog.getByRole("heading").first().textContent()).toContain("kind 7");
  expect(await dialog.locator("img").count()).toBe(2);
  expect(await page.evaluate("document.documentElement.scrollWidth <= innerWidth")).toBe(true);
  expect([asked, errors]).toEqual([[page.url()], []]);
  await page.close();
});

test("without scripts everything but the cells is there", async () => {
  const page = await browser.newPage({ javaScriptEnabled: false });
  await page.goto(pathToFileURL(join(folder, "few", "report.html")).href);
  expect(await page.getByRole("heading", { level: 2 }).count()).toBe(12);
  expect(await page.locator("main img").count()).toBeGreaterThan(40);
  await page.close();
});
