import type { Shape } from "@featuremap/tensor";

/** The largest output of any layer in a pass, for one picture. */
export interface LargestOutput {
  readonly elements: number;
  /** The layer's path: `<model>/<layer>` within nested models. */
  readonly layer: string;
}

/** What a pass gives and holds, known from shapes alone. */
export interface PassShapes {
  readonly outputs: readonly Shape[];
  readonly largest: LargestOutput;
}

/** Elements for one picture: without the batch axis, and with 1 for lengths that only data will tell. */
export function elementsOf([, ...lengths]: Shape): number {
  return lengths.reduce<number>((product, length) => product * (length ?? 1), 1);
}

/** The larger of two. */
export function larger(a: LargestOutput, b: LargestOutput): LargestOutput {
  return b.elements > a.elements ? b : a;
}

/** Calls of layers in one use of each of these. */
export function callsOf(layers: readonly { readonly callCount: number }[]): number {
  return layers.reduce((count, layer) => count + layer.callCount, 0);
}
