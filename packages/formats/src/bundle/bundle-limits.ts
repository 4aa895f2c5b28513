import type { Preprocessing } from "@featuremap/images";
import { FormatError, type OptionNames, checkOptions } from "@featuremap/tensor";
import {
  type ModelFileLimits,
  type ResolvedFileLimits,
  checkLimits,
  fileLimitNames,
  resolveFileLimits,
} from "../model-files/file-limits.ts";

/** How much a bundle may ask for; what asks for more is refused before the work is done. */
export interface BundleLimits extends ModelFileLimits {
  /** Pixels of the pictures that enter the model. Default: 2^22, as 2,048 x 2,048. */
  readonly pixels?: number | undefined;
}

/** Limits of a bundle's files and pictures, and those of its model. */
export interface ResolvedBundleLimits extends ResolvedFileLimits {
  readonly pixels: number;
}

const names: OptionNames<BundleLimits> = { ...fileLimitNames, pixels: true };

/** @throws {InvalidConfigError} a limit is unknown, or is not a number of at least 1. */
export function resolveBundleLimits(limits: BundleLimits = {}): ResolvedBundleLimits {
  checkOptions("limits", limits, names);
  const { pixels = 2 ** 22, ...others } = limits;
  checkLimits({ pixels });
  return { ...resolveFileLimits(others), pixels };
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
