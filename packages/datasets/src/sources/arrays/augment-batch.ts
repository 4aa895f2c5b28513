import {
  type ImageOperation,
  type Preprocessing,
  isDescribed,
  preprocessBatch,
  preprocessPixels,
} from "@featuremap/images";
import { HostArray, InvalidConfigError, type RandomStream, ShapeError, formatShape, sizeOf } from "@featuremap/tensor";
import { changePixels } from "../batches/augment-steps.ts";
import type { Augmentation } from "./augmentation.ts";

const owner = "ImageDataset.batch";

/**
 * Changes the chosen images one by one, and turns what comes out into a batch.
 *
 * An image that comes out in another size is brought to the model's as `preprocessPixels` does.
 *
 * @param images uint8 `[count, height, width, channels]`; stays as it is
 * @param chosen which images, in which order
 * @param randomFor the stream of one of the images
 * @returns float32 `[chosen.length, height, width, channels]`
 * @throws {InvalidConfigError} a step gives no image.
 * @throws {ShapeError} an image comes out with other channels.
 */
export function augmentBatch(
  images: HostArray<Uint8Array>,
  chosen: Uint32Array,
  augmentations: readonly (Augmentation | ImageOperation)[],
  randomFor: (image: number) => RandomStream,
  preprocessing: Preprocessing,
): HostArray<Float32Array> {
  const shape = images.shape.slice(1);
  const channels = shape.at(-1);
  const size = sizeOf(shape);
  const output = new Float32Array(chosen.length * size);
  // Code of somebody's own may write to what it is given.
  const isOwn = !augmentations.every((step) => typeof step !== "function" && isDescribed(step));
  chosen.forEach((index, position) => {
    const random = randomFor(index);
    const stored = images.entry(index);
    const image = augmentations.reduce(
      (before, augment, step) => change(before, augment, step, random),
      isOwn ? new HostArray(new Uint8Array(stored.data), stored.shape) : stored,
    );
    const [height = 0, width = 0] = image.shape;
    if (image.rank !== 3 || image.shape[2] !== channels) {
      const expected = `(height, width, ${channels}), as the images`;
      throw new ShapeError("augment", "result", expected, formatShape(image.shape));
    }
    const input =
      height === shape[0] && width === shape[1]
        ? preprocessBatch(image.reshape([1, ...shape]), [0], preprocessing)
        : preprocessPixels({ data: image.data, height, width }, preprocessing);
    output.set(input.data, position * size);
  });
  return new HostArray(output, [chosen.length, ...shape]);
}

function change(
  image: HostArray<Uint8Array>,
  augment: Augmentation | ImageOperation,
  step: number,
  random: RandomStream,
): HostArray<Uint8Array> {
  if (typeof augment === "function") return changeImage(step, augment, image, random);
  const [height = 0, width = 0] = image.shape;
  const changed = changePixels(owner, step, augment, { data: image.data, height, width }, random);
  const { buffer, byteOffset, length } = changed.data;
  const channels = length / (changed.height * changed.width);
  return new HostArray(new Uint8Array(buffer, byteOffset, length), [changed.height, changed.width, channels]);
}

/**
 * What a function makes of an image.
 *
 * @throws {InvalidConfigError} that is not an image; the step is named by its place.
 */
function changeImage(
  index: number,
  augment: Augmentation,
  image: HostArray<Uint8Array>,
  random: RandomStream,
): HostArray<Uint8Array> {
  const changed: unknown = augment(image, random);
  if (changed instanceof HostArray && changed.dtype === "uint8" && changed.rank === 3) return changed;
  const isFactory = typeof changed === "function" && augment.name !== "";
  const hint = isFactory ? `; call it: ${augment.name}()` : "";
  const expected = `a function that returns an image, a HostArray of uint8 (height, width, channels)${hint}`;
  const received = changed instanceof HostArray ? `${changed.dtype} of rank ${changed.rank}` : changed;
  throw new InvalidConfigError(owner, `augment[${index}]`, expected, received);
}
