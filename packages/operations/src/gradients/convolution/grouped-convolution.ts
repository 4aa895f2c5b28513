import type * as tf from "@tensorflow/tfjs-core";
import {
  groupedConv2D,
  groupedConv2DBackpropFilter,
  groupedConv2DBackpropInput,
} from "../../contract/grouped-convolution.ts";
import { runKernel } from "../../contract/kernel.ts";
import { sumTo } from "../elementwise/broadcasting.ts";
import { activated, shared } from "./fused-convolution.ts";
import { contractGradient } from "../kernel-gradient.ts";

/** The gradient of a device's convolution in groups, which TensorFlow.js does not know. */
export const groupedConvolutionGradients: readonly tf.GradConfig[] = [
  contractGradient(groupedConv2D, ["x", "filter"], [true], (slope, { x, filter }, [y], attributes) => {
    const sums = shared(() => [activated(slope, y, attributes.activation)] as [tf.Tensor]);
    const dy = (): tf.Tensor => sums()[0];
    return {
      x: () => runKernel(groupedConv2DBackpropInput, { dy: dy(), filter }, { ...attributes, inputShape: x.shape }),
      filter: () =>
        runKernel(groupedConv2DBackpropFilter, { x, dy: dy() }, { ...attributes, filterShape: filter.shape }),
      bias: () => sumTo([filter.shape.at(-1) ?? 1], dy()),
    };
  }),
];
