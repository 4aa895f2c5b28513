import {
  type AnyOptions,
  InvalidConfigError,
  type OptionNames,
  checkOptions,
  describeValue,
  nearestName,
} from "@featuremap/tensor";
import { publishedOptionNames } from "../published/published-options.ts";
import type { WeightsOptions } from "./backbone.ts";

const weightsOptionNames: OptionNames<WeightsOptions> = { weights: true, limits: true, ...publishedOptionNames };

/**
 * Takes apart what says how to build a network, and where its weights come from.
 *
 * @param build how it is called for random weights
 * @param names options of the network itself
 * @throws {InvalidConfigError} an option is unknown, or `weights` is null or a misspelt `"imagenet"`.
 */
export function takeWeightsOptions<Options extends object>(
  owner: string,
  build: string,
  given: Options & WeightsOptions,
  names: AnyOptions | Readonly<Record<string, true>>,
): { readonly options: Omit<Options, keyof WeightsOptions>; readonly weights: WeightsOptions } {
  checkOptions(owner, given, { ...weightsOptionNames, ...names });
  const { weights, limits, mirror, cacheDirectory, signal, onProgress, ...options } = given;
  if ((weights as unknown) === null) {
    const expected = `"imagenet" or a file of weights; for random ones call ${build}() without them`;
    throw new InvalidConfigError(owner, "weights", expected, weights);
  }
  if (weights !== "imagenet" && typeof weights === "string" && nearestName(weights, ["imagenet"]) !== undefined) {
    const expected = `"imagenet", or a file of weights (did you mean "imagenet"? A file of this name is "./${weights}")`;
    throw new InvalidConfigError(owner, "weights", expected, weights);
  }
  return { options, weights: { weights, limits, mirror, cacheDirectory, signal, onProgress } };
}

/**
 * Keras takes `weights` where the network is made. Here that waits for a file, so that it is a method of its own; only `null`, for
 * random weights, is taken.
 *
 * @param load how that is called
 * @throws {InvalidConfigError} an option says where weights come from.
 */
export function withoutWeightsOptions<Options extends object>(owner: string, load: string, given: Options): Options {
  checkOptions(owner, given);
  // Keras's way to ask for random weights.
  const isNone = (name: string, value: unknown): boolean => name === "weights" && (value ?? null) === null;
  const options = Object.entries(given).filter(([name, value]) => !isNone(name, value));
  for (const [name, value] of options) {
    if (!Object.hasOwn(weightsOptionNames, name)) continue;
    const example = `{ ${name}: ${typeof value === "string" ? describeValue(value) : "..."} }`;
    throw new InvalidConfigError(owner, name, `an option of load: await ${load}(${example})`, value);
  }
  return Object.fromEntries(options) as Options;
}
