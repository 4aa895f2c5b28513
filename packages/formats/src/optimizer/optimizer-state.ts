import type { Weight } from "@featuremap/layers";
import { HostArray, describeValue, shapesEqual } from "@featuremap/tensor";
import { type JsonObject, isObject } from "../reading/json.ts";
import { type Slot, slotLists } from "./slots.ts";

/** What follows a reason why an optimizer's state is not taken. */
export function leftOut(reason: string): string {
  return `The optimizer's state is left out, and training starts anew: ${reason}.`;
}

/** How far an optimizer came, whatever order and names a file has for it. */
export interface OptimizerState {
  /** Batches that it has seen. */
  readonly iterations: number;
  /** What it keeps for a weight; undefined if there is no such. */
  readonly slotOf: (weight: Weight, slot: Slot) => HostArray | undefined | Promise<HostArray | undefined>;
  /** What the file calls a weight, for notes. */
  readonly nameOf: (weight: Weight) => string;
}

/**
 * An optimizer's variables in Keras 3's order.
 *
 * @param compile Keras 3's `compile_config`
 * @param weights those that are trained, in the order of the model
 * @returns where the optimizer is not known, or a weight has not what it keeps, a text that says so
 */
export async function kerasVariables(
  compile: JsonObject,
  weights: readonly Weight[],
  { iterations, slotOf, nameOf }: OptimizerState,
): Promise<readonly HostArray[] | string> {
  const { optimizer } = compile;
  const { class_name: className, config } = isObject(optimizer) ? optimizer : {};
  const lists = slotLists(optimizer);
  if (lists === undefined || !isObject(config)) return `the optimizer ${describeValue(className)} is not known here`;
  const { learning_rate: rate, beta_1: beta1 = 0.9 } = config;
  const variables: HostArray[] = [new HostArray(Int32Array.of(iterations), [])];
  // Schedules give the rate for each step.
  if (typeof rate === "number") variables.push(scalar(rate));
  for (const slots of lists) {
    for (const weight of weights) {
      for (const slot of slots) {
        const found = await slotOf(weight, slot);
        if (found === undefined) return `none is the ${slot.kind} of ${describeValue(nameOf(weight))}`;
        if (!shapesEqual(found.shape, weight.shape)) {
          return `the ${slot.kind} of ${describeValue(nameOf(weight))} has another shape`;
        }
        variables.push(found);
      }
    }
  }
  if (className === "Nadam") variables.push(scalar(productOfShares(Number(beta1), iterations)));
  return variables;
}

function scalar(value: number): HostArray {
  return new HostArray(Float32Array.of(value), []);
}

/** What Nadam has multiplied up to a step. */
function productOfShares(beta1: number, steps: number): number {
  let product = 1;
  // From some step on it is 0 for good.
  for (let step = 1; step <= steps && product > 0; step++) {
    product = Math.fround(product * Math.fround(beta1 * (1 - 0.5 * 0.96 ** step)));
  }
  return product;
}
