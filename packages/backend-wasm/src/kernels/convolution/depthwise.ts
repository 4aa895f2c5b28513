import {
  type DepthwiseConv2dNativeAttrs,
  type DepthwiseConv2dNativeBackpropFilterAttrs,
  type DepthwiseConv2dNativeBackpropFilterInputs,
  type DepthwiseConv2dNativeBackpropInputAttrs,
  type DepthwiseConv2dNativeBackpropInputInputs,
  type DepthwiseConv2dNativeInputs,
  type FusedDepthwiseConv2DAttrs,
  type FusedDepthwiseConv2DInputs,
  type KernelConfig,
  type TensorInfo,
  DepthwiseConv2dNative,
  DepthwiseConv2dNativeBackpropFilter,
  DepthwiseConv2dNativeBackpropInput,
  FusedDepthwiseConv2D,
  backend_util,
  util,
} from "@tensorflow/tfjs-core";
import { applyActivation, epilogueCode, optional } from "../matrix/activation.ts";
import type { WasmBackend } from "../../engine/backend.ts";
import { kernel } from "../../engine/kernel.ts";
import { type Geometry, setWindow } from "../runtime/window.ts";

/**
 * Depthwise convolution and its gradients, over NHWC and float32.
 *
 * The gradients take dilation into account, which the CPU backend's leave out.
 */
export const depthwiseKernels: readonly KernelConfig[] = [
  kernel<DepthwiseConv2dNativeInputs, DepthwiseConv2dNativeAttrs>(
    DepthwiseConv2dNative,
    ({ inputs: { x, filter }, attrs, backend }) => {
      const geometry = geometryOf(x.shape, filter.shape, attrs);
      if (!takesForward(attrs) || !takes(x, filter)) return undefined;
      return forward(x, filter, undefined, "linear", geometry, backend);
    },
  ),

  kernel<FusedDepthwiseConv2DInputs, FusedDepthwiseConv2DAttrs>(FusedDepthwiseConv2D, ({ inputs, attrs, backend }) => {
    const { x, filter } = inputs;
    const { bias, preluActivationWeights } = optional(inputs);
    const geometry = geometryOf(x.shape, filter.shape, attrs);
    const biasFits =
      bias === undefined ||
      (takes(bias) &&
        bias.shape.at(-1) === geometry.outChannels &&
        util.sizeFromShape(bias.shape) === geometry.outChannels);
    if (!takesForward(attrs) || !takes(x, filter) || !biasFits) return undefined;
    const output = forward(x, filter, bias, attrs.activation, geometry, backend);
    return applyActivation(output, attrs.activation, preluActivationWeights, attrs.leakyreluAlpha, backend);
  }),

  kernel<DepthwiseConv2dNativeBackpropInputInputs, DepthwiseConv2dNativeBackpropInputAttrs>(
    DepthwiseConv2dNativeBackpropInput,
    ({ inputs: { dy, filter }, attrs, backend }) => {
      if (!takes(dy, filter)) return undefined;
      return inputGradient(dy, filter, geometryOf(attrs.inputShape, filter.shape, attrs), backend);
    },
  ),

  kernel<DepthwiseConv2dNativeBackpropFilterInputs, DepthwiseConv2dNativeBackpropFilterAttrs>(
    DepthwiseConv2dNativeBackpropFilter,
    ({ inputs: { x, dy }, attrs, backend }) => {
      if (!takes(x, dy)) return undefined;
      return filterGradient(x, dy, geometryOf(x.shape, attrs.filterShape, attrs), backend);
    },
  ),
];

interface GeometryAttributes {
  readonly strides: [number, number] | number;
  readonly dilations?: [number, number] | number | null;
  readonly pad: "valid" | "same" | number | backend_util.ExplicitPadding;
  readonly dimRoundingMode?: "floor" | "round" | "ceil";
}

function geometryOf(
  inputShape: number[],
  filterShape: number[],
  { strides, dilations, pad, dimRoundingMode }: GeometryAttributes,
): Geometry {
  return backend_util.computeConv2DInfo(
    inputShape as [number, number, number, number],
    filterShape as [number, number, number, number],
    strides,
    dilations ?? 1,
    pad,
    dimRoundingMode,
    true,
  );
}

function takes(...tensors: TensorInfo[]): boolean {
  return tensors.every((tensor) => tensor.dtype === "float32");
}

/** The CPU backend refuses a stride together with a dilation, with an error that says so. */
function takesForward({ strides, dilations }: GeometryAttributes): boolean {
  return backend_util.eitherStridesOrDilationsAreOne(strides, dilations ?? 1);
}

function setGeometry(geometry: Geometry, backend: WasmBackend): void {
  backend.reserveScratch(8 * geometry.filterHeight * geometry.filterWidth);
  setWindow(geometry, backend);
}

/**
 * Calls `use` with the address of x as each of its channel's filters sees it: x itself where there is one for each,
 * repeated in working memory where there are several.
 */
function withRepeated(x: TensorInfo, geometry: Geometry, backend: WasmBackend, use: (pointer: number) => void): void {
  const pointer = backend.pointer(x);
  const repetitions = geometry.filterShape[3];
  if (repetitions === 1) {
    use(pointer);
    return;
  }
  const count = util.sizeFromShape(x.shape);
  backend.withWorkspace(4 * count * repetitions, (repeated) => {
    backend.kernels.repeatValues(pointer, repeated, count, repetitions);
    use(repeated);
  });
}

function forward(
  x: TensorInfo,
  filter: TensorInfo,
  bias: TensorInfo | undefined,
  activation: backend_util.Activation,
  geometry: Geometry,
  backend: WasmBackend,
): TensorInfo {
  const { info, pointer } = backend.output(geometry.outShape);
  const weights = backend.pointer(filter);
  const biasPointer = bias === undefined ? 0 : backend.pointer(bias);
  const code = epilogueCode(activation);
  withRepeated(x, geometry, backend, (input) => {
    setGeometry(geometry, backend);
    backend.kernels.depthwiseForward(geometry.batchSize, input, weights, pointer, biasPointer, code);
  });
  return info;
}

function inputGradient(dy: TensorInfo, filter: TensorInfo, geometry: Geometry, backend: WasmBackend): TensorInfo {
  const { info, pointer } = backend.output(geometry.inShape);
  const [gradient, weights] = [backend.pointer(dy), backend.pointer(filter)];
  const repetitions = geometry.filterShape[3];
  const count = util.sizeFromShape(geometry.inShape);
  const filterBytes = 4 * util.sizeFromShape(geometry.filterShape);
  const turn = (target: number): void =>
    backend.withWorkspace(filterBytes, (turned) => {
      setGeometry(geometry, backend);
      backend.kernels.depthwiseInputGradient(geometry.batchSize, gradient, weights, target, turned);
    });
  if (repetitions === 1) turn(pointer);
  else {
    backend.withWorkspace(4 * count * repetitions, (repeated) => {
      turn(repeated);
      backend.kernels.sumGroups(repeated, pointer, count, repetitions);
    });
  }
  return info;
}

function filterGradient(x: TensorInfo, dy: TensorInfo, geometry: Geometry, backend: WasmBackend): TensorInfo {
  const { info, pointer } = backend.output(geometry.filterShape);
  const gradient = backend.pointer(dy);
  const { threads } = backend;
  const rows = geometry.batchSize * geometry.outHeight;
  const chunks = threads === 1 ? 1 : Math.max(1, Math.min(4 * threads, rows));
  withRepeated(x, geometry, backend, (input) =>
    backend.withWorkspace(4 * util.sizeFromShape(geometry.filterShape) * chunks, (partials) => {
      setGeometry(geometry, backend);
      backend.kernels.depthwiseFilterGradient(geometry.batchSize, input, gradient, pointer, partials, chunks);
    }),
  );
  return info;
}
