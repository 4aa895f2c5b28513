import {
  Conv2DBackpropFilter,
  type Conv2DBackpropFilterAttrs,
  type Conv2DBackpropFilterInputs,
  type KernelBackend,
  type KernelFunc,
  type NamedAttrMap,
  type TensorInfo,
  backend_util,
  registerKernel,
  unregisterKernel,
} from "@tensorflow/tfjs-core";

type FourAxes = [number, number, number, number];

let registered = false;

/** Replaces the one kernel of tfjs's cpu backend that is many times slower than the others: training waited for it alone. */
export function registerFilterGradient(): void {
  if (registered) return;
  unregisterKernel(Conv2DBackpropFilter, "cpu");
  registerKernel({ kernelName: Conv2DBackpropFilter, backendName: "cpu", kernelFunc: filterGradient });
  registered = true;
}

/**
 * Gradient of a convolution towards its filter: `dw[r, c, i, o] = sum over images and places of x[b, y s + r, x s + c, i]
 * dy[b, y, x, o]`, summed in float64 as tfjs does, which takes each element by a list of indices.
 */
const filterGradient: KernelFunc = ({ inputs, attrs, backend }) => {
  // TensorFlow.js types every kernel's inputs and attributes alike.
  const { x, dy } = inputs as Record<keyof Conv2DBackpropFilterInputs, TensorInfo>;
  const memory = backend as KernelBackend;
  const { strides, pad, dataFormat, dimRoundingMode, filterShape } = attrs as NamedAttrMap & Conv2DBackpropFilterAttrs;
  const info = backend_util.computeConv2DInfo(
    x.shape as FourAxes,
    filterShape,
    strides,
    1,
    pad,
    dimRoundingMode,
    false,
    backend_util.convertConv2DDataFormat(dataFormat),
  );
  const images = memory.readSync(x.dataId) as Float32Array;
  const slopes = memory.readSync(dy.dataId) as Float32Array;
  const from = stepsOf(x.shape as FourAxes, info.dataFormat);
  const to = stepsOf(dy.shape as FourAxes, info.dataFormat);
  const sums = new Float64Array(filterShape.reduce((size, length) => size * length, 1));
  for (let image = 0; image < info.batchSize; image++) {
    for (let row = 0; row < info.outHeight; row++) {
      for (let column = 0; column < info.outWidth; column++) {
        const slope = image * to.image + row * to.row + column * to.column;
        for (let filterRow = 0; filterRow < info.filterHeight; filterRow++) {
          const inputRow = row * info.strideHeight + filterRow - info.padInfo.top;
          if (inputRow < 0 || inputRow >= info.inHeight) continue;
          for (let filterColumn = 0; filterColumn < info.filterWidth; filterColumn++) {
            const inputColumn = column * info.strideWidth + filterColumn - info.padInfo.left;
            if (inputColumn < 0 || inputColumn >= info.inWidth) continue;
            const pixel = image * from.image + inputRow * from.row + inputColumn * from.column;
            let sum = (filterRow * info.filterWidth + filterColumn) * info.inChannels * info.outChannels;
            for (let channel = 0; channel < info.inChannels; channel++) {
              const value = images[pixel + channel * from.channel] ?? 0;
              for (let output = 0; output < info.outChannels; output++, sum++) {
                sums[sum] = (sums[sum] ?? 0) + value * (slopes[slope + output * to.channel] ?? 0);
              }
            }
          }
        }
      }
    }
  }
  const values = Float32Array.from(sums);
  return { dataId: memory.write(values, filterShape, "float32"), shape: filterShape, dtype: "float32" };
};

/** How far apart in memory neighbours along each axis are. */
function stepsOf([, second, third, fourth]: FourAxes, dataFormat: "channelsFirst" | "channelsLast"): Steps {
  const image = second * third * fourth;
  return dataFormat === "channelsLast"
    ? { image, row: third * fourth, column: fourth, channel: 1 }
    : { image, row: fourth, column: 1, channel: third * fourth };
}

interface Steps {
  readonly image: number;
  readonly row: number;
  readonly column: number;
  readonly channel: number;
}
