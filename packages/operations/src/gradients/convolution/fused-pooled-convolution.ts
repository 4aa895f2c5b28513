import * as tf from "@tensorflow/tfjs-core";
import { offers, runKernel } from "../../contract/kernel.ts";
import {
  type PooledConvolutionAttributes,
  fusedConv2DMaxPool,
  fusedConv2DMaxPoolBackpropFilter,
  fusedConv2DMaxPoolBackpropInput,
} from "../../contract/pooled-convolution.ts";
import { isRecording } from "../../contract/recording.ts";
import { sumTo } from "../elementwise/broadcasting.ts";
import { conv2dGradient } from "./convolution.ts";
import { activated, shared } from "./fused-convolution.ts";
import { type InputGradients, contractGradient, keepWhere } from "../kernel-gradient.ts";

/** The gradient of a device's convolution with the pooling behind it, which TensorFlow.js does not know. */
export const fusedPooledConvolutionGradients: readonly tf.GradConfig[] = [
  contractGradient(fusedConv2DMaxPool, ["x", "filter"], [true, true], (dy, { x, filter }, [y, choice], attributes) => {
    // Where the backward pass is itself being differentiated, it is by kernels whose own gradients are known.
    const offered = !isRecording() && offers(fusedConv2DMaxPoolBackpropFilter, fusedConv2DMaxPoolBackpropInput);
    return (offered ? onDevice : composed)({ x, filter, y, choice, dy }, attributes);
  }),
];

interface Tensors {
  readonly x: tf.Tensor;
  readonly filter: tf.Tensor;
  readonly y: tf.Tensor;
  readonly choice: tf.Tensor;
  readonly dy: tf.Tensor;
}

function onDevice({ x, filter, y, choice, dy }: Tensors, attributes: PooledConvolutionAttributes): InputGradients {
  const maxima = { dy, y, choice };
  const towardsWeights = shared(() =>
    runKernel(fusedConv2DMaxPoolBackpropFilter, { x, ...maxima }, { ...attributes, filterShape: filter.shape }),
  );
  return {
    x: () => runKernel(fusedConv2DMaxPoolBackpropInput, { ...maxima, filter }, { ...attributes, inputShape: x.shape }),
    filter: () => towardsWeights()[0],
    bias: () => towardsWeights()[1],
  };
}

function composed({ x, filter, y, choice, dy }: Tensors, attributes: PooledConvolutionAttributes): InputGradients {
  const sums = shared(() => {
    const { outHeight, outWidth } = tf.backend_util.computeConv2DInfo(
      x.shape as [number, number, number, number],
      filter.shape as [number, number, number, number],
      attributes.strides,
      attributes.dilations,
      attributes.pad,
    );
    const slope = tf.tidy(() => atChoices(activated(dy, y, attributes.activation), choice, outHeight, outWidth));
    return [slope] as [tf.Tensor];
  });
  const gradient = (): tf.Tensor => sums()[0];
  return {
    x: () => conv2dGradient(gradient(), x, filter, attributes).x(),
    filter: () => conv2dGradient(gradient(), x, filter, attributes).filter(),
    bias: () => sumTo([filter.shape.at(-1) ?? 1], gradient()),
  };
}

/** Puts each number to the element of its 2 x 2 window that was chosen, in images of that size; zero elsewhere. */
function atChoices(numbers: tf.Tensor, choice: tf.Tensor, height: number, width: number): tf.Tensor {
  const [batch = 1, rows = 1, columns = 1, channels = 1] = numbers.shape;
  const chosen = tf.cast(choice, "int32");
  const element = (index: number): tf.Tensor => keepWhere(tf.equal(chosen, index), numbers);
  const row = (first: number): tf.Tensor =>
    tf.reshape(tf.stack([element(first), element(first + 1)], 3), [batch, rows, 2 * columns, channels]);
  const windows = tf.reshape(tf.stack([row(0), row(2)], 2), [batch, 2 * rows, 2 * columns, channels]);
  const rest: [number, number][] = [
    [0, 0],
    [0, height - 2 * rows],
    [0, width - 2 * columns],
    [0, 0],
  ];
  return tf.pad(windows, rest);
}
