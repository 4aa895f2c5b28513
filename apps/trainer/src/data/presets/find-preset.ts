import { InvalidConfigError } from "@featuremap/tensor";
import { catsAndDogs, celebAGender, flowers } from "./photos.ts";
import type { Preset } from "./preset.ts";
import { type ArrayPreset, cifar10, cifar100, fashionMnist, mnist } from "./arrays.ts";

const arrayPresets: readonly ArrayPreset[] = [mnist, fashionMnist, cifar10, cifar100];
const presets: readonly Preset[] = [...arrayPresets, flowers, celebAGender, catsAndDogs];

/** Those of which single pictures can be asked for. */
export const arrayPresetNames: readonly string[] = arrayPresets.map(({ name }) => name);

/** What can be trained by its name. */
export const presetNames: readonly string[] = presets.map(({ name }) => name);

/** A preset by its name, if there is one of that name. */
export function findPreset(name: string): Preset | undefined {
  return presets.find((preset) => preset.name === name);
}

/**
 * A data set whose pictures are in memory, by its name.
 *
 * @param owner the command that asks, for the error
 * @throws {InvalidConfigError} there is none of that name.
 */
export function findArrayPreset(owner: string, name: string): ArrayPreset {
  const preset = arrayPresets.find((each) => each.name === name);
  if (preset !== undefined) return preset;
  throw new InvalidConfigError(owner, "dataset", `one of ${arrayPresetNames.join(", ")}`, name);
}
