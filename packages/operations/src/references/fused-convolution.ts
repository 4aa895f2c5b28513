import { fusedConv2DBackpropFilter, fusedConv2DBackpropInput, tolerance } from "../contract/fused-convolution.ts";
import { throughActivation } from "./plain-activation.ts";
import { gradientTowardsFilter, gradientTowardsImages, sumOverPositions } from "./plain-convolution.ts";
import { type Reference, reference } from "./reference.ts";

export const fusedConvolutionReferences: readonly Reference[] = [
  reference(fusedConv2DBackpropInput, tolerance, ({ dy, y, filter }, attributes) =>
    gradientTowardsImages(throughActivation(dy, y, attributes.activation), filter, attributes.inputShape, attributes),
  ),
  reference<typeof fusedConv2DBackpropFilter>(fusedConv2DBackpropFilter, tolerance, ({ x, dy, y }, attributes) => {
    const slope = throughActivation(dy, y, attributes.activation);
    return [gradientTowardsFilter(x, slope, attributes.filterShape, attributes), sumOverPositions(slope)];
  }),
];
