import { open } from "node:fs/promises";
import type { FileExample, ImageFiles } from "@featuremap/datasets";
import { type ImageHeader, readImageHeader } from "@featuremap/images";
import type { Size } from "./choose-image-size.ts";

/** Files that are looked at. */
const sample = 200;
/** Bytes of a file that hold its size, but for photos with large notes of their camera. */
const headLength = 2 ** 16;

/** Sizes of some of the pictures, evenly from all of them, as they stand upright; what cannot be read is passed over. */
export async function measureFiles(files: ImageFiles): Promise<Size[]> {
  const count = Math.min(sample, files.size);
  const places = Array.from({ length: count }, (_, index) => Math.floor((index * files.size) / count));
  const sizes = await Promise.all(places.map((place) => sizeOfFile(files.at(place)).catch(() => undefined)));
  return sizes.filter((size) => size !== undefined);
}

async function sizeOfFile(example: FileExample): Promise<Size | undefined> {
  const head = example.file === undefined ? undefined : uprightSize(readImageHeader(await readHead(example.file)));
  if (head !== undefined) return head;
  const contents = await example.contents();
  return contents instanceof Uint8Array ? uprightSize(readImageHeader(contents)) : [contents.height, contents.width];
}

async function readHead(path: string): Promise<Uint8Array> {
  const file = await open(path);
  try {
    const { bytesRead, buffer } = await file.read(new Uint8Array(headLength), 0, headLength, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

function uprightSize({ width, height, orientation }: ImageHeader): Size | undefined {
  if (!width || !height) return undefined;
  return orientation > 4 ? [width, height] : [height, width];
}
