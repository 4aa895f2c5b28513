import { InvalidConfigError } from "@featuremap/tensor";
import { callOption } from "../config/call-option.ts";
import type { PlainOptions } from "../config/configured.ts";
import { type FitOptions, fitOptions } from "../trainer/trainer-options.ts";
import { type CacheOptions, cacheOptions } from "./cache-options.ts";

/** What a training takes whose base is frozen in its first epochs. */
export interface FrozenOptions extends Omit<FitOptions, "validationSplit">, CacheOptions {
  /**
   * Name of the base's last layer, or of the model inside that is the base. Default: the only model inside, else the last layer
   * that gives feature maps.
   */
  readonly base?: string | undefined;
}

const { validationSplit: _split, sampleWeight: _weight, ...fitted } = fitOptions;

export const frozenOptions: PlainOptions<
  FrozenOptions,
  "epochs" | "initialEpoch" | "validationFreq" | "callbacks" | "verbose" | "cacheBytes"
> = {
  ...fitted,
  ...cacheOptions,
  base: callOption({ check: checkName }, undefined),
};

function checkName(owner: string, name: string, given: string): string {
  if (typeof given === "string") return given;
  throw new InvalidConfigError(owner, name, "the name of a layer", given);
}
