import type { Model } from "@featuremap/layers";
import type { Shape } from "@featuremap/tensor";
import { type JsonObject, isObject } from "../reading/json.ts";
import { slotLists } from "./slots.ts";

/** What an optimizer keeps: for which weight, and of which shape. */
export interface VariableShape {
  /** For errors. */
  readonly name: string;
  readonly shape: Shape;
}

/**
 * What an optimizer of Keras 3 keeps once it has begun, in its order.
 *
 * @param compile Keras 3's `compile_config`
 * @returns undefined for an optimizer that is not known
 */
export function variableShapes(compile: JsonObject, model: Model): readonly VariableShape[] | undefined {
  const { optimizer } = compile;
  const lists = slotLists(optimizer);
  if (lists === undefined || !isObject(optimizer) || !isObject(optimizer["config"])) return undefined;
  const isGiven = typeof optimizer["config"]["learning_rate"] === "number";
  const paths = new Map([...model.namedWeights()].map(([path, weight]) => [weight, path]));
  return [
    { name: "iteration", shape: [] },
    ...(isGiven ? [{ name: "learning_rate", shape: [] }] : []),
    ...lists.flatMap((slots) =>
      model.trainableWeights.flatMap((weight) =>
        slots.map(({ kind }) => ({ name: `the ${kind} of ${paths.get(weight) ?? weight.name}`, shape: weight.shape })),
      ),
    ),
    ...(optimizer["class_name"] === "Nadam" ? [{ name: "u_product", shape: [] }] : []),
  ];
}
