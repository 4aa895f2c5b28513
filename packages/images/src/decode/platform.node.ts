import { gunzipSync } from "node:zlib";
import { FormatError, UnavailableError } from "@featuremap/tensor";
import type sharpType from "sharp";
import type { Metadata, Sharp } from "sharp";
import { decodeAvif } from "./avif/decode-avif.node.ts";
import { rgbOfInks } from "./cmyk.ts";
import type { DecodedImage } from "./decoded-image.ts";
import { readTiffTags } from "./header/tiff-tags.ts";
import type { ImageName, ImageSize, PlatformRequest } from "./platform-request.ts";

/** Seconds: far more than an honest picture takes. */
const longestDecoding = 60;

/** What is read here, for errors. */
export const readablePicture = "a picture (PNG, JPEG, WebP, GIF, BMP, AVIF, TIFF or SVG)";

/** Decodes what has no decoder of our own choice, in Node: AVIF by libavif, everything else by sharp. */
export async function decodeOnPlatform(bytes: Uint8Array, request: PlatformRequest): Promise<DecodedImage> {
  return request.kind === "AVIF" ? decodeAvif(bytes, request.name) : decodeWithSharp(bytes, request);
}

/** Width and height of what does not tell them at a known place: SVG and large TIFFs. */
export async function sizeOnPlatform(bytes: Uint8Array, image: ImageName): Promise<ImageSize> {
  const { width, height } = await metadataOf(await openerOf(bytes), bytes, image);
  return { width, height };
}

/** Formats of several pages or frames give their first. Profiles are not applied, as Pillow applies none. */
async function decodeWithSharp(bytes: Uint8Array, request: PlatformRequest): Promise<DecodedImage> {
  const { kind, name, checkPixels, keepsAlpha } = request;
  const open = await openerOf(bytes);
  const { width, height, depth, space } = await metadataOf(open, bytes, request);
  // Not every file tells its size at a known place.
  checkPixels({ width, height });
  const isCmyk = space === "cmyk";
  // Of what has no fixed range, such as floats in [0, 1] or in [0, 255], nobody can say what is white.
  if (depth !== "uchar" && (depth !== "ushort" || isCmyk)) {
    const expected = `an image of ${isCmyk ? "8 bits" : "8 or 16 bits"} for each value`;
    throw new FormatError(name, "the file", expected, `a ${kind} of type ${depth}; scale its values to bytes first`);
  }
  const coloured = isCmyk
    ? open().pipelineColourspace("cmyk").toColourspace("cmyk")
    : keepsAlpha
      ? open().toColourspace("srgb").ensureAlpha()
      : open().toColourspace("srgb").removeAlpha();
  const { data, info } = await coloured
    .raw({ depth: "uchar" })
    .toBuffer({ resolveWithObject: true })
    .catch((cause: unknown) => {
      throw damaged(cause, bytes, { kind, name });
    });
  const size = { width: info.width, height: info.height };
  if (isCmyk) return { ...size, data: rgbOfInks(data, info.channels, "plain"), channels: 3 };
  const { channels } = info;
  if (channels === 1 || channels === 3 || channels === 4) return { ...size, data, channels };
  throw new FormatError(name, "the file", "a grey or colour image", `a ${kind} of ${channels} channels`);
}

async function openerOf(bytes: Uint8Array): Promise<() => Sharp> {
  const sharp = await loadSharp();
  // Sharp refuses typed arrays of another realm; all have the same `Buffer`.
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  return () =>
    sharp(file, { failOn: "error", limitInputPixels: false, ignoreIcc: true }).timeout({ seconds: longestDecoding });
}

function metadataOf(open: () => Sharp, bytes: Uint8Array, image: ImageName): Promise<Metadata> {
  return open()
    .metadata()
    .catch((cause: unknown) => {
      throw damaged(cause, bytes, image);
    });
}

/** Compressions of TIFF that sharp has not, by their number. */
const unreadCompressions: Readonly<Record<number, string>> = {
  34661: "JBIG",
  34712: "JPEG 2000",
  34925: "LZMA",
  50000: "Zstandard",
  50002: "JPEG XL",
};

function damaged(cause: unknown, bytes: Uint8Array, { kind, name }: ImageName): FormatError {
  const number = kind === "TIFF" ? readTiffTags(bytes)?.numbers.get(0x103) : undefined;
  const compression = unreadCompressions[number ?? 0];
  // The decoder's own words differ from one time to the next: its threads share them.
  const found =
    compression === undefined
      ? `a ${kind} that is damaged or of an unsupported kind`
      : `a TIFF in ${compression}, which is not supported: save it with another compression, such as LZW or Deflate`;
  return Object.assign(new FormatError(name, "the file", "an image that can be decoded", found), { cause });
}

async function loadSharp(): Promise<typeof sharpType> {
  try {
    const { default: sharp } = await import("sharp");
    // Pictures are decoded once: what sharp keeps of them is only in the way.
    sharp.cache(false);
    return sharp;
  } catch (cause) {
    const remedy = "Without it only JPEG and BMP can be read: run `npm install sharp`.";
    throw new UnavailableError("The package sharp cannot be loaded", remedy, { cause });
  }
}

/** Unpacks a gzip file; not by a stream of the web's, which jsdom lacks. */
export async function gunzip(packed: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(gunzipSync(packed));
}
