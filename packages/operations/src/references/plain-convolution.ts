import { type Conv2DAttrs, backend_util } from "@tensorflow/tfjs-core";
import { type HostTensor, floats, sizeOfShape } from "./host-tensor.ts";

/** How a filter `[kh, kw, in / groups, out]` moves over NHWC images. */
export interface Movement extends Pick<Conv2DAttrs, "strides" | "pad" | "dilations"> {
  readonly groups?: number;
}

/** The convolution itself: `[n, h', w', out]`, to the bit that of TensorFlow.js's CPU backend, which sums in float32. */
export function convolve(x: HostTensor, filter: HostTensor, movement: Movement): HostTensor {
  const shape = outputShape(x.shape, filter.shape, movement);
  const sums = new Float32Array(sizeOfShape(shape));
  eachRun(x.shape, filter.shape, movement, (output, input, weight, count) => {
    const value = x.values[input] ?? 0;
    for (let at = 0; at < count; at++) {
      sums[output + at] = (sums[output + at] ?? 0) + value * (filter.values[weight + at] ?? 0);
    }
  });
  return floats(sums, shape);
}

/** Its gradient towards the images, from that by the output. */
export function gradientTowardsImages(
  dy: HostTensor,
  filter: HostTensor,
  imageShape: readonly number[],
  movement: Movement,
): HostTensor {
  const sums = new Float64Array(sizeOfShape(imageShape));
  eachRun(imageShape, filter.shape, movement, (output, input, weight, count) => {
    let sum = 0;
    for (let at = 0; at < count; at++) sum += (dy.values[output + at] ?? 0) * (filter.values[weight + at] ?? 0);
    sums[input] = (sums[input] ?? 0) + sum;
  });
  return floats(sums, imageShape);
}

/** Its gradient towards the filter, from that by the output. */
export function gradientTowardsFilter(
  x: HostTensor,
  dy: HostTensor,
  filterShape: readonly number[],
  movement: Movement,
): HostTensor {
  const sums = new Float64Array(sizeOfShape(filterShape));
  eachRun(x.shape, filterShape, movement, (output, input, weight, count) => {
    const value = x.values[input] ?? 0;
    for (let at = 0; at < count; at++) {
      sums[weight + at] = (sums[weight + at] ?? 0) + value * (dy.values[output + at] ?? 0);
    }
  });
  return floats(sums, filterShape);
}

/** Sums over all axes but the last: the gradient towards a bias. */
export function sumOverPositions({ shape, values }: HostTensor): HostTensor {
  const channels = shape.at(-1) ?? 1;
  const sums = new Float64Array(channels);
  for (const [index, value] of values.entries()) sums[index % channels] = (sums[index % channels] ?? 0) + value;
  return floats(sums);
}

export function outputShape(
  imageShape: readonly number[],
  filterShape: readonly number[],
  movement: Movement,
): number[] {
  return infoOf(imageShape, filterShape, movement).outShape;
}

function infoOf(
  imageShape: readonly number[],
  [height = 0, width = 0, , filters = 0]: readonly number[],
  { strides, dilations, pad }: Movement,
): backend_util.Conv2DInfo {
  return backend_util.computeConv2DInfo(
    imageShape as [number, number, number, number],
    // The channels of all groups: TensorFlow.js knows none.
    [height, width, imageShape[3] ?? 0, filters],
    strides,
    dilations,
    pad,
  );
}

/**
 * Visits the products of a convolution by indices: an element of the images, times `count` weights from `weight` on, goes
 * to as many elements of the output from `output` on.
 */
function eachRun(
  imageShape: readonly number[],
  filterShape: readonly number[],
  movement: Movement,
  visit: (output: number, input: number, weight: number, count: number) => void,
): void {
  const info = infoOf(imageShape, filterShape, movement);
  const { batchSize, inHeight, inWidth, inChannels, outHeight, outWidth, outChannels } = info;
  const groups = movement.groups ?? 1;
  const [inputs, outputs] = [inChannels / groups, outChannels / groups];
  for (let position = 0; position < batchSize * outHeight * outWidth; position++) {
    const image = Math.floor(position / (outHeight * outWidth));
    const top = (Math.floor(position / outWidth) % outHeight) * info.strideHeight - info.padInfo.top;
    const left = (position % outWidth) * info.strideWidth - info.padInfo.left;
    for (let tap = 0; tap < info.filterHeight * info.filterWidth; tap++) {
      const row = top + Math.floor(tap / info.filterWidth) * info.dilationHeight;
      const column = left + (tap % info.filterWidth) * info.dilationWidth;
      if (row < 0 || row >= inHeight || column < 0 || column >= inWidth) continue;
      const pixel = ((image * inHeight + row) * inWidth + column) * inChannels;
      for (let channel = 0; channel < inChannels; channel++) {
        const group = Math.floor(channel / inputs);
        const weight = (tap * inputs + (channel % inputs)) * outChannels + group * outputs;
        visit(position * outChannels + group * outputs, pixel + channel, weight, outputs);
      }
    }
  }
}
