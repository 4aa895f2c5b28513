import type { Layer, SymbolicTensor } from "@featuremap/layers";

/** Applies a layer to what is given, and gives its output. */
export type Connect = (layer: Layer, input: SymbolicTensor | readonly SymbolicTensor[]) => SymbolicTensor;

/**
 * Connects the layers of one network, and names those without a name as Keras does: by their class, numbered in the order in
 * which they are made. A model would number them in the order in which it computes them.
 */
export function namedInOrder(): Connect {
  const made = new Map<string, number>();
  return (layer, input) => {
    if (!layer.isNamed) {
      const { name } = layer;
      const count = made.get(name) ?? 0;
      made.set(name, count + 1);
      layer.settleName(count === 0 ? name : `${name}_${count}`);
    }
    return layer.apply(input);
  };
}
