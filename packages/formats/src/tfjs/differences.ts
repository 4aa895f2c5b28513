import { BatchNormalization, type Model } from "@featuremap/layers";
import { describeValue } from "@featuremap/tensor";
import { layersOf } from "./written-weights.ts";

/**
 * Where TensorFlow.js 4.22 itself does not compute what a layer is, one sentence each.
 *
 * Its backends for processors go through the statistics of a BatchNormalization as if they were those of the last axis.
 */
export function differences(model: Model): readonly string[] {
  const found = layersOf(model).filter((layer): layer is BatchNormalization => {
    if (!(layer instanceof BatchNormalization)) return false;
    const rank = layer.input.shape.length;
    return layer.axis !== -1 && layer.axis !== rank - 1;
  });
  return [...new Set(found)].map(
    ({ name, axis }) =>
      `BatchNormalization ${describeValue(name)} normalizes axis ${axis}, as Keras does; TensorFlow.js itself may give other answers, ` +
      "as some of its backends take the statistics for those of the last axis.",
  );
}
