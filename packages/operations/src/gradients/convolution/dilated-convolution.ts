import { InvalidConfigError } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import type { PlainConvolution } from "../../contract/tensorflow.ts";

/** A convolution whose gradient is wanted, and the gradient kernels of its kind, which know nothing of dilation. */
export interface DilatedConvolution {
  readonly x: tf.Tensor;
  readonly filter: tf.Tensor;
  readonly dy: tf.Tensor;
  readonly attributes: tf.Conv2DAttrs | tf.DepthwiseConv2dNativeAttrs;
  readonly inputOf: (dy: tf.Tensor, filter: tf.Tensor, inputShape: number[], attributes: PlainConvolution) => tf.Tensor;
  readonly filterOf: (x: tf.Tensor, dy: tf.Tensor, filterShape: number[], attributes: PlainConvolution) => tf.Tensor;
}

/** How an image falls into grids of every d-th row and column, and what is added around it so that it does evenly. */
interface Grids {
  readonly blocks: readonly [number, number];
  readonly imagePaddings: readonly [readonly [number, number], readonly [number, number]];
  readonly outputPaddings: readonly [readonly [number, number], readonly [number, number]];
}

/** Whether any distance between filter elements is other than 1. */
export function isDilated(dilations: number | readonly number[]): boolean {
  return typeof dilations === "number" ? dilations !== 1 : dilations.some((dilation) => dilation !== 1);
}

/**
 * Gradients of a convolution with dilation `d` and stride 1, by kernels without dilation, on any backend.
 *
 * Every d-th row and column of the padded image, from each of the d x d starting points, makes a smaller image. On
 * those the convolution is one without dilation, and its output, taken apart in the same way, is theirs. So the
 * gradients are the plain ones of the smaller images, as one batch, at no more multiplications than without dilation.
 *
 * Source: TensorFlow, `tf.nn.with_space_to_batch`; Chen et al., "DeepLab", 2016.
 * @throws {InvalidConfigError} strides other than 1.
 */
export function dilatedGradients(
  owner: string,
  convolution: DilatedConvolution,
): { readonly x: () => tf.Tensor; readonly filter: () => tf.Tensor } {
  const { x, filter, dy, attributes, inputOf, filterOf } = convolution;
  if (isDilated(attributes.strides)) {
    throw new InvalidConfigError(owner, "strides", "1 if the dilation is not 1", attributes.strides);
  }
  const channelsFirst = attributes.dataFormat === "NCHW";
  const imageShape = channelsFirst ? channelsLastShape(x.shape) : x.shape;
  const grids = gridsOf(imageShape, filter.shape, owner === "DepthwiseConv2dNative", attributes);
  const plain: PlainConvolution = { strides: 1, pad: "valid" };

  const splitImage = (): tf.Tensor => split(channelsFirst ? toChannelsLast(x) : x, grids.blocks, grids.imagePaddings);
  const splitOutput = (): tf.Tensor =>
    split(channelsFirst ? toChannelsLast(dy) : dy, grids.blocks, grids.outputPaddings);
  return {
    x: () => {
      const gradients = inputOf(splitOutput(), filter, splitShape(imageShape, grids), plain);
      const image = tf.batchToSpaceND(gradients, [...grids.blocks], copyOf(grids.imagePaddings));
      return channelsFirst ? tf.transpose(image, [0, 3, 1, 2]) : image;
    },
    filter: () => filterOf(splitImage(), splitOutput(), filter.shape, plain),
  };
}

function gridsOf(
  imageShape: number[],
  filterShape: number[],
  depthwise: boolean,
  { dilations, pad, dimRoundingMode, dataFormat }: tf.Conv2DAttrs | tf.DepthwiseConv2dNativeAttrs,
): Grids {
  const info = tf.backend_util.computeConv2DInfo(
    imageShape as [number, number, number, number],
    filterShape as [number, number, number, number],
    1,
    dilations,
    // Explicit padding comes in the order of the data format; computeConv2DInfo is told channels last.
    dataFormat === "NCHW" && typeof pad === "object" ? [pad[0], pad[2], pad[3], pad[1]] : pad,
    dimRoundingMode,
    depthwise,
  );
  const rows = alongAxis(info.inHeight, info.outHeight, info.padInfo.top, info.filterHeight, info.dilationHeight);
  const columns = alongAxis(info.inWidth, info.outWidth, info.padInfo.left, info.filterWidth, info.dilationWidth);
  return {
    blocks: [info.dilationHeight, info.dilationWidth],
    imagePaddings: [rows.image, columns.image],
    outputPaddings: [rows.output, columns.output],
  };
}

/** Paddings along one axis that make both lengths multiples of the dilation, and each grid's output fit its image. */
function alongAxis(
  input: number,
  output: number,
  before: number,
  taps: number,
  dilation: number,
): { readonly image: [number, number]; readonly output: [number, number] } {
  const reach = (taps - 1) * dilation;
  const padded = dilation * Math.ceil(Math.max(output + reach, before + input) / dilation);
  return { image: [before, padded - input - before], output: [0, padded - reach - output] };
}

function split(image: tf.Tensor, blocks: Grids["blocks"], paddings: Grids["imagePaddings"]): tf.Tensor {
  return tf.spaceToBatchND(image, [...blocks], copyOf(paddings));
}

function splitShape([batch = 1, height = 1, width = 1, channels = 1]: number[], grids: Grids): number[] {
  const [[top, bottom], [left, right]] = grids.imagePaddings;
  const [rows, columns] = grids.blocks;
  return [batch * rows * columns, (height + top + bottom) / rows, (width + left + right) / columns, channels];
}

function toChannelsLast(image: tf.Tensor): tf.Tensor {
  return tf.transpose(image, [0, 2, 3, 1]);
}

function channelsLastShape([batch = 1, channels = 1, height = 1, width = 1]: number[]): number[] {
  return [batch, height, width, channels];
}

/** TensorFlow.js's types want arrays that could be written to. */
function copyOf(paddings: Grids["imagePaddings"]): number[][] {
  return paddings.map((padding) => [...padding]);
}
