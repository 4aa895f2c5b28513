import { FormatError, InvalidConfigError, type RandomState } from "@featuremap/tensor";
import { setOnce } from "../config/paths.ts";
import type { Layer } from "../layer/layer.ts";
import type { Weight } from "../layer/weights/weight.ts";

/** Every layer that is not made of others, by its path: `<layer>`, within a model `<model>/<layer>`. */
function* layersByPath(
  layers: readonly Layer[],
  prefix = "",
): Generator<readonly [path: string, layer: Layer], void, undefined> {
  for (const layer of layers) {
    const path = `${prefix}${layer.name}`;
    const { innerLayers } = layer;
    if (innerLayers === null) yield [path, layer];
    else yield* layersByPath(innerLayers, `${path}/`);
  }
}

/** All weights by path, `<layer>/<weight>`. @throws {InvalidConfigError} two weights have one path. */
export function weightsByPath(owner: string, layers: readonly Layer[]): ReadonlyMap<string, Weight> {
  const named = new Map<string, Weight>();
  for (const [path, layer] of layersByPath(layers)) {
    for (const weight of layer.weights) setOnce(named, `${path}/${weight.name}`, weight, owner);
  }
  return named;
}

/** Where the layers' random streams stand. @throws {InvalidConfigError} two layers have one path. */
export function randomStatesByPath(owner: string, layers: readonly Layer[]): ReadonlyMap<string, RandomState> {
  const states = new Map<string, RandomState>();
  for (const [path, layer] of layersByPath(layers)) setOnce(states, path, layer.saveRandomState(), owner);
  return states;
}

/** Goes on with the draws after such states. @throws {FormatError} a layer's state is missing. */
export function restoreRandomStates(
  owner: string,
  layers: readonly Layer[],
  states: ReadonlyMap<string, RandomState>,
): void {
  if (!(states instanceof Map)) throw new InvalidConfigError(owner, "random states", "a map by path", states);
  for (const [path, layer] of layersByPath(layers)) {
    const state: RandomState | undefined = (states as ReadonlyMap<string, RandomState>).get(path);
    if (state === undefined) throw new FormatError("random states", path, "a layer's state", "nothing");
    layer.restoreRandomState(state);
  }
}
