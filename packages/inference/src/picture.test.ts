import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type Picture, readPicture } from "./picture.ts";

/** What the stand-in canvas of this file was asked to draw. */
const drawn: unknown[] = [];

class FakeCanvas {
  readonly width: number;
  readonly height: number;
  constructor(width: number, height: number) {
    this.width = width;
    this.height = height;
  }
  getContext(): object | null {
    if (this.width > 10_000) return null;
    return {
      drawImage: (picture: Picture, ...place: number[]) => drawn.push([picture, ...place]),
      getImageData: (_left: number, _top: number, width: number, height: number) => {
        if (this.width === 666) throw new DOMException("The canvas has been tainted.", "SecurityError");
        return { data: new Uint8ClampedArray(width * height * 4), width, height };
      },
    };
  }
}

const as = (fields: object): Picture => fields as Picture;

describe("readPicture", () => {
  beforeEach(() => {
    drawn.length = 0;
    vi.stubGlobal("OffscreenCanvas", FakeCanvas);
  });
  afterEach(() => vi.unstubAllGlobals());

  test("takes pixels and ImageData as they are", () => {
    const data = new Uint8ClampedArray(8);
    expect(readPicture({ data, width: 2, height: 1 })).toEqual({ data, width: 2, height: 1 });
    expect(drawn).toEqual([]);
  });

  test("draws canvases and bitmaps at their own size", () => {
    const canvas = as({ width: 30, height: 20 });
    expect(readPicture(canvas)).toMatchObject({ width: 30, height: 20, data: { length: 2400 } });
    expect(drawn).toEqual([[canvas, 0, 0]]);
  });

  test("draws an image at its natural size, not at that of its element", () => {
    const image = as({ width: 3, height: 2, naturalWidth: 30, naturalHeight: 20, complete: true });
    expect(readPicture(image)).toMatchObject({ width: 30, height: 20 });
  });

  test("waits for an image that is still loading", async () => {
    const image = { width: 0, height: 0, naturalWidth: 0, naturalHeight: 0, complete: false, currentSrc: "a.png" };
    const loads = { ...image, decode: async () => void Object.assign(loads, { naturalWidth: 4, naturalHeight: 5 }) };
    expect(await readPicture(as(loads))).toMatchObject({ width: 4, height: 5 });
    const fails = { ...image, decode: () => Promise.reject(new Error("404")) };
    await expect(readPicture(as(fails))).rejects.toThrow("The image a.png cannot be loaded");
  });

  test.for([
    [
      "an image without pixels",
      as({ width: 0, height: 0, naturalWidth: 0, naturalHeight: 0, complete: true }),
      "0 x 0",
    ],
    ["a bitmap that was closed", as({ width: 0, height: 0 }), "loaded and of 1 x 1 pixels or more"],
    ["floats", as({ data: new Float32Array(4), width: 1, height: 1 }), "made of bytes"],
    ["something else", as({ pixels: [] }), "ImageBitmap or <img>"],
    ["text", "a.png" as unknown as Picture, 'received "a.png"'],
    ["nothing", null as unknown as Picture, "received null"],
  ] as const)("refuses %s", ([, picture, message]) => {
    expect(() => readPicture(picture)).toThrow(
      expect.objectContaining({ code: "INVALID_CONFIG", message: expect.stringContaining(message) }),
    );
  });

  test("says what to do where the page must not read the pixels, or cannot", () => {
    expect(() => readPicture(as({ width: 666, height: 1 }))).toThrow(/tainted.*crossOrigin/);
    expect(() => readPicture(as({ width: 10_001, height: 1 }))).toThrow("no 2D context");
  });

  test("asks for pixels outside a page", () => {
    vi.stubGlobal("OffscreenCanvas", undefined);
    expect(() => readPicture(as({ width: 3, height: 2 }))).toThrow("picture must be Pixels, received an object");
  });
});
