import { readablePicture } from "#decoders";
import { FormatError } from "@featuremap/tensor";
import { decodeImage } from "../decode/decode-image.ts";
import { type ImageHeader, readImageHeader } from "../decode/header/image-header.ts";
import type { Pixels } from "../pixels.ts";
import { type ReadingPicture, checkSize } from "./picture-limits.ts";

/** Bytes: more than a plain picture of the usual limit takes. */
const longestFile = 2 ** 29;

/**
 * Decodes a picture's file, upright unless it is wanted as stored, with the pixels that the command gives for it. Its size is read first.
 *
 * @returns RGBA
 * @throws {InvalidConfigError} it is too large.
 * @throws {FormatError} it is empty, no picture, a damaged one, or of a format that this browser does not read.
 */
export async function readBlob(blob: Blob, reading: ReadingPicture): Promise<Pixels> {
  const name = nameOf(blob);
  if (blob.size === 0) throw new FormatError(name, "the file", readablePicture, "an empty file");
  const { kind, width, height } = await headerOf(blob);
  if (kind === undefined) throw new FormatError(name, "the file", readablePicture, "something else");
  if (blob.size > longestFile) throw new FormatError(name, "the file", `at most ${longestFile} bytes`, `${blob.size}`);
  if (width !== undefined && height !== undefined) checkSize(reading, width, height);
  const bytes = new Uint8Array(await blob.arrayBuffer());
  const { limit: maxPixels, orientation } = reading;
  return decodeImage(bytes, { name, colorMode: "rgba", orientation, maxPixels, limitName: "picturePixels" });
}

/** Most files tell their size at once; those with long comments before it are read on. */
async function headerOf(blob: Blob): Promise<ImageHeader> {
  for (let length = 2 ** 16; ; length *= 16) {
    const header = readImageHeader(new Uint8Array(await blob.slice(0, length).arrayBuffer()));
    const isKnown = header.width !== undefined || header.kind?.isRead !== true;
    if (isKnown || header.kind?.name === "SVG" || length >= blob.size) return header;
  }
}

function nameOf(blob: Blob): string {
  return "name" in blob && typeof blob.name === "string" && blob.name !== "" ? blob.name : "picture";
}
