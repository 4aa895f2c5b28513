import { FormatError, InvalidConfigError, describeValue } from "@featuremap/tensor";
import { type ColorMode, colorModes } from "../decode/colour-mode.ts";
import type { Interpolation } from "../geometry/axis-taps.ts";
import { interpolations } from "../geometry/resize.ts";

/** How a picture becomes a model's input; stored beside the weights, executed alike by trainer and page. */
export interface Preprocessing {
  /** Height and width in pixels that the model takes. */
  readonly size: readonly [height: number, width: number];
  /** `grayscale` gives 1 channel (ITU-R BT.601 luma), `rgb` 3, `rgba` 4: without alpha a picture is opaque. */
  readonly channels: ColorMode;
  /** How another size is brought to `size`, by the names of `tf.image.resize`. */
  readonly resize: Interpolation;
  /**
   * `none` stretches the whole picture; `center` first cuts the largest centred part of the target's aspect ratio; `pad`
   * keeps the picture's own and adds black borders.
   */
  readonly crop: "none" | "center" | "pad";
  /** Factor on pixel values 0 to 255, before mean and standard deviation: `1 / 255` gives [0, 1]. */
  readonly scale: number;
  /** Subtracted after scaling: one number a channel. */
  readonly mean: readonly number[];
  /** Divides after `mean` is subtracted: one number a channel. */
  readonly standardDeviation: readonly number[];
  /**
   * How a file's pixels lie before all that: `exif` turns them upright, as a person sees the picture; `stored` leaves them
   * as the file has them. Pixels, canvases and frames stay as they are given. Default: `exif`, which is not written down.
   */
  readonly orientation?: "exif" | "stored";
  /**
   * Which colour comes first in an input of three channels: blue in networks that come from Caffe, as Keras's VGG16 and ResNet50.
   * `mean` and `standardDeviation` are in this order too. Default: `rgb`, which is not written down.
   */
  readonly channelOrder?: "rgb" | "bgr";
}

const expectedChannels = '"grayscale", "rgb" or "rgba"';

/** Stretches to `size` and multiplies by `scale`; no crop, mean 0. Scale 1 is for models that begin with Rescaling. */
export function plainPreprocessing(
  size: readonly [height: number, width: number],
  channels: Preprocessing["channels"],
  scale = 1,
): Preprocessing {
  // What is none is refused with the whole.
  const count = isColorMode(channels) ? channelCount(channels) : 0;
  const description: Preprocessing = {
    size,
    channels,
    resize: "bilinear",
    crop: "none",
    scale,
    mean: new Array<number>(count).fill(0),
    standardDeviation: new Array<number>(count).fill(1),
  };
  return requirePreprocessing(description, "plainPreprocessing");
}

/**
 * Channels of a model input: 1 for `grayscale`, 3 for `rgb`, 4 for `rgba`.
 *
 * @throws {InvalidConfigError} it is none of these.
 */
export function channelCount(channels: Preprocessing["channels"]): 1 | 3 | 4 {
  if (isColorMode(channels)) return colorModes[channels];
  throw new InvalidConfigError("channelCount", "channels", expectedChannels, channels);
}

/**
 * Checks a description that came from a file.
 *
 * @param source the file, for the error
 * @throws {FormatError} a field is missing, unknown or of the wrong kind.
 */
export function parsePreprocessing(value: unknown, source: string): Preprocessing {
  return check(value, (field, expected, found) => {
    throw new FormatError(
      source,
      `preprocessing${field}`,
      expected,
      found === undefined ? "nothing" : describeValue(found),
    );
  });
}

/**
 * Checks a description that came from code.
 *
 * @param owner who was given it, for the error
 * @throws {InvalidConfigError} a field is missing, unknown or of the wrong kind.
 */
export function requirePreprocessing(description: Preprocessing, owner: string): Preprocessing {
  return check(description, (field, expected, found) => {
    throw new InvalidConfigError(owner, `preprocessing${field}`, expected, found);
  });
}

/**
 * Which of a picture's channels each channel of the input is: the same one, unless blue comes first.
 *
 * @throws {InvalidConfigError} `channelOrder` is neither `rgb` nor `bgr`.
 */
export function pictureChannels(description: Pick<Preprocessing, "channelOrder">): readonly number[] {
  // What plain JavaScript may hand over.
  const { channelOrder = "rgb" } = Object(description) as Partial<Preprocessing>;
  if (channelOrder === "bgr") return [2, 1, 0];
  if (channelOrder === "rgb") return [0, 1, 2, 3];
  throw new InvalidConfigError("pictureChannels", "channelOrder", '"rgb" or "bgr"', channelOrder);
}

const fields: ReadonlySet<string> = new Set(
  Object.keys({
    size: true,
    channels: true,
    resize: true,
    crop: true,
    scale: true,
    mean: true,
    standardDeviation: true,
    orientation: true,
    channelOrder: true,
  } satisfies Record<keyof Preprocessing, true>),
);

function check(value: unknown, fail: (field: string, expected: string, found: unknown) => never): Preprocessing {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    return fail("", "an object (plainPreprocessing makes one)", value);
  const { size, channels, resize, crop, scale, mean, standardDeviation, orientation, channelOrder } = value as Record<
    string,
    unknown
  >;
  if (!Array.isArray(size) || size.length !== 2 || !size.every((length) => Number.isInteger(length) && length > 0)) {
    return fail(".size", "two positive integers", size);
  }
  if (!isColorMode(channels)) return fail(".channels", expectedChannels, channels);
  if (!isInterpolation(resize)) return fail(".resize", `one of ${interpolations.join(", ")}`, resize);
  if (crop !== "none" && crop !== "center" && crop !== "pad") return fail(".crop", '"none", "center" or "pad"', crop);
  if (typeof scale !== "number" || !Number.isFinite(scale)) return fail(".scale", "a finite number", scale);
  const count = channelCount(channels);
  const perChannel = (entries: unknown): entries is number[] =>
    Array.isArray(entries) && entries.length === count && entries.every((entry) => Number.isFinite(entry));
  if (!perChannel(mean)) return fail(".mean", `${count} finite numbers`, mean);
  if (!perChannel(standardDeviation) || standardDeviation.includes(0)) {
    return fail(".standardDeviation", `${count} finite numbers other than 0`, standardDeviation);
  }
  if (orientation !== undefined && orientation !== "exif" && orientation !== "stored") {
    return fail(".orientation", '"exif" or "stored"', orientation);
  }
  const mayTurn = channels === "rgb" ? ["rgb", "bgr"] : ["rgb"];
  if (channelOrder !== undefined && !mayTurn.some((order) => order === channelOrder)) {
    return fail(".channelOrder", '"rgb", or "bgr" where channels are "rgb"', channelOrder);
  }
  // A step this version does not know would be left out in silence, and the model fed something else.
  const unknown = Object.keys(value).find((field) => !fields.has(field));
  if (unknown !== undefined) return fail("", `made of ${[...fields].join(", ")}`, unknown);
  const [height, width] = size as [number, number];
  // What is the default stays unwritten: bundles that turn pictures upright are read by versions without the field.
  return {
    size: [height, width],
    channels,
    resize,
    crop,
    scale,
    mean,
    standardDeviation,
    ...(orientation === "stored" && { orientation }),
    ...(channelOrder === "bgr" && { channelOrder }),
  };
}

function isColorMode(name: unknown): name is ColorMode {
  return typeof name === "string" && Object.hasOwn(colorModes, name);
}

function isInterpolation(name: unknown): name is Interpolation {
  return typeof name === "string" && interpolations.includes(name);
}
