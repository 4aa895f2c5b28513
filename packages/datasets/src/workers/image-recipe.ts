import {
  type DecodeOptions,
  type ImageOperation,
  type OperationDescription,
  type Pixels,
  imageOperation,
} from "@featuremap/images";
import type { PackedPlace } from "../pipeline/packed/packed-store.ts";
import {
  InvalidConfigError,
  type OptionNames,
  type RandomState,
  type RandomStream,
  checkOptions,
  isTypedArray,
} from "@featuremap/tensor";

/** What becomes of a picture; plain JSON. */
export interface ImageRecipe {
  /** How files are decoded. Default: upright, in RGB. */
  readonly decode?: Pick<DecodeOptions, "colorMode" | "orientation" | "atLeast" | "maxPixels">;
  /** One after the other: operations of `@featuremap/images`, or their descriptions. Default: none. */
  readonly operations?: readonly (ImageOperation | OperationDescription)[];
  /** Height and width that come out; pictures of another size are resized (bilinear). Default: whatever it is by then. */
  readonly size?: readonly [height: number, width: number];
}

/** A picture to read. */
export interface ImageTask {
  /** For errors. */
  readonly name: string;
  /** A path on the disk, the bytes of a file, pixels, or where these were kept. */
  readonly source: string | Uint8Array | Pixels | PackedPlace;
  /** The random numbers that operations draw, or their state. */
  readonly random: RandomState | RandomStream | undefined;
}

/** Bytes of a pixel. */
export const channelsOf = { grayscale: 1, rgb: 3, rgba: 4 } as const;
/** Pixels a side. */
const longestSide = 16_384;

const names: OptionNames<ImageRecipe> = { decode: true, operations: true, size: true };
const decodeNames = { colorMode: true, orientation: true, atLeast: true, maxPixels: true } as const;

/** A recipe that can be sent to workers. @throws {InvalidConfigError} an option is unknown or not what it may be. */
export function checkRecipe(owner: string, recipe: ImageRecipe): ImageRecipe {
  checkOptions(owner, recipe, names);
  const { decode = {}, operations = [], size } = recipe;
  checkOptions(`${owner}.decode`, decode, decodeNames);
  if (!Array.isArray(operations)) throw new InvalidConfigError(owner, "operations", "a list of operations", operations);
  checkDecoding(`${owner}.decode`, decode);
  checkSize(owner, "size", size);
  const descriptions = operations.map((operation: ImageOperation | OperationDescription) => {
    const { name, arguments: given } = imageOperation(operation);
    return { name, arguments: given };
  });
  const plain = { decode: { ...decode }, operations: descriptions };
  return size === undefined ? plain : { ...plain, size: [size[0], size[1]] };
}

/** What `decodeImage` would refuse, but for every picture. */
function checkDecoding(owner: string, { colorMode, orientation, atLeast, maxPixels }: DecodeOptions): void {
  if (colorMode !== undefined && !(typeof colorMode === "string" && Object.hasOwn(channelsOf, colorMode))) {
    throw new InvalidConfigError(owner, "colorMode", '"grayscale", "rgb" or "rgba"', colorMode);
  }
  if (orientation !== undefined && orientation !== "exif" && orientation !== "stored") {
    throw new InvalidConfigError(owner, "orientation", '"exif" or "stored"', orientation);
  }
  checkSize(owner, "atLeast", atLeast);
  if (maxPixels !== undefined && !(typeof maxPixels === "number" && maxPixels >= 1)) {
    throw new InvalidConfigError(owner, "maxPixels", "a number of at least 1", maxPixels);
  }
}

function checkSize(owner: string, option: string, size: unknown): void {
  const isSide = (side: unknown): boolean =>
    Number.isInteger(side) && (side as number) >= 1 && (side as number) <= longestSide;
  if (size === undefined || (Array.isArray(size) && size.length === 2 && size.every(isSide))) return;
  throw new InvalidConfigError(owner, option, `[height, width] in pixels, integers in [1, ${longestSide}]`, size);
}

/** A source as it is sent: with a view goes all of the memory that it looks at, such as the whole archive. */
export function compactSource(source: ImageTask["source"]): ImageTask["source"] {
  if (typeof source === "string") return source;
  if (!isPlain(source)) return compact(source);
  if (isPlace(source)) return source;
  const { data, width, height } = source;
  return { data: compact(data), width, height };
}

function compact<Bytes extends Uint8Array | Uint8ClampedArray>(bytes: Bytes): Bytes {
  const isWhole = bytes.byteLength === bytes.buffer.byteLength;
  // This slice gives an array of the same kind; a Buffer's own would be another view of the same memory.
  return isWhole || !(bytes.buffer instanceof ArrayBuffer) ? bytes : (Uint8Array.prototype.slice.call(bytes) as Bytes);
}

/** Whether it is pixels, or a place of pixels, rather than a file or its path. */
export function isPlain(source: ImageTask["source"]): source is Pixels | PackedPlace {
  return typeof source === "object" && !isTypedArray(source, "Uint8Array");
}

export function isPlace(source: Pixels | PackedPlace): source is PackedPlace {
  return "offset" in source;
}
