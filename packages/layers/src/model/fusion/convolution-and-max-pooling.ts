import type * as tf from "@tensorflow/tfjs-core";
import { conv2dMaxPool } from "@featuremap/operations";
import { Conv2D } from "../../layers/convolutional/conv2d.ts";
import { MaxPooling2D } from "../../layers/pooling/max-pooling2d.ts";
import { type FusionRule, fusionRule } from "./fusion-rule.ts";

/** With a maximum over windows of 2 x 2, which a device may take before it writes the convolution's output. */
export const convolutionAndMaxPooling: FusionRule = fusionRule(Conv2D, MaxPooling2D, (convolution, pooling) => {
  const { size, strides, padding } = pooling.window;
  const halves = [...size, ...strides].every((length) => length === 2);
  if (!halves || convolution.dataFormat !== "channelsLast" || pooling.dataFormat !== "channelsLast") return undefined;
  return (input) => {
    const fits = padding === "valid" || givesEvenLengths(convolution, input);
    return (fits ? pooledConvolution(convolution, input) : undefined) ?? pooling.call(convolution.call(input));
  };
});

/** Then windows of 2 x 2 need no padding. */
function givesEvenLengths(convolution: Conv2D, images: tf.Tensor): boolean {
  const [, height, width] = convolution.outputShape(images.shape);
  return [height, width].every((length) => typeof length === "number" && length % 2 === 0);
}

/** Both in one kernel; `undefined` where the device has none that takes them. */
function pooledConvolution(convolution: Conv2D, images: tf.Tensor): tf.Tensor | undefined {
  const { kernel, bias, activation, geometry } = convolution;
  return conv2dMaxPool(
    images as tf.Tensor4D,
    kernel.variable as tf.Tensor as tf.Tensor4D,
    (bias?.variable ?? null) as tf.Tensor1D | null,
    activation,
    geometry,
  );
}
