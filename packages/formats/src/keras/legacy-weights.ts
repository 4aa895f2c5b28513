import type { Layer, Model, Weight } from "@featuremap/layers";
import { FormatError, describeValue, formatShape, shapesEqual } from "@featuremap/tensor";
import type { Hdf5File } from "../hdf5/open-hdf5.ts";
import { type Filling, fillFromStore } from "../tensors/fill-from-store.ts";
import type { StoredTensor } from "../tensors/tensor-store.ts";
import type { Mismatch } from "./fill-model.ts";
import { LayerCountError, OtherNetworkError } from "./other-network-error.ts";

/** How weights find their layers in a file that knows layers by name. */
export interface LegacyOptions {
  /** By the names of layers, those without one here left out; else in the order of the layers. */
  readonly byName: boolean;
  readonly skipMismatch: boolean;
}

/** The group that holds the layers: the root of a file of weights alone. Undefined if the file is of another kind. */
export async function legacyGroup(file: Hdf5File): Promise<string | undefined> {
  for (const group of ["", "model_weights"]) {
    if ((await namesOf(file, group, "layer_names")) !== undefined) return group;
  }
  return undefined;
}

/**
 * Gives a model the values of an `.h5` file as all Keras wrote them up to 2.12, and since then on demand.
 *
 * Source: Keras 3.15, `legacy_h5_format.load_weights_from_hdf5_group` and `load_weights_from_hdf5_group_by_name`.
 *
 * @param group of {@link legacyGroup}
 * @returns the layers that were left as they are, and what the file calls the others' weights
 * @throws {FormatError} layers or weights are of another number or shape, or the file is damaged.
 */
export async function fillFromLegacy(
  model: Model,
  file: Hdf5File,
  group: string,
  { byName, skipMismatch }: LegacyOptions,
): Promise<FilledFromLegacy> {
  const saved = await savedLayers(file, group);
  const pairs = byName ? pairByName(model, saved) : pairInOrder(model, saved, file.source);
  const fillings: Filling[] = [];
  const skipped: Mismatch[] = [];
  const names = new Map<Weight, string>();
  for (const { layer, name, path, paths } of pairs) {
    const found = await fillingsOf(layer, file, paths);
    if (typeof found !== "string") {
      fillings.push(...found);
      for (const [index, { weight }] of found.entries()) names.set(weight, paths[index]?.slice(path.length + 1) ?? "");
    } else if (skipMismatch) skipped.push({ layer: layer.name, reason: found });
    else {
      const what = `weights of ${describeValue(name)} for layer ${describeValue(layer.name)}`;
      throw new OtherNetworkError(file.source, what, expectation(legacyWeights(layer)), found);
    }
  }
  await fillFromStore(fillings, file.source);
  return { skipped, names };
}

/** What came of filling. */
export interface FilledFromLegacy {
  readonly skipped: readonly Mismatch[];
  readonly names: ReadonlyMap<Weight, string>;
}

interface SavedLayer {
  readonly name: string;
  readonly path: string;
  readonly paths: readonly string[];
}

interface Pair extends SavedLayer {
  readonly layer: Layer;
}

/** The order in which Keras writes a layer's weights, which for models within depends on what of them is frozen. */
function legacyWeights(layer: Layer): readonly Weight[] {
  return [...layer.trainableWeights, ...layer.nonTrainableWeights];
}

async function savedLayers(file: Hdf5File, group: string): Promise<SavedLayer[]> {
  const layers: SavedLayer[] = [];
  for (const name of (await namesOf(file, group, "layer_names")) ?? []) {
    const path = group === "" ? name : `${group}/${name}`;
    const names = await namesOf(file, path, "weight_names");
    if (names === undefined)
      throw new FormatError(file.source, describeValue(path), "a group with weight_names", "none");
    layers.push({ name, path, paths: names.map((weight) => `${path}/${weight}`) });
  }
  return layers;
}

/** A list of names; long ones are cut into several attributes. */
export async function namesOf(file: Hdf5File, path: string, name: string): Promise<readonly string[] | undefined> {
  const whole = await file.attribute(path, name);
  if (whole !== undefined) return [whole].flat();
  const parts: string[] = [];
  for (let index = 0; ; index++) {
    const part = await file.attribute(path, `${name}${index}`);
    if (part === undefined) return index === 0 ? undefined : parts;
    parts.push(...[part].flat());
  }
}

function pairByName(model: Model, saved: readonly SavedLayer[]): Pair[] {
  const byName = new Map(model.layers.map((layer) => [layer.name, layer]));
  return saved.flatMap((each) => {
    const layer = byName.get(each.name);
    return layer === undefined ? [] : [{ layer, ...each }];
  });
}

function pairInOrder(model: Model, saved: readonly SavedLayer[], source: string): Pair[] {
  const layers = model.layers.filter(({ weights }) => weights.length > 0);
  const filled = saved.filter(({ paths }) => paths.length > 0);
  if (layers.length !== filled.length) throw new LayerCountError(source, filled.length, layers.length);
  return layers.map((layer, index) => ({ layer, ...(filled[index] ?? { name: "", path: "", paths: [] }) }));
}

async function fillingsOf(layer: Layer, file: Hdf5File, paths: readonly string[]): Promise<Filling[] | string> {
  const weights = legacyWeights(layer);
  const tensors: StoredTensor[] = [];
  for (const path of paths) {
    const tensor = await file.tensor(path);
    if (tensor === undefined) throw new FormatError(file.source, describeValue(path), "a dataset", "nothing");
    tensors.push(tensor);
  }
  const fits =
    tensors.length === weights.length &&
    weights.every((weight, index) => shapesEqual(weight.shape, tensors[index]?.shape ?? []));
  if (!fits) return tensors.length === 0 ? "none" : tensors.map(({ shape }) => formatShape(shape)).join(", ");
  return weights.flatMap((weight, index) => {
    const tensor = tensors[index];
    return tensor === undefined ? [] : [{ weight, path: `${layer.name}/${weight.name}`, tensor }];
  });
}

function expectation(weights: readonly Weight[]): string {
  return weights.length === 0 ? "none" : weights.map(({ name, shape }) => `${name} ${formatShape(shape)}`).join(", ");
}
