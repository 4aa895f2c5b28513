import { FormatError } from "@featuremap/tensor";
import type { ColorMode } from "../colour-mode.ts";
import type { DecodedImage } from "../decoded-image.ts";
import { rgbOfInks } from "../cmyk.ts";
import { type JpegHeader, readJpegHeader, reachesItsEnd, requireDecodable } from "./jpeg-header.ts";
import { type PixelFormat, TurboJpeg, bytesOf } from "./turbo-jpeg.ts";

/** What is asked of a JPEG's pixels. */
export interface JpegRequest {
  readonly name: string;
  readonly colorMode: ColorMode;
  /** Height and width as stored that must be reached; a smaller picture is decoded at an eighth, a quarter or a half. */
  readonly atLeast?: readonly [height: number, width: number] | undefined;
}

let current: Promise<TurboJpeg> | undefined;

/**
 * The pixels of a JPEG as they lie in the file, the same as Pillow's.
 *
 * Damage that decoders work around is passed over, as Pillow does; a file that was cut off is refused, as Pillow does.
 *
 * @throws {FormatError} it is damaged, cut off, or of a kind that is not read.
 * @throws {OutOfMemoryError}
 */
export async function decodeJpeg(bytes: Uint8Array, { name, colorMode, atLeast }: JpegRequest): Promise<DecodedImage> {
  const header = readJpegHeader(bytes);
  if (header === undefined || header.width === 0 || header.height === 0) throw damaged(name);
  requireDecodable(bytes, header, name);
  const size = scaledSize(header, atLeast);
  const format: PixelFormat = header.components === 1 ? "grey" : header.components === 4 ? "inks" : formatOf(colorMode);
  const decoded = await withEngine((engine) => engine.decode(bytes, size, format));
  if (decoded === undefined) throw damaged(name);
  if (decoded.hasWarnings && !reachesItsEnd(bytes, header)) {
    throw damaged(name, ": it was cut off before its end");
  }
  const { data } = decoded;
  // Every program stores the inks of a JPEG inverted, as Adobe's did.
  if (format === "inks") return { ...size, data: rgbOfInks(data, 4, "inverted"), channels: 3 };
  return { ...size, data, channels: bytesOf[format] as DecodedImage["channels"] };
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
function scaledSize(
  { width, height }: JpegHeader,
  atLeast: JpegRequest["atLeast"],
): { readonly width: number; readonly height: number } {
  const [wantedHeight, wantedWidth] = atLeast ?? [height, width];
  for (const part of [8, 4, 2]) {
    const scaled = { width: Math.ceil(width / part), height: Math.ceil(height / part) };
    if (scaled.width >= wantedWidth && scaled.height >= wantedHeight) return scaled;
  }
  return { width, height };
}
