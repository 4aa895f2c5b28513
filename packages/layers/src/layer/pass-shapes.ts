import { countElements, elementsOf } from "../config/element-counts.ts";
import type { Shape } from "@featuremap/tensor";
import type { InnerWork } from "@featuremap/operations";

/** A number, and the layer of a pass that it belongs to. */
export interface AtLayer {
  readonly amount: number;
  /** The layer's path: `<model>/<layer>` within nested models. */
  readonly layer: string;
}

/** What a pass gives, holds and does, known from shapes alone. */
export interface PassShapes {
  readonly outputs: readonly Shape[];
  /** Elements of the largest output of any layer. */
  readonly largest: AtLayer;
  /** Elements that are in memory at once, where they are most: what a layer takes, gives and needs, and what waits for others. */
  readonly held: AtLayer;
  /** Elements of all that is made, outputs and what is needed on the way. */
  readonly made: number;
  /** Operations of all layers. */
  readonly operations: number;
  /** Those of the layer that has most. */
  readonly busiest: AtLayer;
}

/** What a pass without layers does. */
export function emptyPass(outputs: readonly Shape[]): PassShapes {
  const none: AtLayer = { amount: 0, layer: "" };
  const held: AtLayer = { amount: countElements(outputs), layer: "" };
  return { outputs, largest: none, held, made: 0, operations: 0, busiest: none };
}

/** One call of a layer. Operations are those of {@link InnerWork}, and one for each element read or written. */
export function layerPass(
  layer: string,
  inputs: readonly Shape[],
  outputs: readonly Shape[],
  inner: InnerWork,
): PassShapes {
  const moved = countElements(inputs) + countElements(outputs);
  const operations = moved + inner.operations;
  return {
    outputs,
    largest: { amount: Math.max(0, ...outputs.map(elementsOf)), layer },
    held: { amount: moved + inner.elements, layer },
    made: countElements(outputs) + inner.elements,
    operations,
    busiest: { amount: operations, layer },
  };
}

/**
 * A pass, and another after it.
 *
 * @param waiting elements in memory meanwhile, which the other neither takes nor gives
 */
export function joinPasses(before: PassShapes, after: PassShapes, waiting = 0): PassShapes {
  const { amount, layer } = after.held;
  return {
    outputs: after.outputs,
    largest: larger(before.largest, after.largest),
    held: larger(before.held, { amount: amount + waiting, layer }),
    made: before.made + after.made,
    operations: before.operations + after.operations,
    busiest: larger(before.busiest, after.busiest),
  };
}

/** A pass as that of a model, whose name the layers' paths then begin with. */
export function passWithin(model: string, pass: PassShapes): PassShapes {
  const within = ({ amount, layer }: AtLayer): AtLayer => ({ amount, layer: `${model}/${layer}` });
  return { ...pass, largest: within(pass.largest), held: within(pass.held), busiest: within(pass.busiest) };
}

function larger(a: AtLayer, b: AtLayer): AtLayer {
  return b.amount > a.amount ? b : a;
}

/** Calls of layers in one use of each of these. */
export function callsOf(layers: readonly { readonly callCount: number }[]): number {
  return layers.reduce((count, layer) => count + layer.callCount, 0);
}
