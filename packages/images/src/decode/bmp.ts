import { FormatError } from "@featuremap/tensor";
import { paintRuns } from "./bmp-runs.ts";
import type { DecodedImage } from "./decoded-image.ts";

/** What a BMP's headers say. */
export interface BmpHeader {
  readonly width: number;
  readonly height: number;
  readonly topDown: boolean;
  readonly bits: number;
  readonly encoding: "plain" | "runs" | "masks";
  /** Red, green, blue and alpha of pixels of 16 and 32 bits; an alpha of 0 means that all is opaque. */
  readonly masks: readonly [red: number, green: number, blue: number, alpha: number];
  /** RGB of every index that has one. */
  readonly palette: readonly (readonly [red: number, green: number, blue: number])[];
  /** Where the pixels begin. */
  readonly offset: number;
}

const fileHeaderLength = 14;
const headerLengths: ReadonlySet<number> = new Set([12, 40, 52, 56, 64, 108, 124]);
const encodings = { 0: "plain", 1: "runs", 2: "runs", 3: "masks", 6: "masks" } as const;
const bitsOf: Readonly<Record<BmpHeader["encoding"], readonly number[]>> = {
  plain: [1, 4, 8, 16, 24, 32],
  runs: [4, 8],
  masks: [16, 32],
};

/**
 * Reads what stands before the pixels of a BMP.
 *
 * @param source for messages
 * @throws {FormatError} it is damaged, or of a kind that browsers do not read either.
 */
export function readBmpHeader(bytes: Uint8Array, source: string): BmpHeader {
  const fail = (expected: string, found: string): never => {
    throw new FormatError(source, "the BMP", expected, found);
  };
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < fileHeaderLength + 12) fail("longer than its header", `${bytes.length} bytes`);
  const length = view.getUint32(14, true);
  if (!headerLengths.has(length)) fail("of a known version", `a header of ${length} bytes`);
  if (bytes.length < fileHeaderLength + length) fail("longer than its header", `${bytes.length} bytes`);
  const isCore = length === 12;
  const width = isCore ? view.getUint16(18, true) : view.getInt32(18, true);
  const signedHeight = isCore ? view.getUint16(20, true) : view.getInt32(22, true);
  const bits = view.getUint16(isCore ? 24 : 28, true);
  const compression = isCore ? 0 : view.getUint32(30, true);
  const height = Math.abs(signedHeight);
  if (!(width > 0 && height > 0)) fail("at least one pixel wide and high", `${width} x ${height} pixels`);
  const encoding =
    encodings[compression as keyof typeof encodings] ??
    fail("plain, in runs or with masks", `compression ${compression}`);
  if (!bitsOf[encoding].includes(bits)) fail(`of ${bitsOf[encoding].join(", ")} bits per pixel`, `${bits}`);
  const masksAt = fileHeaderLength + 40;
  const extraMasks = length === 40 && encoding === "masks" ? (compression === 6 ? 16 : 12) : 0;
  const maskCount = encoding === "masks" ? (compression === 6 || (length >= 56 && length !== 64) ? 4 : 3) : 0;
  if (bytes.length < masksAt + maskCount * 4 && maskCount > 0) fail("longer than its masks", `${bytes.length} bytes`);
  const mask = (index: number): number => (index < maskCount ? view.getUint32(masksAt + index * 4, true) : 0);
  const usual = bits === 16 ? ([0x7c00, 0x3e0, 0x1f, 0] as const) : ([0xff0000, 0xff00, 0xff, 0] as const);
  const masks = maskCount > 0 ? ([mask(0), mask(1), mask(2), mask(3)] as const) : usual;
  const offset = view.getUint32(10, true);
  const paletteAt = fileHeaderLength + length + extraMasks;
  const used = bits > 8 ? 0 : isCore ? 2 ** bits : view.getUint32(46, true) || 2 ** bits;
  const entryLength = isCore ? 3 : 4;
  const entries = Math.min(used, 2 ** bits, Math.floor((bytes.length - paletteAt) / entryLength));
  const palette = Array.from({ length: Math.max(0, entries) }, (_, index) => {
    const at = paletteAt + index * entryLength;
    return [bytes[at + 2] ?? 0, bytes[at + 1] ?? 0, bytes[at] ?? 0] as const;
  });
  return { width, height, topDown: signedHeight < 0, bits, encoding, masks, palette, offset };
}

/**
 * The pixels of a BMP, as Chromium reads them: an alpha channel that is 0 everywhere counts as none.
 *
 * Source: Microsoft, "Bitmap Storage".
 *
 * @returns RGBA
 * @throws {FormatError} it ends before its last pixel.
 */
export function decodeBmp(bytes: Uint8Array, header: BmpHeader, source: string): DecodedImage {
  const { width, height, topDown, bits, encoding, offset, palette } = header;
  const data = new Uint8Array(width * height * 4);
  const startOf = (row: number): number => (topDown ? row : height - 1 - row) * width * 4;
  const paintIndex = (at: number, index: number): void => {
    const [red, green, blue] = palette[index] ?? [0, 0, 0];
    data.set([red, green, blue, 255], at);
  };
  const rowLength = Math.ceil((width * bits) / 32) * 4;
  const needed = encoding === "runs" ? offset + 1 : offset + rowLength * (height - 1) + Math.ceil((width * bits) / 8);
  if (bytes.length < needed) {
    throw new FormatError(source, "the BMP", `a whole one of ${needed} bytes`, `${bytes.length} bytes`);
  }
  if (encoding === "runs") {
    // What no run paints stays transparent.
    const isWhole = paintRuns(bytes.subarray(offset), header, (x, row, index) =>
      paintIndex(startOf(row) + x * 4, index),
    );
    if (!isWhole) throw new FormatError(source, "the BMP", "a whole one", "one that ends within its pixels");
    return { data, width, height, channels: 4 };
  }
  const paintPixel = bits <= 8 ? undefined : pixelPainter(bytes, header, data);
  for (let row = 0; row < height; row++) {
    const from = offset + row * rowLength;
    const to = startOf(row);
    for (let x = 0; x < width; x++) {
      if (paintPixel !== undefined) paintPixel(from + (x * bits) / 8, to + x * 4);
      else {
        const byte = bytes[from + ((x * bits) >> 3)] ?? 0;
        paintIndex(to + x * 4, (byte >> (8 - bits - ((x * bits) & 7))) & (2 ** bits - 1));
      }
    }
  }
  if (header.masks[3] !== 0 && isTransparent(data)) for (let at = 3; at < data.length; at += 4) data[at] = 255;
  return { data, width, height, channels: 4 };
}

/** Paints one pixel of 16, 24 or 32 bits. */
function pixelPainter(
  bytes: Uint8Array,
  { bits, masks }: BmpHeader,
  data: Uint8Array,
): (from: number, to: number) => void {
  if (bits === 24) {
    return (from, to) => {
      data[to] = bytes[from + 2] ?? 0;
      data[to + 1] = bytes[from + 1] ?? 0;
      data[to + 2] = bytes[from] ?? 0;
      data[to + 3] = 255;
    };
  }
  const channels = masks.map((mask) => {
    const shift = mask === 0 ? 0 : 31 - Math.clz32(mask & -mask);
    const largest = mask >>> shift;
    return { mask, shift, scale: largest === 0 ? 0 : 255 / largest };
  });
  return (from, to) => {
    const low = (bytes[from] ?? 0) | ((bytes[from + 1] ?? 0) << 8);
    const value = bits === 16 ? low : low | ((bytes[from + 2] ?? 0) << 16) | ((bytes[from + 3] ?? 0) << 24);
    channels.forEach(({ mask, shift, scale }, index) => {
      const isAbsent = index === 3 && mask === 0;
      data[to + index] = isAbsent ? 255 : Math.round(((value & mask) >>> shift) * scale);
    });
  };
}

function isTransparent(data: Uint8Array): boolean {
  for (let at = 3; at < data.length; at += 4) if (data[at] !== 0) return false;
  return true;
}
