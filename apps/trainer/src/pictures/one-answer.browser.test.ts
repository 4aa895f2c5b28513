import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { launchChromium } from "@featuremap/testing/chromium";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import golden from "./odd-pictures.golden.json" with { type: "json" };
import { openPicture } from "./open-picture.ts";

type Browser = Awaited<ReturnType<typeof launchChromium>>;
type Page = Awaited<ReturnType<Browser["newPage"]>>;

interface Picture {
  readonly width: number;
  readonly height: number;
  readonly data: readonly number[];
}

/** How far two pictures are apart over black, which is how classifiers take them, in 255ths. */
interface Distance {
  readonly largest: number;
  readonly mean: number;
}

describe("a picture has the same pixels in the command and in Chromium", () => {
  let folder: string;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "pictures-"));
    browser = await launchChromium();
    page = await browser.newPage();
    await page.route("http://localhost/", (route) => route.fulfill({ contentType: "text/html", body: "<p>page</p>" }));
    await page.goto("http://localhost/");
  });
  afterAll(async () => {
    await browser?.close();
    await rm(folder, { recursive: true, force: true });
  });

  function decodeInPage(file: Buffer): Promise<Picture> {
    return page.evaluate(async (text) => {
      const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
      const image = await createImageBitmap(new Blob([bytes]));
      const { width, height } = image;
      const context = new OffscreenCanvas(width, height).getContext("2d");
      if (context === null) throw new Error("There is no canvas.");
      context.drawImage(image, 0, 0);
      return { width, height, data: [...context.getImageData(0, 0, width, height).data] };
    }, file.toString("base64"));
  }

  async function distance(file: Buffer): Promise<Distance> {
    const path = join(folder, "picture");
    await writeFile(path, file);
    const ours = await (await openPicture(path)).decode();
    const theirs = await decodeInPage(file);
    expect([ours.width, ours.height]).toEqual([theirs.width, theirs.height]);
    const overBlack = (data: ArrayLike<number>, at: number): number =>
      ((data[at] ?? 0) * (data[at - (at % 4) + 3] ?? 0)) / 255;
    let largest = 0;
    let sum = 0;
    for (let at = 0; at < ours.data.length; at++) {
      const apart = Math.abs(overBlack(ours.data, at) - overBlack(theirs.data, at));
      largest = Math.max(largest, apart);
      sum += apart;
    }
    return { largest, mean: sum / ours.data.length };
  }

  // Chromium reads no TIFF.
  const shared = golden.cases.filter(({ name }) => !name.includes("tiff"));

  test.for(shared)("$name", async ({ file }) => {
    // A canvas keeps pixels multiplied with their alpha, in bytes.
    expect((await distance(Buffer.from(file, "base64"))).largest).toBeLessThan(1.5);
  });

  const soft = () =>
    sharp(Buffer.from(golden.cases.find(({ name }) => name === "png")?.file ?? "", "base64"))
      .resize(200)
      .blur(5);

  test.for<[string, () => Promise<Buffer>, Distance]>([
    [
      "a PNG with the profile of a wide screen",
      () => soft().withIccProfile("p3").png().toBuffer(),
      { largest: 2, mean: 0.5 },
    ],
    [
      "a WebP of orientation 6, which browsers do not turn",
      () => soft().withMetadata({ orientation: 6 }).webp({ lossless: true }).toBuffer(),
      { largest: 0, mean: 0 },
    ],
    ["an AVIF", () => soft().avif({ quality: 90, chromaSubsampling: "4:4:4" }).toBuffer(), { largest: 2, mean: 0.5 }],
    // Decoders differ in how they spread its chroma.
    [
      "an AVIF with a quarter of the chroma",
      () => soft().avif({ quality: 90, chromaSubsampling: "4:2:0" }).toBuffer(),
      { largest: 16, mean: 1 },
    ],
    // Engines of colour profiles differ in what they make of tables for print.
    [
      "a CMYK JPEG with the profile of a press",
      () => soft().toColourspace("cmyk").withIccProfile("cmyk").jpeg({ quality: 95 }).toBuffer(),
      { largest: 25, mean: 5 },
    ],
  ])("%s", async ([, make, tolerance]) => {
    const { largest, mean } = await distance(await make());
    expect(largest).toBeLessThanOrEqual(tolerance.largest);
    expect(mean).toBeLessThanOrEqual(tolerance.mean);
  });
});
