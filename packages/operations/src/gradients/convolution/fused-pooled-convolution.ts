import * as tf from "@tensorflow/tfjs-core";
import { offers } from "../../contract/offers.ts";
import { isRecording } from "../../contract/recording.ts";
import { sumTo } from "../elementwise/broadcasting.ts";
import { conv2dGradient } from "./convolution.ts";
import { activated, shared } from "./fused-convolution.ts";
import { type InputGradients, keepWhere, runKernel } from "../kernel-gradient.ts";

interface Attributes extends tf.Conv2DAttrs {
  readonly activation: "linear" | "relu" | "relu6";
  readonly notes: boolean;
}

const TOWARDS_FILTER = "FusedConv2DMaxPoolBackpropFilter";
const TOWARDS_INPUT = "FusedConv2DMaxPoolBackpropInput";

/**
 * The gradient of a device's `FusedConv2DMaxPool`, which TensorFlow.js does not know: the maxima of 2 x 2 windows, two
 * apart and without padding, over `activation(conv2d(x, filter) + bias)`.
 *
 * The kernel takes `{ x, filter }` and perhaps `bias`, float32 and channels last, with the attributes of TensorFlow.js's
 * FusedConv2D (activation `linear`, `relu` or `relu6`) and `notes`, and gives the maxima. With `notes` it also gives, in a
 * tensor of type bool and of the same shape, a byte for each: which element of its window it is, `2 * row + column`, the
 * first of equal ones.
 * A device that offers it for training also offers `FusedConv2DMaxPoolBackpropFilter` (`{ x, dy, y, choice }` to the
 * gradients towards filter and bias) and `FusedConv2DMaxPoolBackpropInput` (`{ dy, y, choice, filter }` to `dx`), with the
 * same attributes and `filterShape` or `inputShape`. `dy` and `y` are those of the maxima: a maximum tells the activation's
 * slope, and nothing reaches the elements that are none.
 */
export const fusedPooledConvolutionGradients: readonly tf.GradConfig[] = [
  {
    kernelName: "FusedConv2DMaxPool",
    inputsToSave: ["x", "filter"],
    outputsToSave: [true, true],
    gradFunc: (gradients, saved, attrs) => {
      const [x, filter, y, choice] = saved as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
      // TensorFlow.js types every kernel's attributes alike; the layers run this kernel with these.
      const attributes = attrs as unknown as Attributes;
      const [dy] = gradients as tf.Tensor[] as [tf.Tensor];
      // Where the backward pass is itself being differentiated, it is by kernels whose own gradients are known.
      const offered = !isRecording() && offers(TOWARDS_FILTER, TOWARDS_INPUT);
      return { ...(offered ? onDevice : composed)({ x, filter, y, choice, dy }, attributes) };
    },
  },
];

interface Tensors {
  readonly x: tf.Tensor;
  readonly filter: tf.Tensor;
  readonly y: tf.Tensor;
  readonly choice: tf.Tensor;
  readonly dy: tf.Tensor;
}

function onDevice({ x, filter, y, choice, dy }: Tensors, attributes: Attributes): InputGradients {
  const towardsWeights = shared(() =>
    tf
      .engine()
      .runKernel<tf.Tensor[]>(TOWARDS_FILTER, { x, dy, y, choice }, { ...attributes, filterShape: filter.shape }),
  );
  return {
    x: () => runKernel(TOWARDS_INPUT, { dy, y, choice, filter }, { ...attributes, inputShape: x.shape }),
    filter: () => towardsWeights()[0] as tf.Tensor,
    bias: () => towardsWeights()[1] as tf.Tensor,
  };
}

function composed({ x, filter, y, choice, dy }: Tensors, attributes: Attributes): InputGradients {
  const sums = shared(() => {
    const { outHeight, outWidth } = tf.backend_util.computeConv2DInfo(
      x.shape as [number, number, number, number],
      filter.shape as [number, number, number, number],
      attributes.strides,
      attributes.dilations,
      attributes.pad,
    );
    return [tf.tidy(() => atChoices(activated(dy, y, attributes.activation), choice, outHeight, outWidth))];
  });
  const gradient = (): tf.Tensor => sums()[0] as tf.Tensor;
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
