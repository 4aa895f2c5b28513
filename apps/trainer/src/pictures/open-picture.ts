import { readFileWhole } from "@featuremap/files";
import type { Pixels } from "@featuremap/images";
import { FormatError } from "@featuremap/tensor";
import { decodeBmp, readBmpHeader } from "./bmp.ts";
import { isCmykProfile, rgbaOfCmyk } from "./cmyk.ts";
import { headLength, kindOfFile } from "./picture-kind.ts";

/** A picture whose header is read, and whose pixels are not yet. */
export interface OpenPicture {
  /** What its file and its decoded pixels take together. */
  readonly bytes: number;
  /**
   * The picture as a browser shows it: upright, in sRGB, of an animation the first frame.
   *
   * @returns RGBA
   * @throws {FormatError} it is damaged.
   */
  decode(): Promise<Pixels>;
}

/** Which pictures are taken. */
export interface OpenPictureOptions {
  /** Most pixels; {@link usualMaxPixels} unless said otherwise. */
  readonly maxPixels?: number | undefined;
}

/** 400 MB of RGBA: more than cameras of today take, less than what stops a machine. */
export const usualMaxPixels = 100_000_000;

/** Bytes: more than a plain picture of that many pixels takes. */
const longestFile = 2 ** 29;

const readable = "an image (PNG, JPEG, WebP, GIF, AVIF, TIFF, BMP or SVG)";

/**
 * Opens an image file and reads its header.
 *
 * @throws {UnavailableError} there is no such file, or it cannot be read.
 * @throws {FormatError} it is no image, a damaged one, or has more than `maxPixels` pixels.
 */
export async function openPicture(path: string, options: OpenPictureOptions = {}): Promise<OpenPicture> {
  const { maxPixels = usualMaxPixels } = options;
  const bytes = await readFileWhole(path, { limit: longestFile });
  if (bytes.length === 0) throw new FormatError(path, "the file", readable, "an empty file");
  const kind = kindOfFile(bytes.subarray(0, headLength));
  if (kind?.decoder === undefined) {
    const found = kind === undefined ? "something else" : `${kind.name}, which is not read here`;
    throw new FormatError(path, "the file", readable, found);
  }
  const picture = kind.decoder === "bmp" ? openBmp(bytes, path) : await openWithSharp(bytes, path, kind.name);
  const { width, height } = picture;
  if (width * height > maxPixels) {
    const limit = `an image of at most ${maxPixels} pixels (--max-pixels raises it)`;
    throw new FormatError(path, "the file", limit, `${width} x ${height} = ${width * height}`);
  }
  return { bytes: bytes.length + width * height * 4, decode: () => picture.decode() };
}

interface SizedPicture {
  readonly width: number;
  readonly height: number;
  decode(): Promise<Pixels>;
}

function openBmp(bytes: Uint8Array, path: string): SizedPicture {
  const header = readBmpHeader(bytes, path);
  return { width: header.width, height: header.height, decode: async () => decodeBmp(bytes, header, path) };
}

/** Formats of several pages or frames give their first. */
async function openWithSharp(bytes: Uint8Array, path: string, kind: string): Promise<SizedPicture> {
  const { default: sharp } = await import("sharp");
  // Pictures are decoded once: what sharp keeps of them is only in the way.
  sharp.cache(false);
  const open = (settings = {}) =>
    sharp(bytes, { failOn: "error", limitInputPixels: false, ...settings }).timeout({ seconds: longestDecoding });
  const damaged = (cause: unknown): FormatError => {
    // The decoder's own words differ from one time to the next: its threads share them.
    const found = `a ${kind} that is damaged, or of a kind that is not read here`;
    return Object.assign(new FormatError(path, "the file", "an image that can be decoded", found), { cause });
  };
  const { width, height, depth, space, icc } = await open()
    .metadata()
    .catch((cause: unknown) => {
      throw damaged(cause);
    });
  const isCmyk = space === "cmyk";
  // Of what has no fixed range, such as floats in [0, 1] or in [0, 255], nobody can say what is white.
  if (depth !== "uchar" && (depth !== "ushort" || isCmyk)) {
    const bits = isCmyk ? "8 bits" : "8 or 16 bits";
    throw new FormatError(path, "the file", `an image of ${bits} for each value`, `a ${kind} of type ${depth}`);
  }
  const hasCmykProfile = isCmyk && isCmykProfile(icc);
  return {
    width,
    height,
    async decode() {
      const opened = open({ ignoreIcc: isCmyk && !hasCmykProfile });
      // Browsers leave a WebP as it lies, whatever its EXIF says.
      const upright = kind === "WebP" ? opened : opened.autoOrient();
      // Profiles of CMYK are then applied without black point compensation, as browsers do.
      const coloured = isCmyk ? upright.pipelineColourspace("cmyk") : upright;
      const inSpace =
        isCmyk && !hasCmykProfile ? coloured.toColourspace("cmyk") : coloured.toColourspace("srgb").ensureAlpha();
      const { data, info } = await inSpace
        .raw({ depth: "uchar" })
        .toBuffer({ resolveWithObject: true })
        .catch((cause: unknown) => {
          throw damaged(cause);
        });
      const rgba = isCmyk && !hasCmykProfile ? rgbaOfCmyk(data, info.channels) : data;
      if (rgba.length !== info.width * info.height * 4) {
        throw new FormatError(path, "the file", "a grey or colour image", `a ${kind} of ${info.channels} channels`);
      }
      return { data: rgba, width: info.width, height: info.height };
    },
  };
}

/** Seconds: far more than an honest picture takes. */
const longestDecoding = 60;
