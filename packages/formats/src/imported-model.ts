import type { Preprocessing } from "@featuremap/images";
import type { Model, OutputMeaning } from "@featuremap/layers";
import type { HostArray } from "@featuremap/tensor";
import type { JsonObject } from "./reading/json.ts";

/** A model as another program left it, and what its file tells besides. */
export interface ImportedModel {
  /** The network with its weights; whoever loaded it disposes it. */
  readonly model: Model;
  /** How it was trained, where the file tells. */
  readonly training?: KerasTraining | undefined;
  /** Name of each class, in the order of the model's outputs, where the file tells. */
  readonly labels?: readonly string[] | undefined;
  /** How a picture becomes the model's input, where the file tells. */
  readonly preprocessing?: Preprocessing | undefined;
  /** How outputs become probabilities, where the file tells and the graph does not. */
  readonly outputs?: OutputMeaning | undefined;
  /** What is not as the file says: an equivalent that was taken, a part that was left out. One sentence each. */
  readonly notes: readonly string[];
}

/** How a model was compiled and how far its optimizer came, as Keras's files hold it. */
export interface KerasTraining {
  /** Keras 3's `compile_config`: optimizer, loss, metrics and the like. */
  readonly compile: JsonObject;
  /** The optimizer's variables in Keras's order: iterations, learning rate, then what it keeps for the weights. */
  readonly variables?: readonly HostArray[] | undefined;
}
