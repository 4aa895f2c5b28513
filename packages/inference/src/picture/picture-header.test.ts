import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { readPictureHeader } from "./picture-header.ts";

const plain = { create: { width: 300, height: 70, channels: 3, background: "#123456" } } as const;

describe("readPictureHeader", () => {
  test.for([
    ["png", "PNG", {}],
    ["jpeg", "JPEG", {}],
    ["jpeg", "JPEG", { progressive: true }],
    ["webp", "WebP", {}],
    ["webp", "WebP", { lossless: true }],
    ["gif", "GIF", {}],
    ["avif", "AVIF", {}],
  ] as const)("finds the size of a %s as libvips writes it (%s, %j)", async ([format, kind, options]) => {
    const bytes = await sharp(plain).toFormat(format, options).toBuffer();
    expect(readPictureHeader(bytes)).toEqual({ kind, size: { width: 300, height: 70 } });
  });

  test("finds the size of a WebP with transparency and a profile", async () => {
    const bytes = await sharp({ create: { ...plain.create, channels: 4, background: "#1234567f" } })
      .withMetadata()
      .webp()
      .toBuffer();
    expect(readPictureHeader(bytes)).toEqual({ kind: "WebP", size: { width: 300, height: 70 } });
  });

  test("skips what comes before a JPEG's frame", async () => {
    const bytes = await sharp(plain)
      .withExif({ IFD0: { Copyright: "c".repeat(5000) } })
      .jpeg()
      .toBuffer();
    expect(readPictureHeader(bytes)).toMatchObject({ kind: "JPEG", size: { width: 300, height: 70 } });
    expect(readPictureHeader(bytes.subarray(0, 1000))).toEqual({ kind: "JPEG", size: undefined });
  });

  test.for([40, 12])("finds the size of a BMP with a header of %d bytes, top row first or last", (length) => {
    const bytes = new Uint8Array(14 + length);
    const view = new DataView(bytes.buffer);
    bytes.set([0x42, 0x4d]);
    view.setUint32(14, length, true);
    if (length === 12) [300, 70].forEach((side, index) => view.setUint16(18 + 2 * index, side, true));
    else [300, -70].forEach((side, index) => view.setInt32(18 + 4 * index, side, true));
    expect(readPictureHeader(bytes)).toEqual({ kind: "BMP", size: { width: 300, height: 70 } });
  });

  test.for([
    ["II*\0 and so on", "TIFF"],
    ["<svg xmlns='http://www.w3.org/2000/svg'/>", "SVG"],
    ["<?xml version='1.0'?>\n<!-- a drawing -->\n<svg/>", "SVG"],
    ["<html><svg/></html>", undefined],
    ["BMW is no bitmap at all", undefined],
    ["", undefined],
  ] as const)("of %j says the kind alone", ([text, kind]) => {
    expect(readPictureHeader(new TextEncoder().encode(text))).toEqual({ kind });
  });

  test("never reads past what is at hand", async () => {
    for (const format of ["png", "jpeg", "webp", "gif", "avif"] as const) {
      const bytes = await sharp(plain).toFormat(format).toBuffer();
      for (let length = 0; length < Math.min(bytes.length, 400); length++) {
        const { size = { width: 300, height: 70 } } = readPictureHeader(bytes.subarray(0, length));
        expect(size).toEqual({ width: 300, height: 70 });
      }
    }
  });
});
