import { InvalidConfigError } from "@featuremap/tensor";

/**
 * A name that may stand in a path: weights are told apart by `<model>/<layer>/<weight>`. Source: Keras `Operation`.
 *
 * @throws {InvalidConfigError} it is not text, or has a `/`.
 */
export function requireName(owner: string, name: unknown, option = "name"): string {
  if (typeof name === "string" && !name.includes("/")) return name;
  throw new InvalidConfigError(owner, option, 'text without "/"', name);
}

/** Adds to a map by paths. @throws {InvalidConfigError} there is an entry of that path, which would be lost. */
export function setOnce<Value>(map: Map<string, Value>, path: string, value: Value, owner: string): void {
  if (map.has(path)) throw new InvalidConfigError(owner, "paths of layers and weights", "unique in the model", path);
  map.set(path, value);
}
