import { InvalidConfigError } from "@featuremap/tensor";
import { mnist } from "./mnist.ts";
import type { Preset } from "./preset.ts";

const presets: readonly Preset[] = [mnist];

/**
 * A preset by its name.
 *
 * @param owner the command that asks, for the error
 * @param what what the name is there: "preset" or "dataset"
 * @throws {InvalidConfigError} there is none of that name.
 */
export function findPreset(owner: string, what: string, name: string): Preset {
  const preset = presets.find((entry) => entry.name === name);
  if (preset !== undefined) return preset;
  throw new InvalidConfigError(owner, what, `one of ${presets.map((entry) => entry.name).join(", ")}`, name);
}
