import { FormatError } from "@featuremap/tensor";
import type { DecodedImage } from "../decoded-image.ts";
import type { PlatformRequest } from "../platform-request.ts";
import { readDrawable } from "../../drawable/read-drawable.ts";

/**
 * Pixels by way of a canvas, which keeps colours multiplied with their alpha: where a pixel is transparent, its colour is
 * lost.
 *
 * @throws {FormatError} it is damaged, or of a format that this browser does not read.
 */
export async function decodeBitmap(
  bytes: Uint8Array<ArrayBuffer>,
  { kind, name, checkPixels }: PlatformRequest,
): Promise<DecodedImage> {
  const bitmap = await createImageBitmap(new Blob([withoutExif(bytes, kind)]), {
    colorSpaceConversion: "none",
    premultiplyAlpha: "none",
  }).catch((cause: unknown) => {
    const found = kind === "AVIF" ? "an AVIF, damaged or not read by this browser" : `a damaged ${kind}`;
    throw Object.assign(new FormatError(name, "the file", "an image that browsers read", found), { cause });
  });
  try {
    const { width, height } = bitmap;
    checkPixels({ width, height });
    const { data } = readDrawable(width, height, (context, left, top) => context.drawImage(bitmap, left, top));
    // An AVIF says by itself how it lies, and every browser heeds it.
    return { data: new Uint8Array(data.buffer), width, height, channels: 4, isUpright: kind === "AVIF" };
  } finally {
    bitmap.close();
  }
}

/** The names of the parts that hold EXIF, which some browsers heed and others do not. */
const exifParts: Readonly<Record<string, string>> = { PNG: "eXIf", WebP: "EXIF" };

function withoutExif(bytes: Uint8Array<ArrayBuffer>, kind: string): Uint8Array<ArrayBuffer> {
  const part = exifParts[kind];
  if (part === undefined) return bytes;
  const copy = bytes.slice();
  const codes = Array.from(part, (character) => character.charCodeAt(0));
  for (let at = copy.indexOf(codes[0] ?? 0); at >= 0; at = copy.indexOf(codes[0] ?? 0, at + 1)) {
    // Decoders pass over a part whose name they do not know.
    if (codes.every((code, index) => copy[at + index] === code)) copy[at + 3] = "X".charCodeAt(0);
  }
  return copy;
}
