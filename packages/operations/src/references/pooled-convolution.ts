import {
  type PooledConvolutionAttributes,
  fusedConv2DMaxPool,
  fusedConv2DMaxPoolBackpropFilter,
  fusedConv2DMaxPoolBackpropInput,
  tolerance,
} from "../contract/pooled-convolution.ts";
import type { HostTensor } from "./host-tensor.ts";
import { choose, scatter } from "./noted-pooling.ts";
import { activate, throughActivation } from "./plain-activation.ts";
import {
  convolve,
  gradientTowardsFilter,
  gradientTowardsImages,
  outputShape,
  sumOverPositions,
} from "./plain-convolution.ts";
import { type Reference, reference } from "./reference.ts";

export const pooledConvolutionReferences: readonly Reference[] = [
  reference<typeof fusedConv2DMaxPool>(fusedConv2DMaxPool, tolerance, ({ x, filter, bias }, attributes) => {
    const [largest, choice] = choose(activate(convolve(x, filter, attributes), bias, attributes.activation), POOLING);
    return attributes.notes ? [largest, choice] : [largest];
  }),
  reference(fusedConv2DMaxPoolBackpropInput, tolerance, ({ filter, ...maxima }, attributes) => {
    const slope = slopeOfSums(maxima, attributes.inputShape, filter.shape, attributes);
    return gradientTowardsImages(slope, filter, attributes.inputShape, attributes);
  }),
  reference<typeof fusedConv2DMaxPoolBackpropFilter>(
    fusedConv2DMaxPoolBackpropFilter,
    tolerance,
    ({ x, ...maxima }, attributes) => {
      const slope = slopeOfSums(maxima, x.shape, attributes.filterShape, attributes);
      return [gradientTowardsFilter(x, slope, attributes.filterShape, attributes), sumOverPositions(slope)];
    },
  ),
];

const POOLING = { filterSize: 2, strides: 2, pad: "valid" } as const;

/** The derivative by the convolution's sums, from that by the maxima. */
function slopeOfSums(
  { dy, y, choice }: Readonly<Record<"dy" | "y" | "choice", HostTensor>>,
  imageShape: readonly number[],
  filterShape: readonly number[],
  attributes: PooledConvolutionAttributes,
): HostTensor {
  const shape = outputShape(imageShape, filterShape, attributes);
  return scatter(throughActivation(dy, y, attributes.activation), choice, shape, POOLING);
}
