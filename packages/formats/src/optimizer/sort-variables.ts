import type { Weight } from "@featuremap/layers";
import { type HostArray, shapesEqual } from "@featuremap/tensor";
import { type JsonObject, isObject } from "../reading/json.ts";
import { type Slot, slotLists } from "./slots.ts";

/** An optimizer's state as its variables tell it. */
export interface SortedVariables {
  readonly iterations: number;
  /** The rate that it has come to; undefined where a schedule gives it. */
  readonly learningRate: number | undefined;
  readonly slotOf: (weight: Weight, kind: Slot["kind"]) => HostArray | undefined;
}

/**
 * Takes apart an optimizer's variables in Keras 3's order.
 *
 * @returns undefined where they are not those of such an optimizer
 */
export function sortVariables(
  compile: JsonObject,
  weights: readonly Weight[],
  variables: readonly HostArray[],
): SortedVariables | undefined {
  const { optimizer } = compile;
  const lists = slotLists(optimizer);
  if (lists === undefined || !isObject(optimizer) || !isObject(optimizer["config"])) return undefined;
  const rest = variables.values();
  const iterations = rest.next().value?.data[0];
  const isGiven = typeof optimizer["config"]["learning_rate"] === "number";
  const learningRate = isGiven ? rest.next().value?.data[0] : undefined;
  if (iterations === undefined || (isGiven && learningRate === undefined)) return undefined;
  const kept = new Map<Weight, Map<Slot["kind"], HostArray>>(weights.map((weight) => [weight, new Map()]));
  for (const slots of lists) {
    for (const weight of weights) {
      for (const { kind } of slots) {
        const { value } = rest.next();
        if (value === undefined || !shapesEqual(value.shape, weight.shape)) return undefined;
        kept.get(weight)?.set(kind, value);
      }
    }
  }
  if (optimizer["class_name"] === "Nadam") rest.next();
  if (!rest.next().done) return undefined;
  return { iterations, learningRate, slotOf: (weight, kind) => kept.get(weight)?.get(kind) };
}
