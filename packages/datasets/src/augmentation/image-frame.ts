import { HostArray, ShapeError, formatShape, requireHostArray } from "@featuremap/tensor";

/** One image, or several of one size: their bytes and their lengths. */
export interface ImageFrame {
  readonly data: Uint8Array;
  /** Number of images; 1 for a single one. */
  readonly count: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

/**
 * Reads what an operation on images was given.
 *
 * @param owner the operation, for the error
 * @throws {InvalidConfigError} it is not an array of bytes.
 * @throws {ShapeError} the array is neither `[height, width, channels]` nor `[count, height, width, channels]`.
 */
export function frameOf(owner: string, image: HostArray<Uint8Array>): ImageFrame {
  requireHostArray(owner, "image", image, "uint8");
  if (image.rank !== 3 && image.rank !== 4) {
    const expected = "(height, width, channels) or (count, height, width, channels)";
    throw new ShapeError(owner, "image", expected, formatShape(image.shape));
  }
  const [channels = 0, width = 0, height = 0, count = 1] = image.shape.toReversed();
  return { data: image.data, count, height, width, channels };
}

/**
 * The same image or images with other pixels: `write` gets every image's index and its part of the new bytes.
 *
 * @param size height and width of each new image
 */
export function redraw(
  image: HostArray<Uint8Array>,
  { count, channels }: ImageFrame,
  size: readonly [height: number, width: number],
  write: (index: number, pixels: Uint8Array) => void,
): HostArray<Uint8Array> {
  const [height, width] = size;
  const length = height * width * channels;
  const pixels = new Uint8Array(count * length);
  for (let index = 0; index < count; index++) write(index, pixels.subarray(index * length, (index + 1) * length));
  return new HostArray(pixels, [...image.shape.slice(0, -3), height, width, channels]);
}
