import { InvalidConfigError, Option } from "@featuremap/tensor";
import { callOption, functionCheck } from "../config/call-option.ts";
import type { PlainOptions } from "../config/configured.ts";

/** How features are kept. */
export interface CacheOptions {
  /**
   * Bytes of memory that features may take. Where they would take more they go to the disk, or where there is none into half
   * precision; they are computed in each epoch where that too would take more. Default: 1 GiB.
   */
  readonly cacheBytes?: number;
  /**
   * Folder on whose disk larger features are while they are used, or false for none. Default: the system's for temporary files.
   */
  readonly cacheFolder?: string | false;
  /** Hears what is done and why, in sentences. */
  readonly onNote?: (note: string) => void;
  /** Hears of pictures whose features are computed, and of how many there are. */
  readonly onFeatures?: (done: number, total: number) => void;
}

/** What says how features are kept. */
export const cacheOptions: PlainOptions<CacheOptions, "cacheBytes"> = {
  cacheBytes: callOption(Option.integer(0), 2 ** 30),
  cacheFolder: callOption({ check: checkFolder }, undefined),
  onNote: callOption(functionCheck<(note: string) => void>(), undefined),
  onFeatures: callOption(functionCheck<(done: number, total: number) => void>(), undefined),
};

function checkFolder(owner: string, name: string, given: string | false): string | false {
  if (given === false || (typeof given === "string" && given !== "")) return given;
  throw new InvalidConfigError(owner, name, "the path of a folder, or false", given);
}
