import {
  type NamedTensorInfoMap,
  type TensorInfo,
  type backend_util,
  Concat,
  FusedConv2D,
  Slice,
} from "@tensorflow/tfjs-core";
import type { WasmBackend } from "../../engine/backend.ts";
import { runKernel } from "../../engine/kernel.ts";
import type { Geometry } from "../runtime/window.ts";
import { suitsWinograd } from "../winograd/winograd.ts";

/** What the kernels for one group are told. */
interface Attributes {
  readonly strides: [number, number];
  readonly pad: "valid" | "same" | number;
}

/**
 * Whether groups are convolved one after another: minimal filtering saves more of their products than copying their
 * channels costs.
 *
 * @param geometry with the channels of all groups together
 */
export function suitsApart(geometry: Geometry, groups: number): boolean {
  const [inChannels, outChannels] = [geometry.inChannels / groups, geometry.outChannels / groups];
  return suitsWinograd({ ...geometry, inChannels, outChannels });
}

/** `activation(x * filter + bias)`. */
export function forwardApart(
  x: TensorInfo,
  filter: TensorInfo,
  bias: TensorInfo | undefined,
  activation: backend_util.Activation,
  groups: number,
  attributes: Attributes,
  backend: WasmBackend,
): TensorInfo {
  const attrs = { ...shared(attributes), dilations: 1, activation };
  const inputs = { x, filter, ...(bias !== undefined && { bias }) };
  return eachGroup(inputs, groups, (parts) => runKernel(FusedConv2D, parts, attrs, backend), backend);
}

/** The gradient towards the input. */
export function inputGradientApart(
  dy: TensorInfo,
  filter: TensorInfo,
  groups: number,
  inputShape: readonly number[],
  attributes: Attributes,
  backend: WasmBackend,
): TensorInfo {
  const attrs = { ...shared(attributes), inputShape: [...inputShape.slice(0, 3), (inputShape[3] ?? 0) / groups] };
  return eachGroup({ dy, filter }, groups, (parts) => runKernel("Conv2DBackpropInput", parts, attrs, backend), backend);
}

/** The gradient towards the filter. */
export function filterGradientApart(
  x: TensorInfo,
  dy: TensorInfo,
  groups: number,
  filterShape: readonly number[],
  attributes: Attributes,
  backend: WasmBackend,
): TensorInfo {
  const attrs = { ...shared(attributes), filterShape: [...filterShape.slice(0, 3), (filterShape[3] ?? 0) / groups] };
  return eachGroup({ x, dy }, groups, (parts) => runKernel("Conv2DBackpropFilter", parts, attrs, backend), backend);
}

function shared({ strides, pad }: Attributes): Attributes & { readonly dataFormat: "NHWC" } {
  return { strides, pad, dataFormat: "NHWC" };
}

/** Runs a kernel on each group's share of the last axes, and joins what it gives along the last axis. */
function eachGroup(
  inputs: Readonly<Record<string, TensorInfo>>,
  groups: number,
  run: (parts: NamedTensorInfoMap) => TensorInfo,
  backend: WasmBackend,
): TensorInfo {
  const results = Array.from({ length: groups }, (_, group) => {
    const parts = Object.entries(inputs).map(([name, x]) => {
      const axis = x.shape.length - 1;
      const length = (x.shape[axis] ?? 0) / groups;
      const begin = x.shape.map((_length, index) => (index === axis ? group * length : 0));
      const size = x.shape.map((whole, index) => (index === axis ? length : whole));
      return [name, runKernel(Slice, { x }, { begin, size }, backend)] as const;
    });
    const result = run(Object.fromEntries(parts));
    for (const [, part] of parts) backend.disposeIntermediateTensorInfo(part);
    return result;
  });
  const joined = runKernel(Concat, results, { axis: (results[0]?.shape.length ?? 1) - 1 }, backend);
  for (const result of results) backend.disposeIntermediateTensorInfo(result);
  return joined;
}
