import {
  groupedConv2D,
  groupedConv2DBackpropFilter,
  groupedConv2DBackpropInput,
  tolerance,
} from "../contract/grouped-convolution.ts";
import { activate } from "./plain-activation.ts";
import { convolve, gradientTowardsFilter, gradientTowardsImages } from "./plain-convolution.ts";
import { type Reference, reference } from "./reference.ts";

export const groupedConvolutionReferences: readonly Reference[] = [
  reference(groupedConv2D, tolerance, ({ x, filter, bias }, attributes) =>
    activate(convolve(x, filter, attributes), bias, attributes.activation),
  ),
  reference(groupedConv2DBackpropInput, tolerance, ({ dy, filter }, attributes) =>
    gradientTowardsImages(dy, filter, attributes.inputShape, attributes),
  ),
  reference(groupedConv2DBackpropFilter, tolerance, ({ x, dy }, attributes) =>
    gradientTowardsFilter(x, dy, attributes.filterShape, attributes),
  ),
];
