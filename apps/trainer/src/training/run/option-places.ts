import { existsSync } from "node:fs";
import { resolve } from "node:path";
import type { Options, Space } from "../../options/option.ts";
import { isRange } from "../../options/space.ts";
import { findModelIfAny, isAddress } from "../../models/find-model.ts";
import { networkNames } from "../../options/network-names.ts";
import { isPreprocessingKind } from "../../models/read-preprocessing.ts";

/**
 * Options that name a place, and how each is written so that it means the same wherever the command runs; a name of a
 * network stays one.
 */
export const optionPlaces: Readonly<Record<string, (value: string) => Promise<string>>> = {
  dataFolder: (value) => Promise.resolve(resolve(value)),
  weights: (value) => Promise.resolve(value === "imagenet" || isAddress(value) ? value : resolve(value)),
  preprocessing: (value) => Promise.resolve(!isPreprocessingKind(value) && existsSync(value) ? resolve(value) : value),
  async model(value) {
    const found = networkNames.includes(value) ? undefined : await findModelIfAny(value);
    // What is not there is told as it was typed.
    return found !== undefined && existsSync(found.bundle) ? found.bundle : value;
  },
};

/**
 * The same values, each place in them written so that it means the same wherever the command runs.
 *
 * @param options how they are declared: values that are tried are values of other options
 */
export async function withPlaces<Values extends object>(values: Values, options: Options): Promise<Values> {
  const entries = Object.entries(values).map(async ([name, value]: [string, unknown]) => {
    const isSpace = options[name]?.kind === "space" && value !== undefined;
    return [name, isSpace ? await placesOfSpace(value as Space) : await placeOf(name, value)] as const;
  });
  return { ...values, ...Object.fromEntries(await Promise.all(entries)) };
}

async function placeOf(name: string, value: unknown): Promise<unknown> {
  return typeof value === "string" ? ((await optionPlaces[name]?.(value)) ?? value) : value;
}

async function placesOfSpace(space: Space): Promise<Space> {
  const entries = Object.entries(space).map(async ([name, entry]) => {
    const found = isRange(entry) ? entry : await Promise.all(entry.map((value) => placeOf(name, value)));
    return [name, found] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}
