import { type Model, type ModelLimits, checkModelLimits } from "@featuremap/layers";
import { FormatError, InvalidConfigError, type OptionNames, type Shape, checkOptions } from "@featuremap/tensor";

/** How much a model's files may ask for; what asks for more is refused before the work is done. */
export interface ModelFileLimits extends Omit<ModelLimits, "weights"> {
  /** Bytes of `model.json`. Default: 64 MiB, of which a million labels take half. */
  readonly documentBytes?: number | undefined;
  /**
   * Bytes of all other files, which hold every weight of the model. Default: 2 GiB less one, the most that Web Crypto can check
   * at once in Node; VGG19 has 575 MB.
   */
  readonly weightsBytes?: number | undefined;
}

/** Limits of a model's files, and those of the model. */
export interface ResolvedFileLimits {
  readonly documentBytes: number;
  readonly weightsBytes: number;
  readonly model: ModelLimits;
}

export const fileLimitNames: OptionNames<ModelFileLimits> = {
  calls: true,
  elements: true,
  operations: true,
  documentBytes: true,
  weightsBytes: true,
};

/** @throws {InvalidConfigError} a limit is unknown, or is not a number of at least 1. */
export function resolveFileLimits(limits: ModelFileLimits = {}): ResolvedFileLimits {
  checkOptions("limits", limits, fileLimitNames);
  const { documentBytes = 2 ** 26, weightsBytes = 2 ** 31 - 1, ...model } = limits;
  checkLimits({ documentBytes, weightsBytes });
  // Weights have no memory before those of the files are known to fit them.
  return { documentBytes, weightsBytes, model: { ...model, weights: Number.POSITIVE_INFINITY } };
}

/** @throws {InvalidConfigError} a limit is not a number of at least 1. */
export function checkLimits(limits: Readonly<Record<string, unknown>>): void {
  for (const [option, value] of Object.entries(limits)) {
    if (!(typeof value === "number" && value >= 1)) {
      throw new InvalidConfigError("limits", option, "a number of at least 1", value);
    }
  }
}

/**
 * What of a model is more than loading allows where no limits are given, in words that name the limit; undefined if nothing is.
 *
 * @param source what it will be read from, for the words
 * @param bytes lengths of its files
 * @param inputShape what it will be given, where it leaves lengths open
 */
export function beyondDefaults(
  model: Model,
  source: string,
  bytes: { readonly document: number; readonly weights: number },
  inputShape?: Shape,
): string | undefined {
  const limits = resolveFileLimits();
  const { documentBytes, weightsBytes } = limits;
  if (bytes.document > documentBytes) return `model.json has ${bytes.document} bytes (limits.documentBytes)`;
  if (bytes.weights > weightsBytes) return `the weights have ${bytes.weights} bytes (limits.weightsBytes)`;
  try {
    checkModelLimits(model, source, { limits: limits.model, inputShape });
    return undefined;
  } catch (error) {
    if (error instanceof FormatError) return error.message;
    throw error;
  }
}
