import type { Model, OutputMeaning } from "@featuremap/layers";
import type { Preprocessing } from "@featuremap/images";

/** A model and all that is needed to use it on pictures. */
export interface ModelBundle {
  /** The network with its weights; whoever loaded the bundle disposes it. */
  readonly model: Model;
  /** How a picture becomes the model's input. */
  readonly preprocessing: Preprocessing;
  /** Name of each class, in the order of the model's outputs; two where the model has one output. */
  readonly labels: readonly string[];
  /** How outputs become probabilities, where that was said when the bundle was saved; otherwise its graph tells. */
  readonly outputs?: OutputMeaning | undefined;
  /** Figures that training reached, such as `accuracy`. */
  readonly metrics: Readonly<Record<string, number>>;
  /** Where the model comes from: data, seed, versions; any JSON object. */
  readonly provenance: Readonly<Record<string, unknown>>;
}

/** How many labels belong to so many outputs: a single output tells two classes apart. */
export function labelCount(outputs: number): number {
  return outputs === 1 ? 2 : outputs;
}
