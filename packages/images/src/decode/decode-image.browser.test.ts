import { fileURLToPath } from "node:url";
import { inflateSync } from "node:zlib";
import { launchChromium } from "@featuremap/testing/chromium";
import { type ScriptPage, bundleScript, openScriptPage } from "@featuremap/testing/script-page";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { PageResult } from "../testing/decode-script.ts";
import type { DecodeOptions } from "./decode-options.ts";
import golden from "./decoded-images.golden.json" with { type: "json" };

declare function decodeInPage(base64: string, options: DecodeOptions): Promise<PageResult>;

describe("in Chromium pictures have the pixels that Pillow gives", () => {
  let browser: Awaited<ReturnType<typeof launchChromium>>;
  let opened: ScriptPage;
  let workerScript: string;

  beforeAll(async () => {
    const entry = fileURLToPath(new URL("../testing/decode-script.ts", import.meta.url));
    const script = await bundleScript(entry, { sources: true });
    const worker = fileURLToPath(new URL("../testing/decode-worker-script.ts", import.meta.url));
    workerScript = await bundleScript(worker, { sources: true });
    browser = await launchChromium();
    opened = await openScriptPage(browser, script, "decodeInPage");
  });
  afterAll(() => browser?.close());

  const decode = (file: string, options: DecodeOptions): Promise<PageResult> =>
    opened.page.evaluate(([text, given]) => decodeInPage(text, given), [file, options] as const);

  const read = golden.cases.filter(({ name }) => !name.startsWith("tiff"));

  test.for(read)("$name", async ({ name, file, width, height, rgba }) => {
    const expected = inflateSync(Buffer.from(rgba, "base64"));
    const decoded = await decode(file, { name, colorMode: "rgba" });
    expect(decoded).toMatchObject({ width, height });
    // Chromium gives an AVIF with alpha, or one that is animated, by way of a canvas alone, or with its chroma in blocks.
    const tolerance = ["avif, alpha", "avif, animated"].includes(name) ? 20 : 2;
    expect(largestDifference(Buffer.from(decoded.data ?? "", "base64"), expected, name)).toBeLessThanOrEqual(tolerance);
    const plain = await decode(file, { name });
    const rgb = expected.filter((_, at) => at % 4 !== 3);
    expect(largestDifference(Buffer.from(plain.data ?? "", "base64"), rgb, "")).toBeLessThanOrEqual(tolerance);
  });

  test.for(golden.refused)("$name is refused", async ({ name, file }) => {
    expect(await decode(file, { name })).toMatchObject({ code: "INVALID_FORMAT" });
  });

  const ofEachFormat = new Set(["jpeg, 4:2:0", "png, alpha", "webp", "avif, 4:4:4", "gif"]);
  const inWorker = golden.cases.filter(({ name }) => ofEachFormat.has(name));

  test.for(inWorker)("in a worker too: $name", async ({ file, width, height, rgba }) => {
    const decoded = await opened.page.evaluate(
      ([script, base64]) =>
        new Promise<{ readonly width: number; readonly height: number; readonly row: number[] }>((resolve, reject) => {
          const worker = new Worker(URL.createObjectURL(new Blob([script], { type: "text/javascript" })), {
            type: "module",
          });
          worker.addEventListener("message", ({ data }) => resolve(data));
          worker.addEventListener("error", ({ message }) => reject(new Error(message)));
          worker.postMessage(Uint8Array.from(atob(base64), (character) => character.charCodeAt(0)));
        }),
      [workerScript, file] as const,
    );
    expect(decoded).toMatchObject({ width, height });
    const row = inflateSync(Buffer.from(rgba, "base64")).subarray(0, width * 4);
    const rgb = row.filter((_, at) => at % 4 !== 3);
    expect(largestDifference(Uint8Array.from(decoded.row), rgb, "")).toBeLessThanOrEqual(2);
  });

  test("a TIFF is refused by name", async () => {
    const file = golden.cases.find(({ name }) => name === "tiff, raw")?.file ?? "";
    expect(await decode(file, {})).toMatchObject({
      code: "INVALID_FORMAT",
      message: expect.stringContaining("found a TIFF, which browsers do not read; convert it to PNG first"),
    });
  });

  test("a drawing has its own size", async () => {
    const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="3" height="2"><path fill="red" d="M0 0h9v9H0z"/></svg>';
    const decoded = await decode(Buffer.from(svg).toString("base64"), {});
    expect(decoded).toMatchObject({ width: 3, height: 2 });
    expect([...Buffer.from(decoded.data ?? "", "base64").subarray(0, 3)]).toEqual([255, 0, 0]);
  });
});

/** Under a GIF's transparency decoders leave no colour. */
function largestDifference(data: Uint8Array, expected: Uint8Array, name: string): number {
  expect(data.length).toBe(expected.length);
  let largest = 0;
  expected.forEach((value, at) => {
    const isHidden = name.startsWith("gif") && at % 4 !== 3 && expected[at - (at % 4) + 3] === 0;
    if (!isHidden) largest = Math.max(largest, Math.abs(value - (data[at] ?? 256)));
  });
  return largest;
}
