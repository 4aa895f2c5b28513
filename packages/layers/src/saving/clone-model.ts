import { InvalidConfigError, type Shape, checkOptions } from "@featuremap/tensor";
import { isRecord } from "../config/config-reader.ts";
import { requireShape } from "../config/options.ts";
import { Model } from "../model/model.ts";
import { Sequential } from "../model/sequential.ts";
import { deserializeModel, serializeModel } from "./serialization.ts";

export interface CloneOptions {
  /** Shape of the copy's input, without the batch axis, as `[96, 96, 3]`; by default the model's own. */
  readonly inputShape?: Shape | undefined;
}

/**
 * The same layers anew, with new weights, as Keras's `clone_model`; perhaps for pictures of another size.
 *
 * `copy.setWeights(await model.getWeights())` takes over what was learned. Kernels of convolutions do not depend on the picture's size, those
 * of Dense layers behind Flatten do.
 *
 * @throws {InvalidConfigError} `inputShape` is given for a model of several inputs, or one with a model inside, or has another rank.
 * @throws {FormatError} a layer can't take `inputShape`, or its class is not registered (`registerKerasSerializable`).
 */
export function cloneModel(model: Model, options: CloneOptions = {}): Model {
  const owner = "cloneModel";
  if (!(model instanceof Model)) throw new InvalidConfigError(owner, "model", "a Model or Sequential", model);
  checkOptions(owner, options, { inputShape: true });
  const { inputShape } = options;
  if (inputShape === undefined) return deserializeModel(serializeModel(model), owner);
  requireShape(owner, inputShape, "inputShape");
  const document = serializeModel(model);
  if (model instanceof Sequential && !model.connected) {
    const copy = deserializeModel(document, owner);
    copy.build([null, ...inputShape]);
    return copy;
  }
  const inner = model.layers.find((layer) => layer instanceof Model);
  if (inner !== undefined) {
    throw new InvalidConfigError(owner, "inputShape", "left out where a model is inside; clone that one", inner.name);
  }
  const [input, another] = model.inputs;
  if (input === undefined || another !== undefined) {
    throw new InvalidConfigError(owner, "inputShape", "left out for a model of several inputs", inputShape);
  }
  const { length } = input.shape;
  if (inputShape.length !== length - 1) {
    throw new InvalidConfigError(owner, "inputShape", `${length - 1} lengths, as the model's own`, inputShape);
  }
  return deserializeModel(withInput(document, [input.shape[0] ?? null, ...inputShape]), owner);
}

/** The document with another shape for its one input. */
function withInput({ config, ...document }: Record<string, unknown>, shape: Shape): unknown {
  if (!isRecord(config) || !Array.isArray(config["layers"])) return document;
  const { build_input_shape: _, ...rest } = config;
  const layers = config["layers"].map((layer: unknown) =>
    isRecord(layer) && layer["class_name"] === "InputLayer" && isRecord(layer["config"])
      ? { ...layer, config: { ...layer["config"], batch_shape: shape } }
      : layer,
  );
  return { ...document, config: { ...rest, layers } };
}
