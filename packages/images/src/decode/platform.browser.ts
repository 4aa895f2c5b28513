import { FormatError } from "@featuremap/tensor";
import type { DecodedImage } from "./decoded-image.ts";
import { decodeSvg, sizeOfSvg } from "./page/decode-svg.ts";
import { decodeFrame } from "./page/decode-frame.ts";
import { decodeBitmap } from "./page/decode-bitmap.ts";
import type { ImageName, ImageSize, PlatformRequest } from "./platform-request.ts";

/** What is read here, for errors. */
export const readablePicture = "a picture that browsers read (PNG, JPEG, WebP, GIF, BMP, AVIF or SVG)";

/** Decodes what has no decoder of our own choice, in a page or a worker of one: by the browser. */
export async function decodeOnPlatform(bytes: Uint8Array, request: PlatformRequest): Promise<DecodedImage> {
  const own = readableHere(bytes, request);
  if (request.kind === "SVG") return decodeSvg(own, request);
  return (await decodeFrame(own, request)) ?? (await decodeBitmap(own, request));
}

/** Width and height of what does not tell them at a known place: SVG. */
export async function sizeOnPlatform(bytes: Uint8Array, file: ImageName): Promise<ImageSize> {
  const own = readableHere(bytes, file);
  if (file.kind === "SVG") return sizeOfSvg(own, file.name);
  throw new FormatError(file.name, "the file", "an image that can be decoded", `a damaged ${file.kind}`);
}

function readableHere(bytes: Uint8Array, { kind, name }: ImageName): Uint8Array<ArrayBuffer> {
  if (kind === "TIFF") {
    const found = "a TIFF, which browsers do not read; convert it to PNG first";
    throw new FormatError(name, "the file", "an image that browsers read", found);
  }
  // Memory that is shared cannot be given to a browser's decoder.
  return bytes.buffer instanceof ArrayBuffer ? (bytes as Uint8Array<ArrayBuffer>) : new Uint8Array(bytes);
}

/** Unpacks a gzip file. */
export async function gunzip(packed: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  // Not from a Blob: that of jsdom has no stream.
  const stream = new Response(packed).body?.pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
