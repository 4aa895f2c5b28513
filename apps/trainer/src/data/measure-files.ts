import type { FileExample, ImageFiles } from "@featuremap/datasets";
import type { Size } from "./choose-image-size.ts";
import { readHeader, uprightSize } from "./file-header.ts";

/** Files that are looked at. */
const sample = 200;

/** Sizes of some of the pictures, evenly from all of them, as they stand upright; what cannot be read is passed over. */
export async function measureFiles(files: ImageFiles): Promise<Size[]> {
  const count = Math.min(sample, files.size);
  const places = Array.from({ length: count }, (_, index) => Math.floor((index * files.size) / count));
  const sizes = await Promise.all(places.map((place) => sizeOfFile(files.at(place)).catch(() => undefined)));
  return sizes.filter((size) => size !== undefined);
}

async function sizeOfFile(example: FileExample): Promise<Size | undefined> {
  const found = await readHeader(example);
  return "data" in found ? [found.height, found.width] : uprightSize(found.header);
}
