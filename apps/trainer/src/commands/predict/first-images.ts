import type { ImageDataset } from "@featuremap/datasets";
import { InvalidConfigError } from "@featuremap/tensor";

/**
 * The first images of a dataset; all, if no count is given.
 *
 * @param owner the command that asks
 * @param option where the count comes from: "--limit"
 * @throws {InvalidConfigError} there are fewer.
 */
export function firstImages(
  owner: string,
  option: string,
  images: ImageDataset,
  count: number | undefined,
): ImageDataset {
  if (count === undefined) return images;
  if (count <= images.size) return images.take(count);
  throw new InvalidConfigError(owner, option, `an integer in [1, ${images.size}], the number of images`, count);
}
