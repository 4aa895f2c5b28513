import { type RandomState, RandomStream } from "@featuremap/tensor";

/** Where the random numbers of a pass come from; plain JSON. */
export interface PassRandom {
  readonly state: RandomState;
  readonly epoch: number;
}

/** The random numbers of one element of a pass, whatever its order. */
export function elementRandom({ state, epoch }: PassRandom, element: number): RandomStream {
  return RandomStream.restore(state).fork(`epoch ${epoch}, element ${element}`);
}
