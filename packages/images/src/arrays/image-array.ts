import { HostArray, ShapeError, formatShape, requireHostArray } from "@featuremap/tensor";
import type { Pixels } from "../pixels.ts";

/** How long the axes of one image, or of several of one size, are. */
interface ImageLengths {
  /** Number of images; 1 for a single one. */
  readonly count: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

/**
 * Reads what a function on images was given.
 *
 * @param owner the function, for the error
 * @throws {InvalidConfigError} it is not an array of bytes.
 * @throws {ShapeError} the array is neither `[height, width, channels]` nor `[count, height, width, channels]`.
 */
export function imageLengths(owner: string, image: HostArray<Uint8Array>): ImageLengths {
  requireHostArray(owner, "image", image, "uint8");
  if (image.rank !== 3 && image.rank !== 4) {
    const expected = "(height, width, channels) or (count, height, width, channels)";
    throw new ShapeError(owner, "image", expected, formatShape(image.shape));
  }
  const [channels = 0, width = 0, height = 0, count = 1] = image.shape.toReversed();
  return { count, height, width, channels };
}

/**
 * The image, or each of several, as `change` makes it, with as many channels.
 *
 * @param size height and width that come out; the image's own where it is not given
 * @throws {InvalidConfigError} it is not an array of bytes.
 * @throws {ShapeError} the array is neither `[height, width, channels]` nor `[count, height, width, channels]`.
 */
export function eachImage(
  owner: string,
  image: HostArray<Uint8Array>,
  change: (pixels: Pixels) => Pixels,
  size?: readonly [height: number, width: number],
): HostArray<Uint8Array> {
  const { count, height, width, channels } = imageLengths(owner, image);
  const [changedHeight, changedWidth] = size ?? [height, width];
  const [length, changedLength] = [height * width * channels, changedHeight * changedWidth * channels];
  const bytes = new Uint8Array(count * changedLength);
  for (let index = 0; index < count; index++) {
    const pixels = { data: image.data.subarray(index * length, (index + 1) * length), width, height };
    bytes.set(change(pixels).data, index * changedLength);
  }
  return new HostArray(bytes, [...image.shape.slice(0, -3), changedHeight, changedWidth, channels]);
}
