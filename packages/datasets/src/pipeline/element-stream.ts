import type { RandomStream } from "@featuremap/tensor";

/** The random numbers of one element in one epoch, whatever the order in which elements are worked on. */
export function elementStream(stream: RandomStream, epoch: number, element: number): RandomStream {
  return stream.fork(`epoch ${epoch}, element ${element}`);
}
