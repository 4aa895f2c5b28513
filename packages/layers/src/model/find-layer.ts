import { InvalidConfigError } from "@featuremap/tensor";
import type { Layer } from "../layer/layer.ts";

interface Layered {
  readonly name: string;
  readonly layers: readonly Layer[];
  /** The same, with what stands between them. */
  readonly innerLayers: readonly Layer[];
}

/** The layer of that name or at that index. @throws {InvalidConfigError} there is none. */
export function findLayer({ name, layers, innerLayers }: Layered, nameOrIndex: string | number): Layer {
  const layer =
    typeof nameOrIndex === "number"
      ? layers.at(nameOrIndex)
      : innerLayers.find((candidate) => candidate.name === nameOrIndex);
  if (layer !== undefined) return layer;
  const names = layers.map((candidate) => candidate.name).join(", ");
  throw new InvalidConfigError(name, "layer", `one of ${names}, or an index`, nameOrIndex);
}
