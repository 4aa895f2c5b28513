import type { ImageExampleOptions } from "@featuremap/datasets";
import { type Pixels, type Preprocessing, channelCount, preprocessBatch } from "@featuremap/images";
import type { Model } from "@featuremap/layers";
import { HostArray, sizeOf } from "@featuremap/tensor";

/** How files are read so that their pictures have the network's size and channels. */
export function readingFor(
  preprocessing: Preprocessing,
  workers: number | undefined,
): Omit<ImageExampleOptions, "augment" | "cache" | "seed" | "shuffle"> {
  const { size, channels, resize, crop, orientation = "exif" } = preprocessing;
  return {
    imageSize: size,
    colorMode: channels,
    interpolation: resize,
    cropToAspectRatio: crop === "center",
    padToAspectRatio: crop === "pad",
    orientation,
    ...(workers === undefined ? {} : { workers }),
  };
}

/** Where the network has its channels: only its input shape tells. */
function isChannelsFirst(model: Model, [height, width, channels]: readonly [number, number, number]): boolean {
  const [, ...shape] = model.inputShape;
  const fits = (expected: readonly number[]): boolean =>
    shape.length === 3 && shape.every((length, axis) => length === null || length === expected[axis]);
  return !fits([height, width, channels]) && fits([channels, height, width]);
}

/** Pictures of the network's size as its input. */
export function inputsOf(
  model: Model,
  pictures: readonly Pixels[],
  preprocessing: Preprocessing,
): HostArray<Float32Array> {
  const [height, width] = preprocessing.size;
  const entry = [height, width, channelCount(preprocessing.channels)] as const;
  const bytes = new Uint8Array(pictures.length * sizeOf(entry));
  pictures.forEach(({ data }, index) => bytes.set(data, index * sizeOf(entry)));
  const stored = new HostArray(bytes, [pictures.length, ...entry]);
  const inputs = preprocessBatch(
    stored,
    pictures.map((_, index) => index),
    preprocessing,
  );
  return asInputOf(model, inputs);
}

/**
 * Preprocessed pictures, `[pictures, height, width, channels]`, as a network takes them.
 *
 * Channels come first where it wants them so, and pictures are single rows or grey without an axis for it where it takes such.
 */
export function asInputOf(model: Model, inputs: HostArray<Float32Array>): HostArray<Float32Array> {
  const [count = 0, height = 1, width = 1, channels = 1] = inputs.shape;
  const entry = [height, width, channels] as const;
  if (isChannelsFirst(model, entry)) return channelsFirst(inputs);
  const shape = model.inputShape.slice(1).map((length, axis) => length ?? entry[axis] ?? 1);
  const isOther = shape.length !== 3 && sizeOf(shape) === sizeOf(entry);
  return isOther ? new HostArray(inputs.data, [count, ...shape]) : inputs;
}

function channelsFirst({ data, shape }: HostArray<Float32Array>): HostArray<Float32Array> {
  const [count = 0, height = 0, width = 0, channels = 0] = shape;
  const area = height * width;
  const turned = new Float32Array(data.length);
  for (let image = 0; image < count; image++) {
    for (let pixel = 0; pixel < area; pixel++) {
      for (let channel = 0; channel < channels; channel++) {
        turned[(image * channels + channel) * area + pixel] = data[(image * area + pixel) * channels + channel] ?? 0;
      }
    }
  }
  return new HostArray(turned, [count, channels, height, width]);
}

/**
 * Inputs in parts of at most so many pictures, of which a network of fixed batch length decides itself: it gets zeros after
 * the last picture.
 */
export function* inputParts(
  model: Model,
  { data, shape }: HostArray<Float32Array>,
  most: number = Number.POSITIVE_INFINITY,
): Generator<HostArray<Float32Array>> {
  const [count = 0, ...entry] = shape;
  const size = sizeOf(entry);
  const fixed = model.inputShape[0] ?? null;
  const length = fixed ?? Math.min(count, most);
  for (let from = 0; from < count; from += length) {
    const own = data.subarray(from * size, (from + length) * size);
    const rows = fixed ?? own.length / size;
    const isFull = own.length === rows * size;
    const part = isFull ? own : new Float32Array(rows * size);
    if (!isFull) part.set(own);
    yield new HostArray(part, [rows, ...entry]);
  }
}
