import type {
  GroupedConvolutionAttributes,
  groupedConv2D,
  groupedConv2DBackpropFilter,
  groupedConv2DBackpropInput,
} from "@featuremap/operations/contract/grouped-convolution";
import { type KernelConfig, type TensorInfo, backend_util, util } from "@tensorflow/tfjs-core";
import { applyActivation, epilogueCode } from "../matrix/activation.ts";
import type { WasmBackend } from "../../engine/backend.ts";
import { offeredKernel, runKernel } from "../../engine/kernel.ts";
import { filterGradientApart, forwardApart, inputGradientApart, suitsApart } from "./groups-apart.ts";
import { LINEAR } from "../../codes/epilogue.ts";
import { ASIDE_BYTES } from "../../codes/tile.ts";
import { type Geometry, setWindow } from "../runtime/window.ts";
import { roundToPanel } from "../matrix/panels.ts";

/** Floats that the partial sums of a filter gradient may take before there are only as many chunks as threads. */
const PARTIAL_FLOATS = 1 << 20;

/**
 * Convolution with groups and its gradients, which are not among TensorFlow.js's own kernels: layers use them where the
 * device has them. All is float32; the filter is `[height, width, channels / groups, filters]`.
 *
 * A group of one channel is a depthwise convolution: its filter `[height, width, 1, channels * multiplier]` holds the
 * same numbers in the same order as `[height, width, channels, multiplier]`.
 */
export const groupedConvolutionKernels: readonly KernelConfig[] = [
  offeredKernel<typeof groupedConv2D>("GroupedConv2D", ({ inputs: { x, filter, bias }, attrs, backend }) => {
    const { activation } = attrs;
    if (isDepthwise(filter)) {
      const inputs = { x, filter: asDepthwise(filter, attrs.groups), ...(bias !== undefined && { bias }) };
      return runKernel("FusedDepthwiseConv2D", inputs, depthwiseAttributes(attrs, { activation }), backend);
    }
    const geometry = geometryOf(x.shape, filter.shape, attrs);
    const output = suitsApart(geometry, attrs.groups)
      ? forwardApart(x, filter, bias, epilogueOf(activation), attrs.groups, attrs, backend)
      : forward(x, filter, bias, activation, attrs.groups, geometry, backend);
    return applyActivation(output, activation, undefined, undefined, backend);
  }),

  offeredKernel<typeof groupedConv2DBackpropInput>(
    "GroupedConv2DBackpropInput",
    ({ inputs: { dy, filter }, attrs, backend }) => {
      const { inputShape, groups } = attrs;
      if (isDepthwise(filter)) {
        const inputs = { dy, filter: asDepthwise(filter, groups) };
        const attributes = depthwiseAttributes(attrs, { inputShape });
        return runKernel("DepthwiseConv2dNativeBackpropInput", inputs, attributes, backend);
      }
      const geometry = geometryOf(inputShape, filter.shape, attrs);
      return suitsApart(geometry, groups)
        ? inputGradientApart(dy, filter, groups, inputShape, attrs, backend)
        : inputGradient(dy, filter, groups, geometry, backend);
    },
  ),

  offeredKernel<typeof groupedConv2DBackpropFilter>(
    "GroupedConv2DBackpropFilter",
    ({ inputs: { x, dy }, attrs, backend }) => {
      const { filterShape, groups } = attrs;
      if (filterShape[2] === 1) {
        const attributes = depthwiseAttributes(attrs, { filterShape: depthwiseShape(filterShape, groups) });
        const gradient = runKernel("DepthwiseConv2dNativeBackpropFilter", { x, dy }, attributes, backend);
        return { ...gradient, shape: filterShape };
      }
      const geometry = geometryOf(x.shape, filterShape, attrs);
      return suitsApart(geometry, groups)
        ? filterGradientApart(x, dy, groups, filterShape, attrs, backend)
        : filterGradient(x, dy, groups, geometry, backend);
    },
  ),
];

/** The activation, if it is part of a convolution; others follow it. */
function epilogueOf(activation: backend_util.Activation): backend_util.Activation {
  return epilogueCode(activation) === LINEAR ? "linear" : activation;
}

function isDepthwise({ shape }: TensorInfo): boolean {
  return shape[2] === 1;
}

function depthwiseShape([height = 1, width = 1, , filters = 1]: number[], groups: number): number[] {
  return [height, width, groups, filters / groups];
}

function asDepthwise(filter: TensorInfo, groups: number): TensorInfo {
  return { ...filter, shape: depthwiseShape(filter.shape, groups) };
}

function depthwiseAttributes<Others extends object>(
  { strides, pad, dilations }: GroupedConvolutionAttributes,
  others: Others,
): Others & Pick<GroupedConvolutionAttributes, "strides" | "pad" | "dilations" | "dataFormat"> {
  return { strides, pad, dilations, dataFormat: "NHWC", ...others };
}

/** The geometry, with the channels of all groups together. */
function geometryOf(
  inputShape: number[],
  filterShape: number[],
  { strides, pad, dilations }: GroupedConvolutionAttributes,
): Geometry {
  const [height = 1, width = 1, , filters = 1] = filterShape;
  return backend_util.computeConv2DInfo(
    inputShape as [number, number, number, number],
    [height, width, inputShape[3] ?? 1, filters],
    strides,
    dilations,
    pad,
  );
}

/** Length of a group's patch. */
function patchLength({ filterHeight, filterWidth, inChannels }: Geometry, groups: number): number {
  return (filterHeight * filterWidth * inChannels) / groups;
}

function setGeometry(geometry: Geometry, groups: number, backend: WasmBackend): void {
  backend.reserveScratch(8 * (4 * patchLength(geometry, groups) + 64) + ASIDE_BYTES + 256);
  setWindow(geometry, backend);
}

function forward(
  x: TensorInfo,
  filter: TensorInfo,
  bias: TensorInfo | undefined,
  activation: backend_util.Activation,
  groups: number,
  geometry: Geometry,
  backend: WasmBackend,
): TensorInfo {
  const { info, pointer } = backend.output(geometry.outShape);
  const [images, weights] = [backend.pointer(x), backend.pointer(filter)];
  const biases = bias === undefined ? 0 : backend.pointer(bias);
  const { batchSize, outChannels } = geometry;
  const code = epilogueCode(activation);
  setGeometry(geometry, groups, backend);
  const floats = groups * patchLength(geometry, groups) * roundToPanel(outChannels / groups);
  backend.withWorkspace(4 * floats, (panels) =>
    backend.kernels.groupedForward(batchSize, groups, images, weights, pointer, biases, code, panels),
  );
  return info;
}

function inputGradient(
  dy: TensorInfo,
  filter: TensorInfo,
  groups: number,
  geometry: Geometry,
  backend: WasmBackend,
): TensorInfo {
  const { info, pointer } = backend.output(geometry.inShape);
  const [gradient, weights] = [backend.pointer(dy), backend.pointer(filter)];
  backend.kernels.fill(pointer, util.sizeFromShape(geometry.inShape), 0, 2);
  setGeometry(geometry, groups, backend);
  const floats = geometry.outChannels * roundToPanel(patchLength(geometry, groups));
  backend.withWorkspace(4 * floats, (panels) =>
    backend.kernels.groupedInputGradient(geometry.batchSize, groups, gradient, weights, pointer, panels),
  );
  return info;
}

function filterGradient(
  x: TensorInfo,
  dy: TensorInfo,
  groups: number,
  geometry: Geometry,
  backend: WasmBackend,
): TensorInfo {
  const { filterHeight, filterWidth, inChannels, outChannels, batchSize } = geometry;
  const { info, pointer } = backend.output([filterHeight, filterWidth, inChannels / groups, outChannels]);
  const [images, gradient] = [backend.pointer(x), backend.pointer(dy)];
  const size = patchLength(geometry, groups) * outChannels;
  const { threads } = backend;
  const chunks = threads === 1 ? 1 : Math.min(4 * threads, Math.max(threads, Math.floor(PARTIAL_FLOATS / size)));
  setGeometry(geometry, groups, backend);
  backend.withWorkspace(4 * size * chunks, (partials) =>
    backend.kernels.groupedFilterGradient(batchSize, groups, images, gradient, pointer, partials, chunks),
  );
  return info;
}
