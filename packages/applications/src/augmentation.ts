import { type ImageOperation, colorJitter, cutout, pad, randomCrop, randomFlipLeftRight } from "@featuremap/images";
import { InvalidConfigError } from "@featuremap/tensor";
import type { AugmentLevel } from "./application.ts";

/**
 * What becomes of training pictures by the name of a level, for `batch(size, { augment })` of `@featuremap/datasets`.
 *
 * - `none`: nothing
 * - `light`: moved by up to an eighth of the sides, mirrored one time in two
 * - `strong`: the same, other brightness, contrast and saturation, and a square of a quarter of the sides covered
 *
 * @param size of the network's inputs, in pixels
 * @throws {InvalidConfigError} there is no such level, or the size is none.
 */
export function augmentation(
  level: AugmentLevel,
  size: readonly [height: number, width: number],
): readonly ImageOperation[] {
  const [height, width] = Array.isArray(size) && size.length === 2 ? (size as readonly number[]) : [];
  if (!isLength(height) || !isLength(width)) {
    throw new InvalidConfigError("augmentation", "size", "[height, width] in pixels", size);
  }
  switch (level) {
    case "none":
      return [];
    case "light":
      return light(height, width);
    case "strong":
      return [
        ...light(height, width),
        colorJitter({ brightness: 0.2, contrast: 0.2, saturation: 0.2 }),
        cutout(Math.max(1, Math.round(Math.min(height, width) / 4))),
      ];
    default:
      throw new InvalidConfigError("augmentation", "level", "none, light or strong", level);
  }
}

function light(height: number, width: number): readonly ImageOperation[] {
  const margin = Math.max(1, Math.round(Math.min(height, width) / 8));
  return [pad(margin), randomCrop(height, width), randomFlipLeftRight()];
}

function isLength(value: unknown): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= 1;
}
