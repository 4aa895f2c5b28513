import sharp from "sharp";
import { describe, expect, test } from "vitest";
import golden from "../decoded-images.golden.json" with { type: "json" };
import { readImageHeader } from "./image-header.ts";

const plain = { create: { width: 300, height: 70, channels: 3, background: "#123456" } } as const;

describe("readImageHeader", () => {
  test.for([
    ["png", "PNG", {}],
    ["jpeg", "JPEG", {}],
    ["jpeg", "JPEG", { progressive: true }],
    ["webp", "WebP", {}],
    ["webp", "WebP", { lossless: true }],
    ["gif", "GIF", {}],
    ["avif", "AVIF", {}],
    ["tiff", "TIFF", {}],
    ["tiff", "TIFF", { pyramid: true, tile: true }],
  ] as const)("finds the size of a %s as libvips writes it (%s, %j)", async ([format, name, options]) => {
    const bytes = await sharp(plain).toFormat(format, options).toBuffer();
    expect(readImageHeader(bytes)).toMatchObject({ kind: { isRead: true, name }, width: 300, height: 70 });
  });

  test("finds the size of a WebP with transparency and a profile", async () => {
    const bytes = await sharp({ create: { ...plain.create, channels: 4, background: "#1234567f" } })
      .withMetadata()
      .webp()
      .toBuffer();
    expect(readImageHeader(bytes)).toMatchObject({ kind: { name: "WebP" }, width: 300, height: 70 });
  });

  test("skips what comes before a JPEG's frame", async () => {
    const bytes = await sharp(plain)
      .withExif({ IFD0: { Copyright: "c".repeat(5000) } })
      .jpeg()
      .toBuffer();
    expect(readImageHeader(bytes)).toMatchObject({ kind: { name: "JPEG" }, width: 300, height: 70 });
    expect(readImageHeader(bytes.subarray(0, 1000))).toEqual({
      kind: { isRead: true, name: "JPEG" },
      orientation: 1,
      hasMoreFrames: false,
    });
  });

  test.for([40, 12])("finds the size of a BMP with a header of %d bytes, top row first or last", (length) => {
    const bytes = new Uint8Array(14 + length);
    const view = new DataView(bytes.buffer);
    bytes.set([0x42, 0x4d]);
    view.setUint32(14, length, true);
    if (length === 12) [300, 70].forEach((side, index) => view.setUint16(18 + 2 * index, side, true));
    else [300, -70].forEach((side, index) => view.setInt32(18 + 4 * index, side, true));
    expect(readImageHeader(bytes)).toMatchObject({ kind: { name: "BMP" }, width: 300, height: 70 });
  });

  test.for([
    ["II*\0 and so on", "TIFF"],
    ["<svg xmlns='http://www.w3.org/2000/svg'/>", "SVG"],
    ["<?xml version='1.0'?>\n<!-- a drawing -->\n<svg/>", "SVG"],
    ["<html><svg/></html>", undefined],
    ["BMW is not a bitmap at all", undefined],
    ["GIF88a", undefined],
    ["", undefined],
  ] as const)("of %j says the kind alone", ([text, name]) => {
    const header = readImageHeader(new TextEncoder().encode(text));
    expect(header.kind?.name).toBe(name);
    expect(header.width).toBeUndefined();
  });

  test.for(golden.cases)("never says what is wrong, however much is at hand: $name", ({ file }) => {
    const bytes = Buffer.from(file, "base64");
    const whole = readImageHeader(bytes);
    for (let length = 18; length < Math.min(bytes.length, 1500); length++) {
      const { kind, width = whole.width, height = whole.height } = readImageHeader(bytes.subarray(0, length));
      // Where a brand stands further on, the kind may not be told yet.
      const told = length > 64 ? kind : whole.kind;
      const expected = { length, kind: whole.kind, width: whole.width, height: whole.height };
      expect({ length, kind: told, width, height }).toEqual(expected);
    }
  });
});
