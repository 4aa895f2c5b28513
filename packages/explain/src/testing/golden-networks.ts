import { HostArray } from "@featuremap/tensor";
import { type Model, deserializeModel } from "@featuremap/layers";
import golden from "../explain.golden.json" with { type: "json" };

/** An array in a fixture file. */
export interface GoldenArray {
  readonly shape: readonly number[];
  readonly values: readonly number[];
}

export type GoldenNetwork = (typeof golden)[number];

/** What Keras sees in small networks, case by case. */
export const goldenNetworks: readonly GoldenNetwork[] = golden;

export function hostArrayOf({ values, shape }: GoldenArray): HostArray<Float32Array> {
  return new HostArray(Float32Array.from(values), shape);
}

/** The network of a case with Keras's weights; the caller disposes of it. */
export function modelOf({ json, weights }: GoldenNetwork): Model {
  const model = deserializeModel(JSON.parse(json));
  model.setWeights(weights.map(hostArrayOf));
  return model;
}

/** A case by its name. */
export function networkNamed(name: string): GoldenNetwork {
  const found = golden.find((each) => each.name === name);
  if (found === undefined) throw new Error(`There is no case ${name}.`);
  return found;
}
