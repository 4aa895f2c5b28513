import * as tf from "@tensorflow/tfjs-core";
import { relu6Grad, reluGrad } from "../../contract/activation-gradients.ts";
import { type PartActivation, isStraight } from "../../contract/activations.ts";
import { fusedConv2DBackpropFilter, fusedConv2DBackpropInput } from "../../contract/fused-convolution.ts";
import type { FusedConvolutionGradientAttributes } from "../../contract/fused-convolution.ts";
import { offers, runKernel } from "../../contract/kernel.ts";
import { isRecording } from "../../contract/recording.ts";
import { type FusedConv2DAttributes, fusedConv2D } from "../../contract/tensorflow.ts";
import { sumTo } from "../elementwise/broadcasting.ts";
import { conv2dGradient } from "./convolution.ts";
import { activationGradient } from "../device-kernels.ts";
import { type InputGradients, contractGradient, keepWhere } from "../kernel-gradient.ts";

/**
 * The gradient of `activation(conv2d(x, filter) + bias)` computed as one kernel, for the activations whose slope their
 * output tells; TensorFlow.js itself trains the three operations one by one.
 */
export const fusedConvolutionGradients: readonly tf.GradConfig[] = [
  contractGradient(fusedConv2D, ["x", "filter"], [true], (dy, { x, filter }, [y], attributes) => {
    const { activation } = attributes;
    // Where the backward pass is itself being differentiated, it is by kernels whose own gradients are known.
    const offered = !isRecording() && offers(fusedConv2DBackpropInput, fusedConv2DBackpropFilter);
    return offered && isStraight(activation)
      ? onDevice(x, filter, y, dy, { ...attributes, activation })
      : composed(x, filter, y, dy, attributes);
  }),
];

function onDevice(
  x: tf.Tensor,
  filter: tf.Tensor,
  y: tf.Tensor,
  dy: tf.Tensor,
  attributes: FusedConvolutionGradientAttributes,
): InputGradients {
  const towardsWeights = shared(() =>
    runKernel(fusedConv2DBackpropFilter, { x, dy, y }, { ...attributes, filterShape: filter.shape }),
  );
  return {
    x: () => runKernel(fusedConv2DBackpropInput, { dy, y, filter }, { ...attributes, inputShape: x.shape }),
    filter: () => towardsWeights()[0],
    bias: () => towardsWeights()[1],
  };
}

function composed(
  x: tf.Tensor,
  filter: tf.Tensor,
  y: tf.Tensor,
  dy: tf.Tensor,
  attributes: FusedConv2DAttributes,
): InputGradients {
  const sums = shared(() => [activated(dy, y, attributes.activation)] as [tf.Tensor]);
  const gradient = (): tf.Tensor => sums()[0];
  return {
    x: () => conv2dGradient(gradient(), x, filter, attributes).x(),
    filter: () => conv2dGradient(gradient(), x, filter, attributes).filter(),
    bias: () => sumTo([filter.shape.at(-1) ?? 1], gradient()),
  };
}

/** `dy` behind the activation, from its output; while a gradient is recorded, conv2d runs no other than the straight ones. */
export function activated(dy: tf.Tensor, y: tf.Tensor, activation: PartActivation): tf.Tensor {
  if (activation === "relu")
    return activationGradient(reluGrad, dy, y, (slope, output) => tf.mul(slope, tf.step(output)));
  if (activation === "relu6") {
    return activationGradient(relu6Grad, dy, y, (slope, output) =>
      keepWhere(tf.greater(output, 0), keepWhere(tf.less(output, 6), slope)),
    );
  }
  return tf.clone(dy);
}

/**
 * Tensors that several inputs' gradients need, made when the first asks.
 *
 * TensorFlow.js asks for each input's gradient in a `tidy` of its own, which would dispose what the others need: so they
 * are handed to the scope around, which belongs to the whole backward pass.
 */
export function shared<Tensors extends tf.Tensor[]>(make: () => Tensors): () => Tensors {
  const around = tf.engine().state.activeScope;
  let made: Tensors | undefined;
  return () => {
    if (made === undefined) {
      made = make();
      const inner = tf.engine().state.activeScope;
      if (around !== undefined && around !== null && inner !== around) {
        inner.track = inner.track.filter((tensor) => made?.includes(tensor) !== true);
        for (const tensor of made) {
          // Otherwise nobody takes the tensor over where the backward pass ends and hands it out.
          tensor.scopeId = around.id;
          around.track.push(tensor);
        }
      }
    }
    return made;
  };
}
