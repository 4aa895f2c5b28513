import type { HostArray } from "@featuremap/tensor";
import { mirrorPixels } from "../geometry/crop-pixels.ts";
import { eachImage } from "./image-array.ts";

/**
 * Mirrors an image, or each of several: its first column becomes the last.
 *
 * Source: `tf.image.flip_left_right`.
 *
 * @param image uint8 `[height, width, channels]`, or `[count, height, width, channels]`
 * @throws {ShapeError} the image has another rank.
 */
export function flipLeftRight(image: HostArray<Uint8Array>): HostArray<Uint8Array> {
  return eachImage("flipLeftRight", image, mirrorPixels);
}
