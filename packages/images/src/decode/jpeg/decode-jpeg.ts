import { FormatError } from "@featuremap/tensor";
import { cropPixels } from "../../geometry/crop-pixels.ts";
import type { PixelBox } from "../../geometry/resize.ts";
import type { ColorMode } from "../colour-mode.ts";
import type { DecodedImage } from "../decoded-image.ts";
import { rgbOfInks } from "../cmyk.ts";
import type { ImageSize } from "../platform-request.ts";
import {
  type JpegHeader,
  endsAfterFirstScan,
  isProgressive,
  readJpegHeader,
  reachesItsEnd,
  requireDecodable,
} from "./jpeg-header.ts";
import { type JpegPart, type PixelFormat, TurboJpeg, bytesOf } from "./turbo-jpeg.ts";

/** What is asked of a JPEG's pixels. */
export interface JpegRequest {
  readonly name: string;
  readonly colorMode: ColorMode;
  /** Height and width as stored that must be reached; a smaller picture is decoded at an eighth, a quarter or a half. */
  readonly atLeast?: readonly [height: number, width: number] | undefined;
  /** The part that is given of a picture of a size, both as stored. Default: all of it. */
  readonly part?: ((size: ImageSize) => PixelBox) | undefined;
}

let current: Promise<TurboJpeg> | undefined;

/**
 * The pixels of a JPEG as they lie in the file, the same as Pillow's, handed on before anything else is decoded.
 *
 * Damage that decoders work around is passed over, as Pillow does; a file that was cut off is refused, as Pillow does.
 *
 * @throws {FormatError} it is damaged, cut off, or of a kind that is not read.
 * @throws {OutOfMemoryError}
 */
export async function decodeJpeg<Result>(
  bytes: Uint8Array,
  { name, colorMode, atLeast, part }: JpegRequest,
  use: (image: DecodedImage) => Result,
): Promise<Result> {
  const header = readJpegHeader(bytes);
  if (header === undefined || header.width === 0 || header.height === 0) throw damaged(name);
  const hasOneScan = endsAfterFirstScan(bytes, header);
  requireDecodable(bytes, header, hasOneScan, name);
  const scaled = scaledSize(header, atLeast);
  const all = { left: 0, top: 0, ...scaled.size };
  const wanted = part?.(scaled.size) ?? all;
  // What is wrong with a file must not depend on the part.
  const box = isProgressive(header) || hasOneScan ? wanted : all;
  const format: PixelFormat = header.components === 1 ? "grey" : header.components === 4 ? "inks" : formatOf(colorMode);
  return withEngine((engine) => {
    const decoded = engine.decode(bytes, { ...scaled, box }, format);
    if (decoded === undefined) throw damaged(name);
    if (decoded.hasWarnings && !reachesItsEnd(bytes, header)) {
      throw damaged(name, ": it was cut off before its end");
    }
    const { width, height } = box;
    // Every program stores the inks of a JPEG inverted, as Adobe's did.
    const isInks = format === "inks";
    const data = isInks ? rgbOfInks(decoded.data, 4, "inverted") : decoded.data;
    const channels = isInks ? 3 : (bytesOf[format] as DecodedImage["channels"]);
    const image = { data, width, height };
    return box === wanted
      ? use({ ...image, channels, isLent: !isInks })
      : use({ ...cropPixels(image, wanted), channels });
  });
}

function formatOf(colorMode: ColorMode): PixelFormat {
  return colorMode === "rgba" ? "rgba" : "rgb";
}

function damaged(name: string, how = ""): FormatError {
  return new FormatError(name, "the file", "an image that can be decoded", `a JPEG that is damaged${how}`);
}

/** Between the check and the work nothing else runs: pictures that are decoded at once share the decoder. */
async function withEngine<Result>(work: (engine: TurboJpeg) => Result): Promise<Result> {
  for (;;) {
    const opening = (current ??= TurboJpeg.open());
    const engine = await opening.catch((error: unknown) => {
      // Its module may have been out of reach for a moment.
      if (current === opening) current = undefined;
      throw error;
    });
    if (engine.isUsable) return work(engine);
    if (current === opening) current = undefined;
  }
}

/** The smallest of the sizes that libjpeg decodes at less cost; those that Pillow's `draft` chooses from. */
function scaledSize({ width, height }: JpegHeader, atLeast: JpegRequest["atLeast"]): Omit<JpegPart, "box"> {
  const [wantedHeight, wantedWidth] = atLeast ?? [height, width];
  for (const denominator of [8, 4, 2]) {
    const size = { width: Math.ceil(width / denominator), height: Math.ceil(height / denominator) };
    // An eighth of a single pixel is as large as the pixel, and not as good.
    if (size.width === width && size.height === height) continue;
    if (size.width >= wantedWidth && size.height >= wantedHeight) return { denominator, size };
  }
  return { denominator: 1, size: { width, height } };
}
