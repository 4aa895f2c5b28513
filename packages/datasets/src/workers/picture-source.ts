import type { Pixels } from "@featuremap/images";
import { InvalidConfigError, ShapeError, isTypedArray } from "@featuremap/tensor";
import type { PackedPlace } from "../pipeline/packed/packed-store.ts";
import { givenBytes } from "../sources/bytes/given-bytes.ts";
import type { ImageTask } from "./image-recipe.ts";

/** What a picture can be read from. */
export interface LoadableExample {
  /** What errors call it; where there is nothing else, the path of a file on the disk, which a worker reads. */
  readonly path?: string;
  /** Path of a file on the disk, which a worker reads. */
  readonly file?: string;
  /** Gives the bytes of a file, or pixels; called in this thread. */
  readonly contents?: () => Promise<Uint8Array | Pixels>;
  /** Pixels, of which a recipe makes others. */
  readonly image?: Pixels;
  /** @internal Where pixels were kept, which a worker reads. */
  readonly packed?: PackedPlace;
}

/** @throws {InvalidConfigError} it is not an object with something to read. */
export function checkExample(owner: string, example: LoadableExample): void {
  const refuse = (option: string, expected: string, found: unknown): never => {
    throw new InvalidConfigError(owner, option, expected, found);
  };
  if (typeof example !== "object" || example === null) {
    refuse("example", "one with a path, contents or image", example);
  }
  for (const option of ["path", "file"] as const) {
    const path = example[option];
    if (path !== undefined && typeof path !== "string") refuse(option, "a path", path);
  }
  const { contents } = example;
  if (contents !== undefined && typeof contents !== "function") refuse("contents", "a function", contents);
}

/**
 * Where a picture is read from, of all that its example has.
 *
 * @throws {InvalidConfigError} there is nothing, or neither bytes nor pixels.
 * @throws {ShapeError} there are more or fewer bytes than pixels have.
 */
export async function sourceOf(owner: string, example: LoadableExample): Promise<ImageTask["source"]> {
  const { image, packed, file, contents, path } = example;
  if (image !== undefined) return checkedPixels(owner, "image", image);
  if (packed !== undefined) return packed;
  if (file !== undefined) return file;
  if (contents !== undefined) {
    const given: unknown = await contents();
    return givenBytes(given) ?? checkedPixels(owner, "contents()", given);
  }
  if (path !== undefined) return path;
  throw new InvalidConfigError(owner, "example", "one with a path, contents or image", example);
}

function checkedPixels(owner: string, option: string, given: unknown): Pixels {
  const pixels = (typeof given === "object" && given !== null ? given : {}) as Partial<Pixels>;
  const { data, width = 0, height = 0 } = pixels;
  if (!isTypedArray(data, "Uint8Array", "Uint8ClampedArray")) {
    const expected = `${option === "image" ? "" : "the bytes of a file, or "}pixels: { data, width, height } with bytes as data`;
    throw new InvalidConfigError(owner, option, expected, given);
  }
  const isSize = [width, height].every((side) => Number.isInteger(side) && side > 0);
  if (isSize && [1, 3, 4].includes(data.length / (width * height))) return { data, width, height };
  const expected = `1, 3 or 4 bytes for each of ${width} x ${height} pixels`;
  throw new ShapeError(owner, option, expected, `${data.length} bytes`);
}
