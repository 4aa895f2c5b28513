import type { Model } from "@featuremap/layers";
import { type Preprocessing, channelCount } from "@featuremap/images";
import { formatShape, shapeAccepts } from "@featuremap/tensor";
import { labelCount } from "./bundle.ts";

/** What does not fit: a part, what it must be, what it is. */
export interface Misfit {
  readonly what: string;
  readonly expected: string;
  readonly found: string;
}

/**
 * Whether preprocessing and labels fit the model: pictures of the described size enter it, and each class has a name.
 *
 * @returns the first part that does not fit, or undefined
 */
export function findMisfit(model: Model, preprocessing: Preprocessing, labels: readonly string[]): Misfit | undefined {
  const ends = [model.inputs.length, model.outputs.length];
  if (ends.some((count) => count !== 1)) {
    return { what: "model", expected: "of one input and one output", found: ends.join(" and ") };
  }
  const { inputShape } = model;
  const [height, width] = preprocessing.size;
  const picture = [null, height, width, channelCount(preprocessing.channels)];
  if (!shapeAccepts(inputShape, picture)) {
    return {
      what: "preprocessing",
      expected: `for the model's input ${formatShape(inputShape)}`,
      found: formatShape(picture),
    };
  }
  const { shape: output } = model.output;
  const [, units] = output;
  if (output.length !== 2 || typeof units !== "number") {
    return { what: "model", expected: "a classifier with output (None, classes)", found: formatShape(output) };
  }
  if (labels.length !== labelCount(units)) {
    return {
      what: "labels",
      expected: `${labelCount(units)} for the model's ${units} ${units === 1 ? "output" : "outputs"}`,
      found: `${labels.length}`,
    };
  }
  return undefined;
}
