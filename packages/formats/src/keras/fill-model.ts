import type { Model, Weight } from "@featuremap/layers";
import { FormatError, describeValue } from "@featuremap/tensor";
import type { Hdf5File } from "../hdf5/open-hdf5.ts";
import { type Filling, fillFromStore } from "../tensors/fill-from-store.ts";
import type { StoredTensor } from "../tensors/tensor-store.ts";
import { type KerasObject, kerasObjects } from "./keras-objects.ts";
import { OtherNetworkError } from "./other-network-error.ts";

/** Where the variables of Keras's objects are: a file, or several. */
export interface VariableStore {
  /** The file, for errors. */
  readonly source: string;
  /** Variables of an object by the number that they have there; undefined if it has none in the file. */
  variables(path: string): Promise<readonly StoredTensor[] | undefined>;
}

/** What Keras 2.13 called the layers. */
const former = "_layer_checkpoint_dependencies";

/** Whether it is a `.weights.h5` file, of Keras 3 or of 2.13 and later. */
export async function holdsVariables(file: Hdf5File): Promise<boolean> {
  const names = (await file.keys("")) ?? [];
  return names.includes("layers") || names.includes(former);
}

/** The variables of a `.weights.h5` file, of Keras 3 or of 2.13 and later. */
export async function hdf5Variables(file: Hdf5File): Promise<VariableStore> {
  const isFormer = (await file.keys(former)) !== undefined;
  const read = async (path: string): Promise<readonly StoredTensor[] | undefined> => {
    const group = path === "" ? "vars" : `${path}/vars`;
    const names = await file.keys(group);
    if (names === undefined) return undefined;
    const tensors: StoredTensor[] = [];
    for (let index = 0; index < names.length; index++) {
      const tensor = await file.tensor(`${group}/${index}`);
      if (tensor === undefined) {
        throw new FormatError(
          file.source,
          describeValue(group),
          `variables 0 to ${names.length - 1}`,
          names.join(", "),
        );
      }
      tensors.push(tensor);
    }
    return tensors;
  };
  return {
    source: file.source,
    variables: async (path) =>
      (await read(path)) ?? (isFormer ? await read(path.replaceAll("layers", former)) : undefined),
  };
}

/** A layer that was left as it is, and why. */
export interface Mismatch {
  readonly layer: string;
  readonly reason: string;
}

/**
 * Gives a model the values of a file, which are checked before the first is taken.
 *
 * @param skipMismatch leaves a layer as it is whose variables in the file are of another number or shape, or absent
 * @returns the layers that were left
 * @throws {FormatError} variables are missing, or of another number or shape; or the file is damaged.
 */
export async function fillModel(
  model: Model,
  store: VariableStore,
  skipMismatch = false,
): Promise<readonly Mismatch[]> {
  const fillings: Filling[] = [];
  const skipped: Mismatch[] = [];
  for (const object of kerasObjects(model)) {
    const found = await fillingsOf(object, store);
    if (typeof found !== "string") fillings.push(...found);
    else if (skipMismatch) skipped.push({ layer: object.layer.name, reason: found });
    else
      throw new OtherNetworkError(store.source, `variables of ${placeOf(object)}`, expectation(object.weights), found);
  }
  await fillFromStore(fillings, store.source);
  return skipped;
}

async function fillingsOf({ path, layer, weights }: KerasObject, store: VariableStore): Promise<Filling[] | string> {
  const variables = await store.variables(path);
  const count = variables?.length ?? 0;
  if (variables === undefined && weights.length > 0) return "none";
  if (count !== weights.length) return `${count}`;
  const fillings: Filling[] = [];
  for (const [index, weight] of weights.entries()) {
    const tensor = variables?.[index];
    if (tensor === undefined) return `${index}`;
    if (tensor.shape.join() !== weight.shape.join()) {
      return `shapes ${(variables ?? []).map(({ shape }) => `(${shape.join(", ")})`).join(", ")}`;
    }
    fillings.push({ weight, path: `${layer.name}/${weight.name}`, tensor });
  }
  return fillings;
}

function expectation(weights: readonly Weight[]): string {
  if (weights.length === 0) return "none";
  return weights.map(({ name, shape }) => `${name} (${shape.join(", ")})`).join(", ");
}

function placeOf({ path, layer }: KerasObject): string {
  return path === "" ? "the model itself" : `${describeValue(layer.name)} at ${describeValue(path)}`;
}
