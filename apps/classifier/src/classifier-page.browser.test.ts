import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { launchChromium } from "@featuremap/testing/chromium";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ServedPage, servePage } from "./testing/serve-page.ts";
import { TALL, WIDE, saveTallOrWide } from "./testing/tall-or-wide.ts";

/** Addresses that people mistype and links that mean harm. */
const oddAddresses: readonly string[] = [
  ..."// http:// https:// http: : :// http:/// ? # % %zz a%/model.json a%ff %00 / . .. ../../.. \\\\ \u202e".split(" "),
  ..."http://[::1 http://127.0.0.1:1/ http://127.0.0.1:99999/ //127.0.0.1:1/model.json model.json?".split(" "),
  ..."javascript:alert(1) data:application/json,{} blob:x file:///etc/passwd about:blank mailto:a@b".split(" "),
  "http://a b/",
  "model/model.json?token=%",
  "a".repeat(3000),
];

/** Compiling and warming up a network takes its time on a busy machine. */
const patient = { timeout: 20_000 };

describe("the page in Chromium", () => {
  let browser: Browser;
  let folder: string;
  let served: ServedPage;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "featuremap-page-"));
    const good = join(folder, "good");
    const altered = join(folder, "altered");
    await saveTallOrWide(good);
    await saveTallOrWide(altered);
    const stored = join(folder, "stored");
    await saveTallOrWide(stored, { orientation: "stored" });
    const weights = await readFile(join(altered, "weights.safetensors"));
    weights[weights.length - 1] = (weights.at(-1) ?? 0) ^ 1;
    await writeFile(join(altered, "weights.safetensors"), weights);
    const strange = join(folder, "strange");
    await saveTallOrWide(strange, {
      labels: ["\u001b[31mred\u202e", "x".repeat(5000)],
      metrics: { val_accuracy: 1e300 },
    });
    [browser, served] = await Promise.all([
      launchChromium(),
      servePage({ model: good, other: good, altered, strange, stored }),
    ]);
  });
  afterAll(async () => {
    await browser?.close();
    await served?.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** Opens the page and fails the test on errors that the page does not handle. */
  async function withPage(
    run: (page: Page) => Promise<void>,
    { query = "?device=wasm", ...options }: BrowserContextOptions & { query?: string } = {},
  ): Promise<void> {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
    try {
      const page = await context.newPage();
      const errors: string[] = [];
      page.on("pageerror", (error) => errors.push(error.message));
      await page.goto(served.address + query);
      await run(page);
      expect(errors).toEqual([]);
    } finally {
      await context.close();
    }
  }

  const ready = (page: Page): Promise<unknown> => page.waitForFunction("globalThis.featuremapClassifier !== undefined");
  const textOf = (page: Page, id: string): Promise<string | null> => page.locator(`#${id}`).textContent();
  const verdict = (page: Page) => (): Promise<string | null> => textOf(page, "verdict-label");
  const notice = (page: Page) => (): Promise<string | null> => textOf(page, "notice");

  async function drawLine(page: Page, from: readonly [number, number], to: readonly [number, number]): Promise<void> {
    const box = await page.locator("#board").boundingBox();
    if (box === null) throw new Error("The board is not on the page.");
    await page.mouse.move(box.x + from[0] * box.width, box.y + from[1] * box.height);
    await page.mouse.down();
    await page.mouse.move(box.x + to[0] * box.width, box.y + to[1] * box.height, { steps: 10 });
    await page.mouse.up();
  }

  interface Dropped {
    readonly name: string;
    readonly type: string;
    readonly base64: string;
  }

  async function drop(page: Page, files: readonly Dropped[]): Promise<void> {
    const transfer = await page.evaluateHandle((dropped) => {
      const made = new DataTransfer();
      for (const { name, type, base64 } of dropped) {
        const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
        made.items.add(new File([bytes], name, { type }));
      }
      return made;
    }, files);
    await page.dispatchEvent("body", "drop", { dataTransfer: transfer });
  }

  async function bundleFiles(name: string): Promise<Dropped[]> {
    const read = async (file: string): Promise<Dropped> => ({
      name: file,
      type: "",
      base64: (await readFile(join(folder, name, file))).toString("base64"),
    });
    return [await read("model.json"), await read("weights.safetensors")];
  }

  test("reads what the mouse draws, and shows what the network sees", () =>
    withPage(async (page) => {
      await ready(page);
      await drawLine(page, [0.3, 0.2], [0.3, 0.5]);
      await expect.poll(verdict(page), patient).toBe(TALL);
      const rows = await page.locator("#seen").evaluate((canvas: HTMLCanvasElement) => {
        const { data } = canvas.getContext("2d")?.getImageData(0, 0, 28, 28) ?? { data: [] };
        return Array.from({ length: 28 }, (_, y) =>
          Math.max(...Array.from({ length: 28 }, (_value, x) => data[(y * 28 + x) * 4] ?? 0)),
        );
      });
      expect(rows.flatMap((value, row) => (value > 0 ? [row] : []))).toEqual(
        Array.from({ length: 20 }, (_, row) => row + 4),
      );
      expect(await textOf(page, "timing")).toMatch(/^\d[\d.]* m?s$/);
      await expect.poll(() => textOf(page, "announcement")).toMatch(/^Reads as 1, /);
    }));

  test("is used with the keyboard alone", () =>
    withPage(async (page) => {
      await ready(page);
      await page.keyboard.press("Tab");
      await page.keyboard.press("Tab");
      expect(await page.evaluate(() => document.activeElement?.id)).toBe("board");
      await page.keyboard.press("Space");
      for (let step = 0; step < 8; step++) await page.keyboard.press("ArrowRight");
      await expect.poll(verdict(page), patient).toBe(WIDE);
      await page.keyboard.press("Delete");
      await expect.poll(verdict(page), patient).toBe("");
      await page.keyboard.press("Space");
      for (let step = 0; step < 8; step++) await page.keyboard.press("ArrowDown");
      await expect.poll(verdict(page), patient).toBe(TALL);
      await page.keyboard.press("z");
      await expect.poll(verdict(page), patient).toBe("");
    }));

  test("can be drawn on while the model is on its way, and reads it once it is there", () =>
    withPage(async (page) => {
      let answer: () => void = () => undefined;
      const asked = new Promise<void>((resolve) => {
        answer = resolve;
      });
      await page.route("**/weights.safetensors", async (route) => {
        await asked;
        await route.continue();
      });
      await page.reload();
      await drawLine(page, [0.2, 0.5], [0.7, 0.5]);
      await page.locator("#verdict-detail", { hasText: "You can write already" }).waitFor();
      answer();
      await expect.poll(verdict(page), patient).toBe(WIDE);
    }));

  test("reads dark ink on a light image that is dropped", () =>
    withPage(async (page) => {
      await ready(page);
      const base64 = await page.evaluate(() => {
        const canvas = document.createElement("canvas");
        canvas.width = 320;
        canvas.height = 200;
        const context = canvas.getContext("2d");
        if (context === null) return "";
        context.fillStyle = "#f4f0e4";
        context.fillRect(0, 0, 320, 200);
        context.fillStyle = "#202838";
        context.fillRect(150, 30, 16, 140);
        return canvas.toDataURL().split(",")[1] ?? "";
      });
      await drop(page, [{ name: "one.png", type: "image/png", base64 }]);
      await expect.poll(verdict(page), patient).toBe(TALL);
    }));

  test("gives a photo to each model as it was trained: turned upright, or as its file stores it", () =>
    withPage(async (page) => {
      await ready(page);
      const bar = Buffer.alloc(320 * 200, 240).fill(20, 320 * 90, 320 * 110);
      const photo = await sharp(bar, { raw: { width: 320, height: 200, channels: 1 } })
        .withMetadata({ orientation: 6 })
        .jpeg()
        .toBuffer();
      await drop(page, [{ name: "bar.jpg", type: "image/jpeg", base64: photo.toString("base64") }]);
      await expect.poll(verdict(page), patient).toBe(TALL);
      await page.fill("#model-url", "stored/model.json");
      await page.keyboard.press("Enter");
      await expect.poll(verdict(page), patient).toBe(WIDE);
    }));

  test("keeps the model in use when another is damaged, and says what is wrong with that", () =>
    withPage(async (page) => {
      await ready(page);
      await page.fill("#model-url", "altered/model.json");
      await page.keyboard.press("Enter");
      await expect
        .poll(notice(page), patient)
        .toMatch(/“altered” could not be loaded.*SHA-256 must be .*“tall_or_wide” stays in use/s);
      await page.keyboard.press("Escape");
      expect(await page.locator("#notice").isHidden()).toBe(true);

      await drop(page, await bundleFiles("altered"));
      await expect.poll(notice(page), patient).toMatch(/“model.json” could not be loaded/);
      await drawLine(page, [0.4, 0.2], [0.4, 0.8]);
      await expect.poll(verdict(page), patient).toBe(TALL);
    }));

  test("takes another model from an address, a folder and dropped files, and on another device", () =>
    withPage(async (page) => {
      await ready(page);
      await page.fill("#model-url", "other/model.json");
      await page.keyboard.press("Enter");
      await page.locator("#model-name", { hasText: "other" }).waitFor();
      await page.locator("#folder-files").setInputFiles(join(folder, "good"));
      await page.locator("#model-name", { hasText: "good" }).waitFor();
      await drop(page, await bundleFiles("good"));
      await page.locator("#model-name", { hasText: "tall_or_wide" }).waitFor();
      await page.selectOption("#device-choice", "cpu");
      await page.locator("#device-name", { hasText: "JavaScript" }).waitFor();
      await drawLine(page, [0.2, 0.5], [0.8, 0.5]);
      await expect.poll(verdict(page), patient).toBe(WIDE);
    }));

  test("says in the page what cannot be read", () =>
    withPage(async (page) => {
      await drop(page, [{ name: "paper.pdf", type: "application/pdf", base64: "" }]);
      await expect.poll(notice(page), patient).toContain("neither an image nor a model bundle");
      await drop(page, [{ name: "broken.png", type: "image/png", base64: "AAAA" }]);
      await expect.poll(notice(page), patient).toMatch(/broken\.png.*found something else/);
      await drop(page, [
        { name: "half.png", type: "image/png", base64: "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJ" },
      ]);
      await expect.poll(notice(page), patient).toMatch(/half\.png.*a damaged PNG/);
      await drop(page, [
        { name: "bomb.png", type: "image/png", base64: "iVBORw0KGgoAAAANSUhEUgAAPoAAAD6AAQMAAABQkEk6" },
      ]);
      await expect.poll(notice(page), patient).toContain("16000 x 16000 pixels");
    }));

  test("reads a drawing of lines, however large it says it is, and a picture longer than any canvas", () =>
    withPage(async (page) => {
      await ready(page);
      for (const size of [60, 16_000]) {
        const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${size}" height="${size}" viewBox="0 0 60 60"><path d="M10 30H50" stroke="black" stroke-width="5"/></svg>`;
        await drop(page, [{ name: "line.svg", type: "image/svg+xml", base64: Buffer.from(svg).toString("base64") }]);
        await expect.poll(verdict(page), patient).toBe(WIDE);
        await page.click("#clear");
        await expect.poll(verdict(page), patient).toBe("");
      }
      // White, with black in the middle of its length.
      const pixels = Buffer.alloc(65_536, 255).fill(0, 20_000, 45_000);
      const strip = await sharp(pixels, { raw: { width: 65_536, height: 1, channels: 1 } })
        .png()
        .toBuffer();
      await drop(page, [{ name: "strip.png", type: "image/png", base64: strip.toString("base64") }]);
      await expect.poll(() => textOf(page, "timing"), patient).toMatch(/ms$/);
      expect(await page.locator("#notice").isHidden()).toBe(true);
    }));

  test("shows names from files as what they are, and no share that is none", () =>
    withPage(
      async (page) => {
        await ready(page);
        const bars = await page.locator("#bars").textContent();
        expect(bars).toContain("\\u001b[31mred\\u202e");
        expect(bars).toContain("... (5000 characters)");
        expect(bars?.length).toBeLessThan(300);
        expect(await textOf(page, "model-facts")).not.toContain("held-out");
        await drawLine(page, [0.3, 0.2], [0.3, 0.5]);
        await expect.poll(verdict(page), patient).toBe("\\u001b[31mred\\u202e");
      },
      { query: "?device=wasm&model=strange/model.json" },
    ));

  test("ends every address in a model or in a notice", () =>
    withPage(async (page) => {
      const ends = `globalThis.featuremapClassifier !== undefined || !document.querySelector("#notice").hidden`;
      for (const address of oddAddresses) {
        await page.goto(`${served.address}?device=cpu&model=${encodeURIComponent(address)}`);
        await page.waitForFunction(ends, undefined, { timeout: 10_000 }).catch((cause: unknown) => {
          throw new Error(`The page stays silent on ${address}.`, { cause });
        });
        expect(await textOf(page, "model-name")).not.toBe("…");
      }
    }));

  test.for([
    [1280, 800],
    [390, 844],
  ] as const)("covers nothing with a notice in a window of %d x %d", ([width, height]) =>
    withPage(
      async (page) => {
        await ready(page);
        await page.fill("#model-url", "nowhere/model.json");
        await page.keyboard.press("Enter");
        const box = await page.waitForSelector("#notice:not([hidden])").then((shown) => shown.boundingBox());
        const form = await page.locator("main").boundingBox();
        if (box === null || form === null) throw new Error("The notice is not on the page.");
        expect(box.y + box.height).toBeLessThanOrEqual(form.y);
        expect(box.y).toBeGreaterThanOrEqual(0);
        expect(box.y + box.height).toBeLessThanOrEqual(height);
      },
      { viewport: { width, height } },
    ),
  );

  test("says quietly how to come by a model where none is served", () =>
    withPage(async (page) => {
      await page.route("**/model/model.json", (route) => route.fulfill({ status: 404 }));
      await page.reload();
      await page.locator("#model-name", { hasText: "None yet" }).waitFor();
      expect(await textOf(page, "model-facts")).toContain("featuremap train mnist");
      expect(await page.locator("#notice").isHidden()).toBe(true);
    }));

  test("says what is wrong where the model that was asked for is not there", () =>
    withPage((page) => expect.poll(notice(page), patient).toMatch(/“nowhere” could not be loaded.*status 404/s), {
      query: "?model=nowhere/model.json",
    }));

  test("follows the system's colours until its own are chosen, and remembers those", () =>
    withPage(
      async (page) => {
        const ground = (): Promise<string> => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
        const dark = await ground();
        await page.getByRole("button", { name: "Use light colours" }).click();
        const light = await ground();
        expect(light).not.toBe(dark);
        await page.reload();
        expect(await ground()).toBe(light);
        await page.getByRole("button", { name: "Use dark colours" }).click();
        expect(await ground()).toBe(dark);
      },
      { colorScheme: "dark" },
    ));

  test.for([360, 390, 700, 1280])("fits a window %d pixels wide", (width) =>
    withPage(
      async (page) => {
        await ready(page);
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
      },
      { viewport: { width, height: 800 } },
    ),
  );

  test("asks no other host for anything", () =>
    withPage(async (page) => {
      const hosts = new Set<string>();
      page.on("request", (request) => {
        if (!request.url().startsWith("data:")) hosts.add(new URL(request.url()).origin);
      });
      await page.reload();
      await ready(page);
      expect([...hosts]).toEqual([new URL(served.address).origin]);
    }));
});
