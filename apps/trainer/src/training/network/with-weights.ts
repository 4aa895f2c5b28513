import { LayerCountError, OtherNetworkError, loadKerasWeights } from "@featuremap/formats/keras";
import { Model } from "@featuremap/layers";
import { UnavailableError } from "@featuremap/tensor";
import { requireFinite } from "../../models/non-finite-weight.ts";
import { findLastDense } from "./network-head.ts";

/** The most layers with weights that a top has among the networks of Keras: VGG's. */
const mostInTop = 3;

/**
 * Gives the base of a network the weights of a file; its new last layer keeps its first ones.
 *
 * @param model a backbone, dropout, and a dense layer
 * @param weights a file of Keras without the top, or its address
 * @throws {UnavailableError} the file is absent, has a top, or weights of another network.
 * @throws {FormatError} it is damaged, or has weights that are no finite numbers.
 */
export async function withWeights(model: Model, weights: string): Promise<Model> {
  const features = findLastDense(model)?.input.node.inputs;
  try {
    if (features === undefined) return model;
    const base = new Model({ inputs: model.input, outputs: features });
    await loadKerasWeights(base, weights);
    await requireFinite(base, weights);
    return model;
  } catch (error) {
    model.dispose();
    if (!(error instanceof OtherNetworkError)) throw error;
    const remedy =
      error instanceof LayerCountError && hasTop(error)
        ? "Take the file of this network whose name has no_top or notop in it."
        : "They must be of this network as Keras makes it without options. For another width give the whole model, as --model FILE.keras.";
    throw new UnavailableError(`The weights do not fit ${model.name}: ${error.message.replace(/\.$/, "")}`, remedy, {
      cause: error,
    });
  }
}

/** Whether the file has a few layers more than the base. Files of other kinds are read by the places of the layers, without the top. */
function hasTop({ inFile, inModel }: LayerCountError): boolean {
  const more = inFile - inModel;
  return more > 0 && more <= mostInTop;
}
