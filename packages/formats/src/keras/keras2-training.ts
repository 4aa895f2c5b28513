import type { Model, Weight } from "@featuremap/layers";
import { FormatError, type HostArray, describeValue } from "@featuremap/tensor";
import type { Hdf5File } from "../hdf5/open-hdf5.ts";
import type { KerasTraining } from "../imported-model.ts";
import { compileConfigFromKeras2 } from "../keras2/compile-config.ts";
import { isCount, keras2Slots } from "../optimizer/named-slots.ts";
import { kerasVariables, leftOut } from "../optimizer/optimizer-state.ts";
import { slotLists } from "../optimizer/slots.ts";
import { type JsonObject, isObject } from "../reading/json.ts";
import { readVariable } from "./read-variable.ts";

/**
 * How a model of an `.h5` file of Keras 2 was trained. The optimizer's variables are found by their names.
 *
 * @param config the attribute `training_config`
 * @param paths the datasets of the optimizer's variables, by name
 * @param weightNames what the file calls the model's weights
 * @param notes hear what is left out
 */
export async function keras2TrainingByName(
  model: Model,
  config: JsonObject,
  file: Hdf5File,
  paths: ReadonlyMap<string, string>,
  weightNames: ReadonlyMap<Weight, string>,
  notes: string[],
): Promise<KerasTraining | undefined> {
  const compile = compileConfigFromKeras2(config);
  if (compile === undefined) return undefined;
  const names = [...paths.keys()];
  const read = async (name: string): Promise<HostArray> => {
    const tensor = await file.tensor(paths.get(name) ?? "");
    if (tensor === undefined) throw new FormatError(file.source, describeValue(name), "a dataset", "nothing");
    return readVariable(tensor);
  };
  const count = names.find(isCount);
  const iterations = count === undefined ? undefined : (await read(count)).data[0];
  // Written before the first step.
  if (names.length === 0 || (names.length === 1 && iterations === 0)) return { compile };
  const reason =
    reasonAgainst(compile, config) ?? (iterations === undefined ? "it does not tell its steps" : undefined);
  const find = keras2Slots(names);
  const nameOf = (weight: Weight): string => weightNames.get(weight) ?? weight.name;
  const variables =
    reason ??
    (await kerasVariables(compile, model.trainableWeights, {
      iterations: iterations ?? 0,
      nameOf,
      slotOf: (weight, slot) => {
        const name = find(nameOf(weight), slot);
        return name === undefined ? undefined : read(name);
      },
    }));
  if (typeof variables !== "string") return { compile, variables };
  notes.push(leftOut(variables));
  return { compile };
}

/**
 * How a model of a `.keras` file of Keras 2.12 to 2.15 was trained. The optimizer's variables stand there in the order in which they
 * were made: the count, and what is kept for the weights; the learning rate is in the config alone.
 *
 * @param compile the `compile_config` of the file
 * @param saved the optimizer's variables
 */
export async function keras2TrainingInOrder(
  model: Model,
  { optimizer, ...others }: JsonObject,
  saved: readonly HostArray[] | undefined,
  notes: string[],
): Promise<KerasTraining | undefined> {
  const compile = compileConfigFromKeras2({ ...others, optimizer_config: optimizer });
  if (compile === undefined) return undefined;
  const [count, ...slots] = saved ?? [];
  const iterations = count?.data[0];
  // Compiled, and never trained.
  if (iterations === undefined || (iterations === 0 && slots.length === 0)) return { compile };
  const lists = keptByKeras2(compile);
  const weights = model.trainableWeights;
  const places = new Map<Weight, Map<string, HostArray | undefined>>(weights.map((weight) => [weight, new Map()]));
  const rest = slots.values();
  for (const list of lists ?? []) {
    for (const weight of weights) for (const name of list) places.get(weight)?.set(name, rest.next().value);
  }
  const counted = weights.length * (lists ?? []).reduce((sum, list) => sum + list.length, 0);
  const reason =
    counted === slots.length ? undefined : `${slots.length} variables are not the ${counted} that it keeps`;
  const variables =
    reason ??
    (await kerasVariables(compile, weights, {
      iterations,
      nameOf: ({ name }) => name,
      slotOf: (weight, { keras2 }) => places.get(weight)?.get(keras2),
    }));
  if (typeof variables !== "string") return { compile, variables };
  notes.push(leftOut(variables));
  return { compile };
}

/** SGD of Keras 2 keeps momentum even where it has none. */
function keptByKeras2({ optimizer }: JsonObject): readonly (readonly string[])[] | undefined {
  const lists = slotLists(optimizer)?.map((slots) => slots.map(({ keras2 }) => keras2));
  const { class_name: className } = isObject(optimizer) ? optimizer : {};
  const hasMomentum = lists?.some((names) => names.includes("m"));
  return className === "SGD" && hasMomentum === false ? [...(lists ?? []), ["m"]] : lists;
}

/** Why what an optimizer keeps would mean another thing to Keras 3. */
function reasonAgainst(compile: JsonObject, { optimizer_config: written }: JsonObject): string | undefined {
  const { class_name: className } = isObject(compile["optimizer"]) ? compile["optimizer"] : {};
  const { config } = isObject(written) ? written : {};
  const isFormer = isObject(config) && config["is_legacy_optimizer"] !== false && !("jit_compile" in config);
  return className === "Nadam" && isFormer ? "Nadam before Keras 2.11 weighs its past in another way" : undefined;
}
