import { type Preprocessing, channelCount } from "@featuremap/images";
import {
  HostArray,
  InvalidConfigError,
  type NestedNumbers,
  ShapeError,
  formatShape,
  requireHostArray,
} from "@featuremap/tensor";

const owner = "ImageDataset";

/** How far a product of 255 may be from a whole number, by the rounding of float32, and count as one. */
const rounding = 1e-3;

/**
 * The bytes of images as a data set keeps them, from what tutorials hold.
 *
 * Bytes stay as they are and are shared. Whole numbers in [0, 255] become bytes; so do fractions in [0, 1] that are
 * bytes divided by 255, where the description scales by 1/255: then a model gets the same numbers from the bytes.
 * Grey images may lack the axis of channels.
 *
 * @throws {InvalidConfigError} the numbers are not bytes, or it is not clear which; the message says what to give.
 * @throws {ShapeError} the shape is not `[count, height, width, channels]` as the description has it.
 */
export function imagePixels(images: HostArray | NestedNumbers, description: Preprocessing): HostArray<Uint8Array> {
  const given = Array.isArray(images) ? HostArray.from(images) : (images as HostArray);
  requireHostArray(owner, "images", given);
  const shaped = withChannels(given, description);
  return shaped.dtype === "uint8"
    ? (shaped as HostArray<Uint8Array>)
    : new HostArray(bytesOf(shaped.data, description.scale), shaped.shape);
}

function withChannels(images: HostArray, { size, channels }: Preprocessing): HostArray {
  const count = channelCount(channels);
  const expected = [...size, count];
  const shaped = count === 1 && images.rank === 3 ? images.reshape([...images.shape, 1]) : images;
  const [, ...found] = shaped.shape;
  if (shaped.rank === 4 && expected.every((length, axis) => length === found[axis])) return shaped;
  throw new ShapeError(owner, "images", formatShape([null, ...expected]), formatShape(images.shape));
}

function bytesOf(values: ArrayLike<number>, scale: number): Uint8Array {
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let index = 0; index < values.length; index++) {
    const value = values[index] ?? Number.NaN;
    if (Number.isNaN(value)) throw new InvalidConfigError(owner, `images, element ${index},`, "a number", value);
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  const isFraction = values instanceof Float32Array && most <= 1;
  const factor = isFraction ? 255 : 1;
  const range = `pixel values in [0, 255]${isFraction ? ", or such values divided by 255" : ""}`;
  if (least < 0 || most > 255) {
    const remedy = "give pixels as they are, and let preprocessing say scale, mean and standardDeviation";
    throw new InvalidConfigError(owner, "images", `${range} (${remedy})`, [least, most]);
  }
  if (isFraction && Math.abs(scale * 255 - 1) > rounding) {
    const expected =
      "given as pixel values in [0, 255], or with preprocessing.scale 1/255, which divides pixels in a page too";
    throw new InvalidConfigError(owner, "images", expected, `fractions, and scale ${scale}`);
  }
  const bytes = new Uint8Array(values.length);
  for (let index = 0; index < values.length; index++) {
    const pixel = (values[index] ?? 0) * factor;
    const byte = Math.round(pixel);
    if (Math.abs(pixel - byte) > rounding) {
      const expected = `whole ${range} (Uint8Array.from(values, Math.round) rounds those in [0, 255])`;
      throw new InvalidConfigError(owner, `images, element ${index},`, expected, values[index]);
    }
    bytes[index] = byte;
  }
  return bytes;
}

/**
 * Class indices, from a host array of shape `[count]` or, as Keras loads CIFAR, `[count, 1]`, or from a list.
 *
 * @throws {InvalidConfigError} a label is not an integer in [0, classes).
 * @throws {ShapeError} there are not `count`.
 */
export function classIndices(
  labels: HostArray | ArrayLike<number>,
  count: number,
  classes: number,
): HostArray<Int32Array> {
  const list = labels instanceof HostArray ? flatLabels(labels) : labels;
  const isList = Array.isArray(list) || ArrayBuffer.isView(list);
  if (!isList) throw new InvalidConfigError(owner, "labels", "a HostArray or a list of class indices", labels);
  if (list.length !== count) throw new ShapeError(owner, "labels", formatShape([count]), formatShape([list.length]));
  for (let index = 0; index < count; index++) {
    const label = list[index];
    if (!Number.isInteger(label) || Number(label) < 0 || Number(label) >= classes) {
      throw new InvalidConfigError(owner, `labels[${index}]`, `an integer in [0, ${classes})`, label);
    }
  }
  if (labels instanceof HostArray && labels.rank === 1 && labels.dtype === "int32") {
    return labels as HostArray<Int32Array>;
  }
  return new HostArray(list instanceof Int32Array ? list : Int32Array.from(list), [count]);
}

function flatLabels(labels: HostArray): ArrayLike<number> {
  const [count = 0, ...rest] = labels.shape;
  if (labels.rank === 1 || (labels.rank === 2 && rest[0] === 1)) return labels.data;
  const expected = `class indices of shape ${formatShape([count])}; batch(size, { oneHot: true }) makes rows of them`;
  throw new ShapeError(owner, "labels", expected, formatShape(labels.shape));
}
