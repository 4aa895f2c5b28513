import { type Model, type ModelLimits, checkModelLimits } from "@featuremap/layers";
import { type Preprocessing, channelCount } from "@featuremap/images";
import { FormatError, InvalidConfigError, type OptionNames, checkOptions } from "@featuremap/tensor";

/** How much a bundle may ask for; what asks for more is refused before the work is done. */
export interface BundleLimits extends Omit<ModelLimits, "weights"> {
  /** Bytes of `model.json`. Default: 64 MiB, of which a million labels take half. */
  readonly documentBytes?: number | undefined;
  /**
   * Bytes of all weights files, which hold every weight of the model. Default: 2 GiB less one, the most that Web Crypto can check
   * at once in Node; VGG19 has 575 MB.
   */
  readonly weightsBytes?: number | undefined;
  /** Pixels of the pictures that enter the model. Default: 2^22, as 2,048 x 2,048. */
  readonly pixels?: number | undefined;
}

/** Limits of a bundle's files and pictures, and those of its model. */
export interface ResolvedBundleLimits {
  readonly documentBytes: number;
  readonly weightsBytes: number;
  readonly pixels: number;
  readonly model: ModelLimits;
}

const names: OptionNames<BundleLimits> = {
  calls: true,
  elements: true,
  operations: true,
  documentBytes: true,
  weightsBytes: true,
  pixels: true,
};

/** @throws {InvalidConfigError} a limit is unknown, or is not a number of at least 1. */
export function resolveBundleLimits(limits: BundleLimits = {}): ResolvedBundleLimits {
  checkOptions("limits", limits, names);
  const { documentBytes = 2 ** 26, weightsBytes = 2 ** 31 - 1, pixels = 2 ** 22, ...model } = limits;
  for (const [option, value] of Object.entries({ documentBytes, weightsBytes, pixels })) {
    if (!(typeof value === "number" && value >= 1)) {
      throw new InvalidConfigError("limits", option, "a number of at least 1", value);
    }
  }
  // Weights have no memory before those of the files are known to fit them.
  return { documentBytes, weightsBytes, pixels, model: { ...model, weights: Number.POSITIVE_INFINITY } };
}

/** @throws {FormatError} pictures of the described size have more pixels than the limit. */
export function checkPixels({ size }: Preprocessing, pixels: number, source: string): void {
  const [height, width] = size;
  if (height * width <= pixels) return;
  throw new FormatError(
    source,
    "preprocessing.size",
    `at most ${pixels} pixels (limits.pixels)`,
    `${height} x ${width}`,
  );
}

/**
 * What of a bundle is more than loading allows where no limits are given, in words that name the limit; undefined if nothing is.
 *
 * @param bytes lengths of its files
 */
export function beyondDefaults(
  model: Model,
  preprocessing: Preprocessing,
  bytes: { readonly document: number; readonly weights: number },
): string | undefined {
  const limits = resolveBundleLimits();
  const { documentBytes, weightsBytes, pixels } = limits;
  if (bytes.document > documentBytes) return `model.json has ${bytes.document} bytes (limits.documentBytes)`;
  if (bytes.weights > weightsBytes) return `the weights have ${bytes.weights} bytes (limits.weightsBytes)`;
  try {
    checkPixels(preprocessing, pixels, "the bundle");
    const inputShape = [1, ...preprocessing.size, channelCount(preprocessing.channels)];
    checkModelLimits(model, "the bundle", { limits: limits.model, inputShape });
    return undefined;
  } catch (error) {
    if (error instanceof FormatError) return error.message;
    throw error;
  }
}
