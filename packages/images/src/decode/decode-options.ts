import { InvalidConfigError, type OptionNames, checkOptions } from "@featuremap/tensor";
import { type ColorMode, colorModes } from "./colour-mode.ts";
import { requireFileBytes } from "./header/file-bytes.ts";
import type { PixelBox } from "../geometry/resize.ts";
import type { ImageKind } from "./header/image-kind.ts";
import type { PixelLimit } from "./pixel-limit.ts";
import type { ImageSize } from "./platform-request.ts";

/** How to decode a picture. */
export interface DecodeOptions extends PixelLimit {
  /** What errors call the picture, such as its path. Default: `image`. */
  readonly name?: string | undefined;
  /** Grey, colour, or colour with alpha: 1, 3 or 4 bytes per pixel. Default: `rgb`. */
  readonly colorMode?: ColorMode | undefined;
  /**
   * `exif`: upright, as a person sees it and Pillow's `ImageOps.exif_transpose` gives it. `stored`: as the pixels lie in
   * the file, as Keras's `load_img` and `image_dataset_from_directory` give them. Default: `exif`.
   */
  readonly orientation?: "exif" | "stored" | undefined;
  /**
   * Height and width that are enough: where it is cheaper, a smaller picture is given, though never a smaller one than
   * this. A JPEG is decoded at a half, a quarter or an eighth of its size, as by Pillow's `draft`. Default: the whole size.
   */
  readonly atLeast?: readonly [height: number, width: number] | undefined;
  /**
   * Called once with the size that the picture is going to have, and gives the part of it that is wanted: of a JPEG hardly more
   * is decoded. Default: all of it.
   */
  readonly part?: ((size: ImageSize) => PixelBox) | undefined;
  /** Stops before the next part of the work. */
  readonly signal?: AbortSignal | undefined;
  /** Called with what the pixels do not show, such as that only the first frame of an animation was taken. */
  readonly onNote?: ((note: DecodeNote) => void) | undefined;
}

/** Something worth saying about a picture that was decoded. */
export interface DecodeNote {
  readonly code: "FIRST_FRAME";
  /** The file's format. */
  readonly kind: ImageKind;
  readonly message: string;
}

const optionNames: OptionNames<DecodeOptions> = {
  name: true,
  maxPixels: true,
  limitName: true,
  colorMode: true,
  orientation: true,
  atLeast: true,
  part: true,
  signal: true,
  onNote: true,
};

/** @throws {InvalidConfigError} the bytes or an option are not what they may be. */
export function checkDecodeArguments(owner: string, bytes: unknown, options: DecodeOptions): void {
  const refuse = (option: string, expected: string, value: unknown): never => {
    throw new InvalidConfigError(owner, option, expected, value);
  };
  requireFileBytes(owner, bytes);
  checkOptions(owner, options, optionNames);
  const { name, maxPixels, limitName, colorMode, orientation, atLeast, part, signal, onNote } = options;
  if (name !== undefined && typeof name !== "string") refuse("name", "text", name);
  if (limitName !== undefined && typeof limitName !== "string") refuse("limitName", "text", limitName);
  if (maxPixels !== undefined && !(typeof maxPixels === "number" && maxPixels >= 1)) {
    refuse("maxPixels", "a number of at least 1", maxPixels);
  }
  if (colorMode !== undefined && !(typeof colorMode === "string" && Object.hasOwn(colorModes, colorMode))) {
    refuse("colorMode", '"grayscale", "rgb" or "rgba"', colorMode);
  }
  if (orientation !== undefined && orientation !== "exif" && orientation !== "stored") {
    refuse("orientation", '"exif" or "stored"', orientation);
  }
  const isSize = (value: unknown): boolean =>
    Array.isArray(value) && value.length === 2 && value.every((side) => Number.isInteger(side) && side >= 1);
  if (atLeast !== undefined && !isSize(atLeast)) refuse("atLeast", "[height, width] in pixels", atLeast);
  if (part !== undefined && typeof part !== "function") refuse("part", "a function of the picture's size", part);
  if (signal !== undefined && !(signal instanceof AbortSignal)) refuse("signal", "an AbortSignal", signal);
  if (onNote !== undefined && typeof onNote !== "function") refuse("onNote", "a function", onNote);
}
