import { InvalidConfigError } from "@featuremap/tensor";
import { snakeCase } from "../config/keras-object.ts";
import type { Layer } from "./layer.ts";

/**
 * Gives layers without a name Keras's, numbered within the model: `conv2d`, `conv2d_1`.
 *
 * @param model the model's name, as errors say it
 * @throws {InvalidConfigError} two layers have one name.
 */
export function settleNames(layers: readonly Layer[], model: string): void {
  const taken = new Set<string>();
  for (const layer of layers.filter((entry) => entry.isNamed)) {
    if (taken.has(layer.name)) throw new InvalidConfigError(model, "layer names", "unique in the model", layer.name);
    taken.add(layer.name);
  }
  const counts = new Map<string, number>();
  for (const layer of layers.filter((entry) => !entry.isNamed)) {
    const base = snakeCase(layer.className);
    let count = counts.get(base) ?? 0;
    let name = count === 0 ? base : `${base}_${count}`;
    while (taken.has(name)) name = `${base}_${++count}`;
    counts.set(base, count + 1);
    taken.add(name);
    layer.settleName(name);
  }
}
