import type { FixedShape } from "@featuremap/tensor";

/** What labels are: yes or no, class indices, or a distribution over classes. */
export type LabelKind = "binary" | "sparse" | "categorical";

/**
 * What labels of this shape are beside outputs of that: binary for one output unit, else sparse where they have no class
 * axis, else categorical.
 *
 * Source: Keras 3 `is_binary_or_sparse_categorical`, which chooses what `accuracy` and `crossentropy` mean.
 */
export function labelKind(target: FixedShape, output: FixedShape): LabelKind {
  if (output.at(-1) === 1) return "binary";
  return target.length < output.length || target.at(-1) === 1 ? "sparse" : "categorical";
}
