import type { Model, Weight } from "@featuremap/layers";
import { type HostArray, sizeOf } from "@featuremap/tensor";
import { sortVariables } from "../optimizer/sort-variables.ts";
import type { Slot } from "../optimizer/slots.ts";
import { type JsonObject, isObject } from "../reading/json.ts";
import { tfjsLayerOrder } from "./layer-order.ts";
import type { WrittenWeight } from "./written-weights.ts";

/** What TensorFlow.js keeps for the weights, in the order in which it gives it back to an optimizer. */
const slotsOf: Readonly<Record<string, readonly (readonly [Slot["kind"], string])[]>> = {
  SGD: [],
  Momentum: [["momentum", "momentum"]],
  Adam: [
    ["momentum", "m"],
    ["velocity", "v"],
  ],
  Adagrad: [["accumulator", "accumulator"]],
  RMSProp: [
    ["velocity", "rms"],
    ["momentum", "momentum"],
  ],
};

/** An optimizer's state as weights of a layers-model, and the learning rate that it has come to. */
export interface OptimizerWeights {
  readonly weights: ReadonlyMap<string, WrittenWeight>;
  readonly iterations: number;
  readonly learningRate: number;
}

/**
 * What an optimizer keeps, as `loadLayersModel` gives it back: TensorFlow.js goes by the order alone.
 *
 * @param object the model that is written, in Keras 3's JSON
 * @param named the model's weights as they are written
 * @param training `trainingConfig` as it is written
 * @returns a text that says why, where TensorFlow.js could not go on
 */
export function optimizerWeights(
  model: Model,
  object: JsonObject,
  named: ReadonlyMap<string, WrittenWeight>,
  compile: JsonObject,
  variables: readonly HostArray[],
  training: JsonObject,
): OptimizerWeights | string {
  const { class_name: className } = isObject(training["optimizer_config"]) ? training["optimizer_config"] : {};
  const slots = slotsOf[String(className)];
  if (slots === undefined) return `TensorFlow.js takes none for ${String(className)}`;
  const sorted = sortVariables(compile, model.trainableWeights, variables);
  if (sorted?.learningRate === undefined) return "it has other variables than such an optimizer";
  const { iterations, learningRate, slotOf } = sorted;
  const order = trainedOrder(model, object, named);
  if (order === undefined) return "TensorFlow.js would train other weights";
  const isMomentum = className === "Momentum";
  if (isMomentum && learningRate === 0) return "TensorFlow.js keeps the momentum apart from the rate, which is 0";
  const weights = new Map<string, WrittenWeight>();
  for (const [kind, slotName] of slots) {
    for (const [name, weight] of order) {
      const found = slotOf(weight, kind);
      // RMSProp of TensorFlow.js has momentum even where there is none.
      const values = Float32Array.from(found?.data ?? new Float32Array(sizeOf(weight.shape)));
      if (isMomentum) for (const index of values.keys()) values[index] = (values[index] ?? 0) / -learningRate;
      weights.set(`${name}/${slotName}`, { shape: weight.shape, read: () => Promise.resolve(values) });
    }
  }
  return { weights, iterations, learningRate };
}

/** The weights that TensorFlow.js will train, by name, in its order; undefined if these are not those that are trained here. */
function trainedOrder(
  model: Model,
  object: JsonObject,
  named: ReadonlyMap<string, WrittenWeight>,
): readonly (readonly [string, Weight])[] | undefined {
  const trained = new Set(model.trainableWeights);
  const byLayer = new Map<string, [string, Weight][]>();
  for (const [name, { weight }] of named) {
    if (weight === undefined || !trained.has(weight)) continue;
    const layer = name.slice(0, name.lastIndexOf("/"));
    byLayer.set(layer, [...(byLayer.get(layer) ?? []), [name, weight]]);
  }
  const layers = tfjsLayerOrder(object).map(({ config }) => (isObject(config) ? config : {}));
  const order = layers
    .filter(({ trainable }) => trainable !== false)
    .flatMap(({ name }) => byLayer.get(String(name)) ?? []);
  return order.length === trained.size ? order : undefined;
}
