import { InvalidConfigError } from "@featuremap/tensor";

/** Adds to a map what must not stand in it yet. @throws {InvalidConfigError} it does, and would be lost. */
export function setOnce<Value>(owner: string, map: Map<string, Value>, name: string, value: Value): void {
  if (map.has(name)) throw new InvalidConfigError(owner, "names", "different for all weights and states", name);
  map.set(name, value);
}
