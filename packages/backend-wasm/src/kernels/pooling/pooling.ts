import type { maxPoolWithChoice, maxPoolWithChoiceGrad } from "@featuremap/operations/contract/noted-pooling";
import {
  type AvgPoolAttrs,
  type AvgPoolGradAttrs,
  type AvgPoolGradInputs,
  type AvgPoolInputs,
  type KernelConfig,
  type MaxPoolAttrs,
  type MaxPoolGradAttrs,
  type MaxPoolGradInputs,
  type MaxPoolInputs,
  type TensorInfo,
  AvgPool,
  AvgPoolGrad,
  MaxPool,
  MaxPoolGrad,
  backend_util,
  util,
} from "@tensorflow/tfjs-core";
import { kernel, offeredKernel } from "../../engine/kernel.ts";
import { type Geometry, setWindow } from "../runtime/window.ts";

export const poolingKernels: readonly KernelConfig[] = [
  kernel<MaxPoolInputs, MaxPoolAttrs>(MaxPool, ({ inputs: { x }, attrs, backend }) => {
    if (x.dtype !== "float32") return undefined;
    const window = windowOf(x, attrs);
    if (takesSingleValues(window)) return backend.share(x);
    const { info, pointer } = backend.output(window.outShape);
    const input = backend.pointer(x);
    setWindow(window, backend);
    backend.kernels.maxPool(window.batchSize, input, pointer);
    return info;
  }),

  kernel<MaxPoolGradInputs, MaxPoolGradAttrs>(MaxPoolGrad, ({ inputs: { dy, input }, attrs, backend }) => {
    if (input.dtype !== "float32" || dy.dtype !== "float32") return undefined;
    const window = windowOf(input, attrs);
    if (!util.arraysEqual(dy.shape, window.outShape)) return undefined;
    const { info, pointer } = backend.output(input.shape);
    const [x, gradient] = [backend.pointer(input), backend.pointer(dy)];
    setWindow(window, backend);
    backend.kernels.maxPoolGradient(window.batchSize, x, gradient, pointer);
    return info;
  }),

  offeredKernel<typeof maxPoolWithChoice>("MaxPoolWithChoice", ({ inputs: { x }, attrs, backend }) => {
    const window = windowOf(x, attrs);
    const y = backend.output(window.outShape);
    const choice = backend.output(window.outShape, "bool");
    const input = backend.pointer(x);
    setWindow(window, backend);
    backend.kernels.maxPoolChoosing(window.batchSize, input, y.pointer, choice.pointer);
    return [y.info, choice.info];
  }),

  offeredKernel<typeof maxPoolWithChoiceGrad>("MaxPoolWithChoiceGrad", ({ inputs: { dy, choice }, attrs, backend }) => {
    const window = windowOf({ shape: attrs.inputShape }, attrs);
    const { info, pointer } = backend.output(attrs.inputShape);
    const [gradient, choices] = [backend.pointer(dy), backend.pointer(choice)];
    setWindow(window, backend);
    backend.kernels.maxPoolChosenGradient(window.batchSize, choices, gradient, pointer);
    return info;
  }),

  kernel<AvgPoolInputs, AvgPoolAttrs>(AvgPool, ({ inputs: { x }, attrs, backend }) => {
    if (x.dtype !== "float32") return undefined;
    const window = windowOf(x, attrs);
    if (takesSingleValues(window)) return backend.share(x);
    const { info, pointer } = backend.output(window.outShape);
    const input = backend.pointer(x);
    setWindow(window, backend);
    backend.kernels.averagePool(window.batchSize, input, pointer);
    return info;
  }),

  kernel<AvgPoolGradInputs, AvgPoolGradAttrs>(AvgPoolGrad, ({ inputs: { dy, input }, attrs, backend }) => {
    if (dy.dtype !== "float32") return undefined;
    const window = windowOf(input, attrs);
    if (!util.arraysEqual(dy.shape, window.outShape)) return undefined;
    const { info, pointer } = backend.output(input.shape);
    const gradient = backend.pointer(dy);
    setWindow(window, backend);
    backend.kernels.averagePoolGradient(window.batchSize, gradient, pointer);
    return info;
  }),
];

function windowOf(
  x: Pick<TensorInfo, "shape">,
  {
    filterSize,
    strides,
    pad,
    dimRoundingMode,
  }: Pick<MaxPoolAttrs, "filterSize" | "strides" | "pad" | "dimRoundingMode">,
): Geometry {
  return backend_util.computePool2DInfo(
    x.shape as [number, number, number, number],
    filterSize,
    strides,
    1,
    pad,
    dimRoundingMode,
  );
}

/**
 * Whether each window is one value and there are as many as inputs: then TensorFlow.js returns the input, by its specs
 * also where strides and padding shift the windows.
 */
function takesSingleValues({ filterHeight, filterWidth, inShape, outShape }: Geometry): boolean {
  return filterHeight === 1 && filterWidth === 1 && util.arraysEqual(inShape, outShape);
}
