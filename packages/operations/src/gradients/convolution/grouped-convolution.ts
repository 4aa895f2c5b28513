import type * as tf from "@tensorflow/tfjs-core";
import { sumTo } from "../elementwise/broadcasting.ts";
import { activated, shared } from "./fused-convolution.ts";
import { runKernel } from "../kernel-gradient.ts";

interface Attributes extends tf.Conv2DAttrs {
  readonly activation: "linear" | "relu" | "relu6";
  readonly groups: number;
}

/**
 * The gradient of a device's `GroupedConv2D`, which TensorFlow.js does not know: `activation(conv2d(x, filter) + bias)`
 * with the channels in groups.
 *
 * A device that offers it also offers `GroupedConv2DBackpropInput` (`{ dy, filter }` to `dx`) and
 * `GroupedConv2DBackpropFilter` (`{ x, dy }` to the filter's), with the convolution's attributes and `inputShape` or
 * `filterShape`; `dy` is that behind the activation.
 */
export const groupedConvolutionGradients: readonly tf.GradConfig[] = [
  {
    kernelName: "GroupedConv2D",
    inputsToSave: ["x", "filter"],
    outputsToSave: [true],
    gradFunc: (gradient, saved, attrs) => {
      const [x, filter, y] = saved as [tf.Tensor, tf.Tensor, tf.Tensor];
      // TensorFlow.js types every kernel's attributes alike; the layers run this kernel with these.
      const attributes = attrs as unknown as Attributes;
      const sums = shared(() => [activated(gradient as tf.Tensor, y, attributes.activation)]);
      const dy = (): tf.Tensor => sums()[0] as tf.Tensor;
      return {
        x: () => runKernel("GroupedConv2DBackpropInput", { dy: dy(), filter }, { ...attributes, inputShape: x.shape }),
        filter: () =>
          runKernel("GroupedConv2DBackpropFilter", { x, dy: dy() }, { ...attributes, filterShape: filter.shape }),
        bias: () => sumTo([filter.shape.at(-1) ?? 1], dy()),
      };
    },
  },
];
