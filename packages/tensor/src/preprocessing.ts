import { FormatError, ShapeError } from "./errors.ts";
import { HostArray } from "./host-array.ts";
import { formatShape } from "./shape.ts";

/** How a picture becomes a model's input; stored beside the weights, executed alike by trainer and page. */
export interface Preprocessing {
  /** Height and width in pixels that the model takes. */
  readonly size: readonly [height: number, width: number];
  /** `grayscale` gives 1 channel (ITU-R BT.601 luma), `rgb` 3. */
  readonly channels: "grayscale" | "rgb";
  /** How another size is brought to `size`: `bilinear` with half-pixel centres, or `nearest`. */
  readonly resize: "bilinear" | "nearest";
  /** `none` stretches the whole picture; `center` first cuts the largest centred part of the target's aspect ratio. */
  readonly crop: "none" | "center";
  /** Factor on pixel values 0 to 255, before mean and standard deviation: `1 / 255` gives [0, 1]. */
  readonly scale: number;
  /** Subtracted after scaling: one number a channel. */
  readonly mean: readonly number[];
  /** Divides after `mean` is subtracted: one number a channel. */
  readonly standardDeviation: readonly number[];
}

/** Pixels row by row, 1 (grey), 3 (RGB) or 4 (RGBA) bytes each; `ImageData` is one with 4. */
export interface Pixels {
  readonly data: Uint8Array | Uint8ClampedArray;
  readonly width: number;
  readonly height: number;
}

/** Numbers in, numbers out, `scale` 1: what a model that begins with Rescaling takes. */
export function plainPreprocessing(
  size: readonly [height: number, width: number],
  channels: Preprocessing["channels"],
  scale = 1,
): Preprocessing {
  const count = channelCount(channels);
  return {
    size,
    channels,
    resize: "bilinear",
    crop: "none",
    scale,
    mean: new Array<number>(count).fill(0),
    standardDeviation: new Array<number>(count).fill(1),
  };
}

/** Channels of a model input: 1 for `grayscale`, 3 for `rgb`. */
export function channelCount(channels: Preprocessing["channels"]): 1 | 3 {
  return channels === "grayscale" ? 1 : 3;
}

/**
 * Checks a description that came from a file.
 *
 * @param source the file, for the error
 * @throws {FormatError} a field is missing or of the wrong kind.
 */
export function parsePreprocessing(value: unknown, source: string): Preprocessing {
  const fail = (field: string, expected: string, found: unknown): never => {
    throw new FormatError(source, `preprocessing.${field}`, expected, JSON.stringify(found) ?? "nothing");
  };
  if (typeof value !== "object" || value === null) {
    throw new FormatError(source, "preprocessing", "an object", JSON.stringify(value) ?? "nothing");
  }
  const { size, channels, resize, crop, scale, mean, standardDeviation } = value as Record<string, unknown>;
  const positive = (entry: unknown): entry is number => Number.isInteger(entry) && (entry as number) > 0;
  const [height, width] = Array.isArray(size) ? (size as unknown[]) : [];
  if (!positive(height) || !positive(width)) return fail("size", "two positive integers", size);
  if (channels !== "grayscale" && channels !== "rgb") return fail("channels", '"grayscale" or "rgb"', channels);
  if (resize !== "bilinear" && resize !== "nearest") return fail("resize", '"bilinear" or "nearest"', resize);
  if (crop !== "none" && crop !== "center") return fail("crop", '"none" or "center"', crop);
  if (typeof scale !== "number" || !Number.isFinite(scale)) return fail("scale", "a finite number", scale);
  const count = channelCount(channels);
  const perChannel = (entries: unknown): entries is number[] =>
    Array.isArray(entries) && entries.length === count && entries.every((entry) => Number.isFinite(entry));
  if (!perChannel(mean)) return fail("mean", `${count} finite numbers`, mean);
  if (!perChannel(standardDeviation) || standardDeviation.includes(0)) {
    return fail("standardDeviation", `${count} finite numbers other than 0`, standardDeviation);
  }
  return { size: [height, width], channels, resize, crop, scale, mean, standardDeviation };
}

/**
 * Turns one picture into a model's input.
 *
 * Order: crop, resize, channels, then `(value * scale - mean) / standardDeviation`. Alpha is blended over black.
 *
 * @returns float32 of shape `[height, width, channels]`
 * @throws {ShapeError} the pixels are not 1, 3 or 4 bytes for each of `width * height`.
 */
export function preprocessPixels(pixels: Pixels, description: Preprocessing): HostArray<Float32Array> {
  const { width, height } = pixels;
  const depth = pixels.data.length / (width * height);
  if (depth !== 1 && depth !== 3 && depth !== 4) {
    throw new ShapeError("preprocessPixels", "pixels", `1, 3 or 4 bytes for each of ${width} x ${height}`, `${depth}`);
  }
  const [targetHeight, targetWidth] = description.size;
  const window = cropWindow(width, height, targetWidth / targetHeight, description.crop);
  const rows = axisSamples(window.top, window.height, targetHeight, height, description.resize);
  const columns = axisSamples(window.left, window.width, targetWidth, width, description.resize);
  const channels = channelCount(description.channels);
  const output = new Float32Array(targetHeight * targetWidth * channels);
  const pixel = new Float64Array(3);
  let offset = 0;
  for (const row of rows) {
    for (const column of columns) {
      pixel.fill(0);
      addPixel(pixels, depth, row.low, column.low, (1 - row.weight) * (1 - column.weight), pixel);
      addPixel(pixels, depth, row.low, column.high, (1 - row.weight) * column.weight, pixel);
      addPixel(pixels, depth, row.high, column.low, row.weight * (1 - column.weight), pixel);
      addPixel(pixels, depth, row.high, column.high, row.weight * column.weight, pixel);
      const [red = 0, green = 0, blue = 0] = pixel;
      if (channels === 1 && depth !== 1) pixel[0] = 0.299 * red + 0.587 * green + 0.114 * blue;
      for (let channel = 0; channel < channels; channel++) {
        output[offset++] =
          ((pixel[channel] ?? 0) * description.scale - (description.mean[channel] ?? 0)) /
          (description.standardDeviation[channel] ?? 1);
      }
    }
  }
  return new HostArray(output, [targetHeight, targetWidth, channels]);
}

/**
 * Turns stored pictures of the model's own size and channels into a batch, without resizing.
 *
 * @param images uint8 of shape `[count, height, width, channels]`
 * @param order which images, in which order
 * @returns float32 of shape `[order.length, height, width, channels]`
 * @throws {ShapeError} size or channels differ from the description's.
 */
export function preprocessBatch(
  images: HostArray<Uint8Array>,
  order: ArrayLike<number>,
  description: Preprocessing,
): HostArray<Float32Array> {
  const expected = [...description.size, channelCount(description.channels)];
  const entry = images.shape.slice(1);
  if (entry.length !== 3 || entry.some((length, axis) => length !== expected[axis])) {
    throw new ShapeError("preprocessBatch", "images", formatShape([null, ...expected]), formatShape(images.shape));
  }
  const channels = channelCount(description.channels);
  const tables = Array.from({ length: channels }, (_, channel) =>
    Float32Array.from(
      { length: 256 },
      (_value, byte) =>
        (byte * description.scale - (description.mean[channel] ?? 0)) / (description.standardDeviation[channel] ?? 1),
    ),
  );
  const size = entry.reduce((product, length) => product * length, 1);
  const output = new Float32Array(order.length * size);
  for (let index = 0; index < order.length; index++) {
    const from = (order[index] ?? 0) * size;
    const to = index * size;
    for (let channel = 0; channel < channels; channel++) {
      const table = tables[channel] as Float32Array;
      for (let element = channel; element < size; element += channels) {
        output[to + element] = table[images.data[from + element] as number] as number;
      }
    }
  }
  return new HostArray(output, [order.length, ...entry]);
}

interface AxisSample {
  readonly low: number;
  readonly high: number;
  readonly weight: number;
}

function cropWindow(width: number, height: number, aspect: number, crop: Preprocessing["crop"]) {
  if (crop === "none") return { left: 0, top: 0, width, height };
  const kept = { width: Math.min(width, height * aspect), height: Math.min(height, width / aspect) };
  return { left: (width - kept.width) / 2, top: (height - kept.height) / 2, ...kept };
}

function axisSamples(
  start: number,
  length: number,
  target: number,
  limit: number,
  resize: Preprocessing["resize"],
): AxisSample[] {
  return Array.from({ length: target }, (_, index) => {
    const center = start + ((index + 0.5) * length) / target;
    if (resize === "nearest") {
      const nearest = clamp(Math.floor(center), limit);
      return { low: nearest, high: nearest, weight: 0 };
    }
    const position = center - 0.5;
    const low = Math.floor(position);
    return { low: clamp(low, limit), high: clamp(low + 1, limit), weight: position - low };
  });
}

function clamp(index: number, limit: number): number {
  return Math.min(Math.max(index, 0), limit - 1);
}

function addPixel(
  pixels: Pixels,
  depth: number,
  row: number,
  column: number,
  weight: number,
  into: Float64Array,
): void {
  if (weight === 0) return;
  const offset = (row * pixels.width + column) * depth;
  const alpha = depth === 4 ? (pixels.data[offset + 3] ?? 255) / 255 : 1;
  for (let channel = 0; channel < 3; channel++) {
    const byte = pixels.data[offset + (depth === 1 ? 0 : channel)] ?? 0;
    into[channel] = (into[channel] ?? 0) + byte * alpha * weight;
  }
}
