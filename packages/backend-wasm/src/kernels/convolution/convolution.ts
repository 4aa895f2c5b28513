import type {
  fusedConv2DBackpropFilter,
  fusedConv2DBackpropInput,
} from "@featuremap/operations/contract/fused-convolution";
import {
  type Conv2DAttrs,
  type Conv2DBackpropFilterAttrs,
  type Conv2DBackpropFilterInputs,
  type Conv2DBackpropInputAttrs,
  type Conv2DBackpropInputInputs,
  type Conv2DInputs,
  type FusedConv2DAttrs,
  type FusedConv2DInputs,
  type KernelConfig,
  type TensorInfo,
  Conv2D,
  Conv2DBackpropFilter,
  Conv2DBackpropInput,
  FusedConv2D,
  backend_util,
  util,
} from "@tensorflow/tfjs-core";
import { applyActivation, epilogueCode, optional } from "../matrix/activation.ts";
import type { WasmBackend } from "../../engine/backend.ts";
import { kernel, offeredKernel } from "../../engine/kernel.ts";
import { suitsWinograd, winogradFilterGradient, winogradForward, winogradInputGradient } from "../winograd/winograd.ts";
import { ASIDE_BYTES, TILE_COLUMNS } from "../../codes/tile.ts";
import { type Geometry, setWindow } from "../runtime/window.ts";
import { roundToPanel } from "../matrix/panels.ts";

/** Positions from which on packing the filter costs less than reading it in place. */
const PACK_POSITIONS = 256;
/** Positions that a filter gradient sums in one run: rounding errors grow with a run's length. */
const RUN_POSITIONS = 2048;
/** Floats that the partial sums of a filter gradient may take before there are only as many chunks as threads. */
const PARTIAL_FLOATS = 1 << 20;

export const convolutionKernels: readonly KernelConfig[] = [
  kernel<Conv2DInputs, Conv2DAttrs>(Conv2D, ({ inputs: { x, filter }, attrs, backend }) => {
    const geometry = geometryOf(x.shape, filter.shape, attrs, attrs.dilations);
    return takes(geometry, x, filter) ? forward(x, filter, undefined, "linear", geometry, backend) : undefined;
  }),

  kernel<FusedConv2DInputs, FusedConv2DAttrs>(FusedConv2D, ({ inputs, attrs, backend }) => {
    const { x, filter } = inputs;
    const { bias, preluActivationWeights } = optional(inputs);
    const geometry = geometryOf(x.shape, filter.shape, attrs, attrs.dilations);
    // A bias of one element is broadcast over the channels, which the epilogue does not do.
    const biasFits = bias === undefined || util.arraysEqual(bias.shape, [geometry.outChannels]);
    if (!takes(geometry, x, filter) || !biasFits) return undefined;
    const output = forward(x, filter, bias, attrs.activation, geometry, backend);
    return applyActivation(output, attrs.activation, preluActivationWeights, attrs.leakyreluAlpha, backend);
  }),

  kernel<Conv2DBackpropInputInputs, Conv2DBackpropInputAttrs>(
    Conv2DBackpropInput,
    ({ inputs: { dy, filter }, attrs, backend }) => {
      const geometry = geometryOf(attrs.inputShape, filter.shape, attrs, 1);
      return takes(geometry, dy, filter) && util.arraysEqual(dy.shape, geometry.outShape)
        ? inputGradient(dy, filter, "linear", undefined, geometry, backend)
        : undefined;
    },
  ),

  kernel<Conv2DBackpropFilterInputs, Conv2DBackpropFilterAttrs>(
    Conv2DBackpropFilter,
    ({ inputs: { x, dy }, attrs, backend }) => {
      const geometry = geometryOf(x.shape, attrs.filterShape, attrs, 1);
      return takes(geometry, x, dy) && util.arraysEqual(dy.shape, geometry.outShape)
        ? filterGradient(x, dy, "linear", undefined, geometry, backend)[0]
        : undefined;
    },
  ),

  offeredKernel<typeof fusedConv2DBackpropFilter>(
    "FusedConv2DBackpropFilter",
    ({ inputs: { x, dy, y }, attrs, backend }) => {
      const geometry = geometryOf(x.shape, attrs.filterShape, attrs, attrs.dilations);
      return filterGradient(x, dy, attrs.activation, y, geometry, backend);
    },
  ),

  offeredKernel<typeof fusedConv2DBackpropInput>(
    "FusedConv2DBackpropInput",
    ({ inputs: { dy, y, filter }, attrs, backend }) => {
      const geometry = geometryOf(attrs.inputShape, filter.shape, attrs, attrs.dilations);
      return inputGradient(dy, filter, attrs.activation, y, geometry, backend);
    },
  ),
];

export interface GeometryAttributes {
  readonly strides: Conv2DAttrs["strides"];
  readonly pad: Conv2DAttrs["pad"];
  readonly dataFormat: Conv2DAttrs["dataFormat"];
  readonly dimRoundingMode?: Conv2DAttrs["dimRoundingMode"];
}

export function geometryOf(
  inputShape: number[],
  filterShape: number[],
  { strides, pad, dataFormat, dimRoundingMode }: GeometryAttributes,
  dilations: Conv2DAttrs["dilations"],
): Geometry {
  return backend_util.computeConv2DInfo(
    inputShape as [number, number, number, number],
    filterShape as [number, number, number, number],
    strides,
    dilations,
    pad,
    dimRoundingMode,
    false,
    backend_util.convertConv2DDataFormat(dataFormat),
  );
}

function takes(geometry: Geometry, ...tensors: TensorInfo[]): boolean {
  return geometry.dataFormat === "channelsLast" && tensors.every((tensor) => tensor.dtype === "float32");
}

export function setGeometry(geometry: Geometry, backend: WasmBackend): void {
  backend.reserveScratch(8 * (4 * patchLength(geometry) + 64 + 4 * geometry.outChannels) + ASIDE_BYTES + 256);
  setWindow(geometry, backend);
}

function patchLength({ filterHeight, filterWidth, inChannels }: Geometry): number {
  return filterHeight * filterWidth * inChannels;
}

/** Chunks that the positions are cut into for a filter gradient whose sums are `size` floats each. */
export function chunksOf({ batchSize, outHeight, outWidth }: Geometry, size: number, threads: number): number {
  const wanted = Math.ceil((batchSize * outHeight * outWidth) / RUN_POSITIONS / threads) * threads;
  return Math.max(threads, Math.min(wanted, Math.floor(PARTIAL_FLOATS / size)));
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
  const { batchSize, outHeight, outWidth, outChannels } = geometry;
  const [input, weights] = [backend.pointer(x), backend.pointer(filter)];
  const biasPointer = bias === undefined ? 0 : backend.pointer(bias);
  const code = epilogueCode(activation);
  setGeometry(geometry, backend);
  if (suitsWinograd(geometry)) {
    const at = { input, filter: weights, output: pointer, bias: biasPointer, mask: 0, activation: code };
    winogradForward(geometry, at, backend);
    return info;
  }
  const run = (panels: number): void =>
    backend.kernels.convolutionForward(batchSize, input, weights, pointer, biasPointer, code, panels);
  const packs = outChannels % TILE_COLUMNS !== 0 || batchSize * outHeight * outWidth >= PACK_POSITIONS;
  if (packs) backend.withWorkspace(4 * patchLength(geometry) * roundToPanel(outChannels), run);
  else run(0);
  return info;
}

function inputGradient(
  dy: TensorInfo,
  filter: TensorInfo,
  activation: backend_util.Activation,
  y: TensorInfo | undefined,
  geometry: Geometry,
  backend: WasmBackend,
): TensorInfo {
  const { info, pointer } = backend.output(geometry.inShape);
  const [gradient, weights] = [backend.pointer(dy), backend.pointer(filter)];
  const code = epilogueCode(activation);
  const mask = y === undefined || code === 0 ? 0 : backend.pointer(y);
  setGeometry(geometry, backend);
  if (suitsWinograd(geometry)) {
    const at = { input: pointer, filter: weights, output: gradient, bias: 0, mask, activation: code };
    winogradInputGradient(geometry, at, backend);
    return info;
  }
  backend.withWorkspace(4 * geometry.outChannels * roundToPanel(patchLength(geometry)), (panels) =>
    backend.kernels.convolutionInputGradient(geometry.batchSize, gradient, weights, pointer, mask, code, panels),
  );
  return info;
}

/** The gradients towards filter and, where the activation's output is given, bias. */
function filterGradient(
  x: TensorInfo,
  dy: TensorInfo,
  activation: backend_util.Activation,
  y: TensorInfo,
  geometry: Geometry,
  backend: WasmBackend,
): [filter: TensorInfo, bias: TensorInfo];
function filterGradient(
  x: TensorInfo,
  dy: TensorInfo,
  activation: backend_util.Activation,
  y: undefined,
  geometry: Geometry,
  backend: WasmBackend,
): [filter: TensorInfo];
function filterGradient(
  x: TensorInfo,
  dy: TensorInfo,
  activation: backend_util.Activation,
  y: TensorInfo | undefined,
  geometry: Geometry,
  backend: WasmBackend,
): [TensorInfo, TensorInfo] | [TensorInfo] {
  const { info, pointer } = backend.output(geometry.filterShape);
  const bias = y === undefined ? undefined : backend.output([geometry.outChannels]);
  const [input, gradient] = [backend.pointer(x), backend.pointer(dy)];
  const code = epilogueCode(activation);
  const mask = y === undefined || code === 0 ? 0 : backend.pointer(y);
  const biasPointer = bias?.pointer ?? 0;
  setGeometry(geometry, backend);
  if (suitsWinograd(geometry)) {
    const at = { input, filter: pointer, output: gradient, bias: biasPointer, mask, activation: code };
    winogradFilterGradient(geometry, at, backend);
  } else {
    const size = (patchLength(geometry) + 1) * geometry.outChannels;
    const chunks = chunksOf(geometry, size, backend.threads);
    backend.withWorkspace(4 * size * chunks, (partials) =>
      backend.kernels.convolutionFilterGradient(
        geometry.batchSize,
        input,
        gradient,
        pointer,
        biasPointer,
        mask,
        code,
        partials,
        chunks,
      ),
    );
  }
  return bias === undefined ? [info] : [info, bias.info];
}
