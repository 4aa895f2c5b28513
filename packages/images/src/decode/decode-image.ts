import { decodeOnPlatform, sizeOnPlatform } from "#decoders";
import { AbortedError, FormatError, InvalidConfigError } from "@featuremap/tensor";
import { cropPixels } from "../geometry/crop-pixels.ts";
import { type PixelBox, requireBox } from "../geometry/resize.ts";
import type { Pixels } from "../pixels.ts";
import { decodeBmp, readBmpHeader } from "./bmp.ts";
import { inColorMode } from "./colour-mode.ts";
import { type DecodeOptions, checkDecodeArguments } from "./decode-options.ts";
import type { DecodedImage } from "./decoded-image.ts";
import { withGround, withStoredColours, withoutTransparency } from "./gif-transparency.ts";
import type { ImageKind } from "./header/image-kind.ts";
import { type ImageHeader, readImageHeader } from "./header/image-header.ts";
import { decodeJpeg } from "./jpeg/decode-jpeg.ts";
import { type Orientation, liesOnItsSide, storedBox, turnUpright, undoing, uprightSize } from "./orientation.ts";
import { type PixelLimit, pixelCheck } from "./pixel-limit.ts";
import type { ImageSize, PlatformRequest } from "./platform-request.ts";

const readable = "an image (PNG, JPEG, WebP, GIF, AVIF, TIFF, BMP or SVG)";

/**
 * Decodes an image file to bytes: the pixels that Pillow's `convert` gives, to within 2 of 255, in Node and in a page.
 *
 * Which format it is, its first bytes say. Colour profiles are not applied, and without alpha (`rgb`, `grayscale`) a pixel
 * has the colour that is stored for it, however transparent it is. Of several frames or pages the first is
 * given.
 *
 * Four things differ from Pillow 12. Of 16 bits the upper 8 are taken, as by TensorFlow, where Pillow makes all above 255 white in a
 * grey PNG. The colour that a PNG of 2, 4 or 16 bits makes transparent is transparent, as PNG says. In
 * Node an AVIF is within 4 of 255; where its chroma is halved and its width odd, in the last column the chroma is mixed with its
 * neighbour's, as within the picture, where Pillow repeats it. And bit fields of a BMP may have any order.
 *
 * @throws {FormatError} it is not an image, damaged, of a format that is not read, or has more than `maxPixels` pixels.
 * @throws {InvalidConfigError} the bytes or an option are not what they may be.
 * @throws {AbortedError} the signal was raised.
 * @throws {UnavailableError} in Node, the package that decodes it (sharp; for AVIF `@jsquash/avif`) is not installed.
 */
export async function decodeImage(bytes: Uint8Array, options: DecodeOptions = {}): Promise<Pixels> {
  return open("decodeImage", bytes, options, ({ data, width, height, isLent }) => {
    return { data: isLent === true ? data.slice() : data, width, height };
  });
}

/**
 * Decodes an image file as {@link decodeImage} does, and lends its pixels: they count until `use` returns, and may lie in memory that
 * the next picture takes. So nothing is copied of what is only looked at, or made smaller.
 *
 * @param use called once, after all that `decodeImage` throws
 * @returns what `use` gives
 */
export async function lendImage<Result>(
  bytes: Uint8Array,
  options: DecodeOptions,
  use: (pixels: Pixels) => Result,
): Promise<Result> {
  if (typeof use !== "function") throw new InvalidConfigError("lendImage", "use", "a function of the pixels", use);
  return open("lendImage", bytes, options, ({ data, width, height }) => use({ data, width, height }));
}

type Use<Result> = (pixels: Pixels & { readonly isLent?: boolean }) => Result;

async function open<Result>(
  owner: string,
  bytes: Uint8Array,
  options: DecodeOptions,
  use: Use<Result>,
): Promise<Result> {
  checkDecodeArguments(owner, bytes, options);
  const { name = "image", colorMode = "rgb", orientation = "exif", signal } = options;
  const { kind, header } = openHeader(bytes, name);
  const checkPixels = pixelCheck(name, options);
  checkPixels({ width: header.width ?? 0, height: header.height ?? 0 });
  throwIfAborted(name, signal);
  const part = options.part && ((size: ImageSize) => requireBox(owner, options.part?.(size) as PixelBox, size));
  const wanted = orientation === "exif" ? header.orientation : 1;
  const finish = (decoded: DecodedImage, turn: Orientation, box?: PixelBox): Result => {
    throwIfAborted(name, signal);
    if (header.hasMoreFrames) {
      const message = `${name}: only the first frame of this ${kind} is used.`;
      options.onNote?.({ code: "FIRST_FRAME", kind, message });
    }
    const upright = turnUpright(decoded, turn);
    const { channels } = upright;
    const cut = box === undefined ? upright : { ...cropPixels(upright, box), channels };
    const data = inColorMode(cut, colorMode);
    const isLent = decoded.isLent === true && data === decoded.data;
    return use({ data, width: cut.width, height: cut.height, isLent });
  };
  if (kind === "JPEG") {
    const { atLeast } = options;
    const stored = atLeast !== undefined && liesOnItsSide(wanted) ? ([atLeast[1], atLeast[0]] as const) : atLeast;
    const storedPart = part && ((size: ImageSize) => storedBox(part(uprightSize(size, wanted)), size, wanted));
    const request = { name, colorMode, atLeast: stored, part: storedPart };
    return decodeJpeg(bytes, request, (decoded) => finish(decoded, wanted));
  }
  const decoded = await decode(bytes, kind, { name, checkPixels, keepsAlpha: colorMode === "rgba" });
  const turn = decoded.isUpright === true ? (wanted === 1 ? undoing(header.orientation) : 1) : wanted;
  throwIfAborted(name, signal);
  return finish(decoded, turn, part?.(uprightSize(decoded, turn)));
}

/**
 * Width and height of a picture as it is stored, without decoding it.
 *
 * @throws {FormatError} as `decodeImage` does, as far as a file's header tells.
 */
export async function measureImage(
  bytes: Uint8Array,
  options: Pick<DecodeOptions, "name" | keyof PixelLimit> = {},
): Promise<ImageSize> {
  checkDecodeArguments("measureImage", bytes, options);
  const { name = "image" } = options;
  const { kind, header } = openHeader(bytes, name);
  const { width, height } = header;
  const isKnown = width !== undefined && height !== undefined;
  const size = isKnown ? { width, height } : await sizeOnPlatform(bytes, { kind, name });
  pixelCheck(name, options)(size);
  return size;
}

/** @throws {FormatError} it is none of the formats that are decoded. */
function openHeader(bytes: Uint8Array, name: string): { readonly kind: ImageKind; readonly header: ImageHeader } {
  if (bytes.length === 0) throw new FormatError(name, "the file", readable, "an empty file");
  const header = readImageHeader(bytes);
  const { kind } = header;
  if (kind?.isRead === true) return { kind: kind.name, header };
  const remedy = kind?.remedy === undefined ? "" : `: ${kind.remedy}`;
  const found = kind === undefined ? "something else" : `${kind.name}, which is not supported${remedy}`;
  throw new FormatError(name, "the file", readable, found);
}

/** What is not JPEG. */
async function decode(
  bytes: Uint8Array,
  kind: ImageKind,
  { name, checkPixels, keepsAlpha }: Omit<PlatformRequest, "kind">,
): Promise<DecodedImage> {
  if (kind === "BMP") return decodeBmp(bytes, readBmpHeader(bytes, name), name);
  const request = { kind, name, checkPixels, keepsAlpha };
  if (kind !== "GIF") return decodeOnPlatform(bytes, request);
  const opaque = withoutTransparency(bytes);
  const stored = await decodeOnPlatform(opaque, request);
  if (!keepsAlpha || opaque === bytes) return withGround(stored, bytes);
  const shown = withStoredColours(await decodeOnPlatform(bytes, request), stored, bytes);
  return withGround(shown, bytes);
}

function throwIfAborted(name: string, signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new AbortedError(`Decoding ${name} was stopped.`, { cause: signal.reason });
}
