import { dilatedKernelSize } from "@featuremap/tensor";
import type { InnerWork } from "@featuremap/operations";
import { elementsOf } from "../config/element-counts.ts";
import type { SlidingWindow, SpatialShape } from "../config/spatial.ts";

/** What a kernel covers along each axis besides its first element, gaps included. */
export function reachOf({ size, dilation }: Pick<SlidingWindow, "size" | "dilation">): readonly number[] {
  return size.map((length, axis) => dilatedKernelSize(length, dilation?.[axis]) - 1);
}

/** Elements that an input has more of with so many zeros along each axis, which some devices write down. */
export function addedElements({ batch, lengths, channels }: SpatialShape, zeros: readonly number[]): number {
  const padded = lengths.map((length, axis) => (length ?? 1) + (zeros[axis] ?? 0));
  return elementsOf([batch, channels]) * (elementsOf(padded) - elementsOf(lengths));
}

/**
 * The products of a convolution: a whole kernel for each element of the output.
 *
 * @param channels of the input that an output looks at
 */
export function convolutionWork(
  input: SpatialShape,
  outputElements: number,
  window: SlidingWindow,
  channels: number,
): InnerWork {
  const zeros = window.padding === "valid" ? [] : reachOf(window);
  return {
    operations: outputElements * elementsOf(window.size) * channels,
    elements: addedElements(input, zeros),
  };
}
