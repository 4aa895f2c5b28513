import { type RandomState, RandomStream } from "@featuremap/tensor";
import { elementStream } from "../pipeline/element-stream.ts";

/** Where the random numbers of a pass come from; plain JSON. */
export interface PassRandom {
  readonly state: RandomState;
  readonly epoch: number;
}

/** The random numbers of one element of a pass, whatever its order. */
export function elementRandom({ state, epoch }: PassRandom, element: number): RandomStream {
  return elementStream(RandomStream.restore(state), epoch, element);
}
