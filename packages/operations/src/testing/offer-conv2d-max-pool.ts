import * as tf from "@tensorflow/tfjs-core";
import { conv2dGradient } from "../gradients/convolution/convolution.ts";
import { offerKernel } from "./offer-kernel.ts";

/** The kernels that a device offers for a convolution with its pooling. */
export const pooledConvolutionKernels = [
  "FusedConv2DMaxPool",
  "FusedConv2DMaxPoolBackpropFilter",
  "FusedConv2DMaxPoolBackpropInput",
] as const;

interface Attributes extends tf.Conv2DAttrs {
  readonly strides: [number, number];
  readonly pad: "valid" | "same";
  readonly dilations: [number, number];
  readonly activation: "linear" | "relu" | "relu6";
  readonly notes: boolean;
  readonly filterShape?: tf.Tensor4D["shape"];
  readonly inputShape?: tf.Tensor4D["shape"];
}

/**
 * Gives the cpu backend kernels for a convolution with its pooling, computed by plain operations.
 *
 * @param used takes the name of each kernel that runs
 * @param names of those to be offered
 * @returns takes the kernels away again
 */
export function offerConv2dMaxPool(
  used: string[],
  names: readonly (typeof pooledConvolutionKernels)[number][] = pooledConvolutionKernels,
): () => void {
  const withdrawn = names.map((name) =>
    offerKernel(name, (inputs, attributes) => {
      used.push(name);
      return compute[name](inputs, attributes as Attributes);
    }),
  );
  return () => {
    for (const withdraw of withdrawn.splice(0)) withdraw();
  };
}

const compute = {
  FusedConv2DMaxPool: (inputs: tf.NamedTensorMap, attributes: Attributes): tf.Tensor[] => {
    const { x, filter, bias } = named(inputs);
    const sums = convolve(x, filter, attributes);
    const outputs = activate(bias === undefined ? sums : tf.add(sums, bias), attributes.activation);
    const elements = tf.stack(elementsOf(outputs));
    const choice = Uint8Array.from(tf.argMax(elements, 0).dataSync());
    const largest = tf.max(elements, 0);
    return attributes.notes ? [largest, tf.tensor(choice, largest.shape, "bool")] : [largest];
  },
  FusedConv2DMaxPoolBackpropFilter: (inputs: tf.NamedTensorMap, attributes: Attributes): tf.Tensor[] => {
    const { x } = named(inputs);
    const filter = tf.zeros<tf.Rank.R4>(attributes.filterShape ?? [0, 0, 0, 0]);
    const dy = gradientOfSums(inputs, convolve(x, filter, attributes).shape, attributes.activation);
    return [conv2dGradient(dy, x, filter, attributes).filter(), tf.sum(dy, [0, 1, 2])];
  },
  FusedConv2DMaxPoolBackpropInput: (inputs: tf.NamedTensorMap, attributes: Attributes): tf.Tensor[] => {
    const { filter } = named(inputs);
    const x = tf.zeros<tf.Rank.R4>(attributes.inputShape ?? [0, 0, 0, 0]);
    const dy = gradientOfSums(inputs, convolve(x, filter, attributes).shape, attributes.activation);
    return [conv2dGradient(dy, x, filter, attributes).x()];
  },
};

function named(inputs: tf.NamedTensorMap) {
  const { x, filter, bias, dy, y, choice } = inputs as Record<string, tf.Tensor4D>;
  return { x, filter, bias, dy, y, choice } as Record<"x" | "filter" | "dy" | "y" | "choice", tf.Tensor4D> & {
    readonly bias?: tf.Tensor;
  };
}

function convolve(x: tf.Tensor4D, filter: tf.Tensor4D, { strides, pad, dilations }: Attributes): tf.Tensor4D {
  return tf.conv2d(x, filter, strides, pad, "NHWC", dilations);
}

function activate(sums: tf.Tensor, activation: Attributes["activation"]): tf.Tensor {
  if (activation === "linear") return sums;
  return activation === "relu" ? tf.relu(sums) : tf.relu6(sums);
}

/** The four elements of each window, row by row. */
function elementsOf(outputs: tf.Tensor): tf.Tensor[] {
  const [batch = 0, height = 0, width = 0, channels = 0] = outputs.shape;
  const lengths = [Math.floor(height / 2), Math.floor(width / 2)] as const;
  const whole = tf.slice(outputs, [0, 0, 0, 0], [batch, 2 * lengths[0], 2 * lengths[1], channels]);
  const windows = tf.reshape(whole, [batch, lengths[0], 2, lengths[1], 2 * channels]);
  const rows = tf.unstack(windows, 2);
  return rows.flatMap((row) => tf.split(row, 2, 3));
}

/** What reaches the convolution's sums, put there number by number. */
function gradientOfSums(
  inputs: tf.NamedTensorMap,
  shape: readonly number[],
  activation: Attributes["activation"],
): tf.Tensor {
  const { dy, y, choice } = named(inputs);
  const gradient = tf.buffer([...shape], "float32");
  const [slopes, outputs, choices] = [dy.dataSync(), y.dataSync(), choice.dataSync()];
  const [, rows, columns, channels] = y.shape;
  for (const [index, slope] of slopes.entries()) {
    const output = outputs[index] ?? 0;
    const passes = activation === "linear" || (output > 0 && (activation === "relu" || output < 6));
    const chosen = choices[index] ?? 0;
    const channel = index % channels;
    const column = Math.floor(index / channels) % columns;
    const row = Math.floor(index / channels / columns) % rows;
    const image = Math.floor(index / channels / columns / rows);
    if (passes) gradient.set(slope, image, 2 * row + (chosen >> 1), 2 * column + (chosen & 1), channel);
  }
  return gradient.toTensor();
}
