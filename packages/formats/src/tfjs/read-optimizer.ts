import type { Model, Weight } from "@featuremap/layers";
import { HostArray } from "@featuremap/tensor";
import { isCount, tfjsSlots } from "../optimizer/named-slots.ts";
import { kerasVariables } from "../optimizer/optimizer-state.ts";
import { type JsonObject, isObject } from "../reading/json.ts";
import type { StoredTensor } from "../tensors/tensor-store.ts";

/**
 * What `model.save(url, { includeOptimizer: true })` of TensorFlow.js kept of an optimizer, as variables of Keras 3.
 *
 * @param compile Keras 3's `compile_config`
 * @param tensors the optimizer's, by name
 * @param weightNames what the file calls the model's weights
 * @returns a text that says why, where the state cannot be taken; nothing where there is none yet
 */
export async function readOptimizer(
  model: Model,
  compile: JsonObject,
  tensors: ReadonlyMap<string, StoredTensor>,
  weightNames: ReadonlyMap<Weight, string>,
): Promise<readonly HostArray[] | string | undefined> {
  const names = [...tensors.keys()];
  const count = names.find(isCount);
  const [iterations] = (await tensors.get(count ?? "")?.read()) ?? [];
  if (iterations === undefined) return "it does not tell its steps";
  // Compiled, and never trained.
  if (iterations === 0 && tensors.size === 1) return undefined;
  const { class_name: className, config } = isObject(compile["optimizer"]) ? compile["optimizer"] : {};
  const rate = isObject(config) ? config["learning_rate"] : undefined;
  const find = tfjsSlots(names);
  const nameOf = (weight: Weight): string => weightNames.get(weight) ?? weight.name;
  return kerasVariables(compile, model.trainableWeights, {
    iterations,
    nameOf,
    async slotOf(weight, slot) {
      const tensor = tensors.get(find(nameOf(weight), slot) ?? "");
      if (tensor === undefined) return undefined;
      const values = await tensor.read();
      // TensorFlow.js sums gradients, and Keras the steps that they make.
      if (className === "SGD") for (const index of values.keys()) values[index] = (values[index] ?? 0) * -Number(rate);
      return new HostArray(values, tensor.shape);
    },
  });
}
