import { loadKerasWeights } from "@featuremap/formats/keras";
import { Model } from "@featuremap/layers";
import { FormatError, UnavailableError } from "@featuremap/tensor";
import { findHead } from "./network-head.ts";

/**
 * Gives the base of a network the weights of a file; its new last layer keeps its first ones.
 *
 * @param model a backbone, dropout, and a dense layer
 * @param weights a file of Keras without the top, or its address
 * @throws {UnavailableError} the file is absent, damaged, or has weights of another network.
 */
export async function withWeights(model: Model, weights: string): Promise<Model> {
  const features = findHead(model)?.input.node.inputs;
  try {
    if (features !== undefined) await loadKerasWeights(new Model({ inputs: model.input, outputs: features }), weights);
    return model;
  } catch (error) {
    model.dispose();
    if (!(error instanceof FormatError)) throw error;
    throw new UnavailableError(
      `The weights do not fit ${model.name}: ${error.message.replace(/\.$/, "")}`,
      "Take the file of this network whose name has no_top or notop in it.",
      { cause: error },
    );
  }
}
