import { type HostArray, InvalidConfigError } from "@featuremap/tensor";
import { cropPixels } from "../geometry/crop-pixels.ts";
import { eachImage, imageLengths } from "./image-array.ts";

/**
 * Cuts a box out of an image, or the same box out of several.
 *
 * Source: `tf.image.crop_to_bounding_box`.
 *
 * @param image uint8 `[height, width, channels]`, or `[count, height, width, channels]`
 * @param offsetHeight rows above the box
 * @param offsetWidth columns to its left
 * @throws {InvalidConfigError} a number is not an integer, or the box is empty or reaches beyond the image.
 * @throws {ShapeError} the image has another rank.
 */
export function cropToBoundingBox(
  image: HostArray<Uint8Array>,
  offsetHeight: number,
  offsetWidth: number,
  targetHeight: number,
  targetWidth: number,
): HostArray<Uint8Array> {
  const owner = "cropToBoundingBox";
  const { height, width } = imageLengths(owner, image);
  requireWithin(owner, "offsetHeight", offsetHeight, 0, height - 1);
  requireWithin(owner, "offsetWidth", offsetWidth, 0, width - 1);
  requireWithin(owner, "targetHeight", targetHeight, 1, height - offsetHeight);
  requireWithin(owner, "targetWidth", targetWidth, 1, width - offsetWidth);
  const box = { left: offsetWidth, top: offsetHeight, width: targetWidth, height: targetHeight };
  return eachImage(owner, image, (pixels) => cropPixels(pixels, box), [targetHeight, targetWidth]);
}

/**
 * Keeps the centre of an image: `round down((side - side * centralFraction) / 2)` pixels go on every side.
 *
 * Source: `tf.image.central_crop`.
 *
 * @param image uint8 `[height, width, channels]`, or `[count, height, width, channels]`
 * @param centralFraction share of each side to keep, in (0, 1]
 * @throws {InvalidConfigError} the share is outside (0, 1].
 * @throws {ShapeError} the image has another rank.
 */
export function centralCrop(image: HostArray<Uint8Array>, centralFraction: number): HostArray<Uint8Array> {
  const { height, width } = imageLengths("centralCrop", image);
  if (!(Number.isFinite(centralFraction) && centralFraction > 0 && centralFraction <= 1)) {
    throw new InvalidConfigError("centralCrop", "centralFraction", "in (0, 1]", centralFraction);
  }
  const margin = (side: number): number => Math.floor((side - side * centralFraction) / 2);
  const [top, left] = [margin(height), margin(width)];
  return cropToBoundingBox(image, top, left, height - 2 * top, width - 2 * left);
}

function requireWithin(owner: string, option: string, value: number, least: number, most: number): void {
  if (!Number.isInteger(value) || value < least || value > most) {
    throw new InvalidConfigError(owner, option, `an integer in [${least}, ${most}]`, value);
  }
}
