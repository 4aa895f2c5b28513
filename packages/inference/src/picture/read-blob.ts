import type { Pixels } from "@featuremap/images";
import { FormatError } from "@featuremap/tensor";
import { type PictureHeader, readPictureHeader } from "./picture-header.ts";
import { checkSize } from "./picture-limits.ts";
import { readDrawable } from "./read-drawable.ts";

const readable = "a picture that browsers read (PNG, JPEG, WebP, GIF, BMP, AVIF or SVG)";

/** A drawing of lines has as many pixels as it is given; more than these show nothing new. */
const svgPixels = 2 ** 24;

/**
 * Decodes a picture's file, upright and in sRGB. Its size is read first.
 *
 * @throws {InvalidConfigError} it is empty or too large.
 * @throws {FormatError} it is no picture, a damaged one, or of a format that this browser does not read.
 */
export async function readBlob(blob: Blob, limit: number): Promise<Pixels> {
  const name = nameOf(blob);
  if (blob.size === 0) throw new FormatError(name, "the file", readable, "an empty file");
  const { kind, size } = await headerOf(blob);
  if (kind === undefined) throw new FormatError(name, "the file", readable, "something else");
  if (kind === "SVG") return readSvg(blob, limit);
  // Without a size nobody knows what decoding would take.
  if (size === undefined)
    throw new FormatError(name, "the file", readable, kind === "TIFF" ? "TIFF" : `a damaged ${kind}`);
  checkSize(size.width, size.height, limit);
  const bitmap = await decode(blob, kind);
  try {
    checkSize(bitmap.width, bitmap.height, limit);
    return readDrawable(bitmap.width, bitmap.height, (context, left, top) => context.drawImage(bitmap, left, top));
  } finally {
    bitmap.close();
  }
}

/** Most files tell their size at once; those with long comments before it are read on. */
async function headerOf(blob: Blob): Promise<PictureHeader> {
  for (let length = 2 ** 16; ; length *= 16) {
    const header = readPictureHeader(new Uint8Array(await blob.slice(0, length).arrayBuffer()));
    const isKnown = header.size !== undefined || header.kind === undefined;
    if (isKnown || header.kind === "SVG" || header.kind === "TIFF" || length >= blob.size) return header;
  }
}

async function decode(blob: Blob, kind: string): Promise<ImageBitmap> {
  try {
    return await createImageBitmap(blob);
  } catch (cause) {
    const isUniversal = ["PNG", "JPEG", "GIF", "BMP", "WebP"].includes(kind);
    const found = isUniversal ? `a damaged ${kind}` : `${kind}, damaged or not read by this browser`;
    const error = new FormatError(nameOf(blob), "the file", readable, found);
    error.cause = cause;
    throw error;
  }
}

/** Browsers draw SVG only from an image element; scripts in it do not run, and it loads nothing. */
async function readSvg(blob: Blob, limit: number): Promise<Pixels> {
  const name = nameOf(blob);
  if (typeof Image === "undefined") throw new FormatError(name, "the file", "another picture outside pages", "SVG");
  const address = URL.createObjectURL(
    blob.type === "image/svg+xml" ? blob : new Blob([blob], { type: "image/svg+xml" }),
  );
  try {
    const image = new Image();
    await new Promise<void>((resolve, reject) => {
      image.addEventListener("load", () => resolve());
      image.addEventListener("error", () => reject(new FormatError(name, "the file", "a whole SVG", "a damaged one")));
      image.src = address;
    });
    const { naturalWidth, naturalHeight } = image;
    checkSize(naturalWidth, naturalHeight, Number.POSITIVE_INFINITY);
    const scale = Math.min(1, Math.sqrt(Math.min(limit, svgPixels) / (naturalWidth * naturalHeight)));
    const width = Math.max(1, Math.floor(naturalWidth * scale));
    const height = Math.max(1, Math.floor(naturalHeight * scale));
    return readDrawable(width, height, (context, left, top) => context.drawImage(image, left, top, width, height));
  } finally {
    URL.revokeObjectURL(address);
  }
}

function nameOf(blob: Blob): string {
  return "name" in blob && typeof blob.name === "string" && blob.name !== "" ? blob.name : "picture";
}
