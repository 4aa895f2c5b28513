import { UnavailableError } from "@featuremap/tensor";
import { type AnyModel, importModel } from "@featuremap/formats/any";
import type { Preprocessing } from "@featuremap/images";
import { asFileFault } from "./as-file-fault.ts";
import { ownRescaling, readPreprocessing } from "./read-preprocessing.ts";

/** A model to start from. */
export interface StartModel extends Pick<AnyModel, "model" | "outputs"> {
  /** How a picture becomes its input. */
  readonly preprocessing: Preprocessing;
  /** Its classes; empty where its file does not name them. */
  readonly labels: readonly string[];
}

/**
 * Reads a model of any format with every check: a bundle, or a model of Keras, TensorFlow.js or PyTorch.
 *
 * @param owner the command that asks, for errors
 * @param location a file, folder or http address
 * @param given how a picture becomes its input, where its file does not tell: a word, or a JSON file
 * @throws {InvalidConfigError} the location is an address that cannot be read, or the word does not fit the model.
 * @throws {UnavailableError} no model is there, or nobody says how a picture becomes its input.
 * @throws {FormatError} it is damaged, of no known format, or its network cannot be built.
 */
export async function readStart(owner: string, location: string, given: string | undefined): Promise<StartModel> {
  const { model, labels = [], outputs, preprocessing: own } = await asFileFault(location, () => importModel(location));
  try {
    const preprocessing = given === undefined ? own : await readPreprocessing(owner, given, model);
    if (preprocessing !== undefined) return { model, labels, outputs, preprocessing };
    const kinds = "keras (from -1 to 1), torch (ImageNet's mean and deviation), none (0 to 255), or a JSON file";
    const remedy = ownRescaling(model) === undefined ? kinds : "none, since the model scales its input itself";
    throw new UnavailableError(
      `The model in ${location} does not say how a picture becomes its input`,
      `Give --preprocessing ${remedy}.`,
    );
  } catch (error) {
    model.dispose();
    throw error;
  }
}
