import type { TensorInfo } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import { type KernelRun, kernelWork } from "./kernel-work.ts";

function float(...shape: number[]): TensorInfo {
  return { dataId: {}, shape, dtype: "float32" };
}

function run(kernel: string, inputs: KernelRun["inputs"], outputs: readonly TensorInfo[], attributes = {}): KernelRun {
  return { kernel, inputs, attributes, outputs };
}

const [x, filter, map] = [float(2, 5, 5, 3), float(3, 3, 3, 4), float(2, 3, 3, 4)];
/** 72 results of 27 products each. */
const convolution = 2 * 72 * 27;
const [image, windows, channels] = [float(1, 5, 5, 3), float(3, 3, 3, 2), float(1, 3, 3, 6)];
/** Of the map, without its last row and column. */
const pooled = float(2, 1, 1, 4);
const plain = { strides: [1, 1], dilations: [1, 1], pad: "valid" };
/** 54 results of 9 products each. */
const depthwise = 2 * 54 * 9;

const known: readonly [KernelRun, number][] = [
  [run("Conv2D", { x, filter }, [map]), convolution],
  [run("FusedConv2D", { x, filter, bias: float(4) }, [map]), convolution],
  [run("Conv2DBackpropInput", { dy: map, filter }, [x]), convolution],
  [run("FusedConv2DBackpropInput", { dy: map, y: map, filter }, [x]), convolution],
  [run("Conv2DBackpropFilter", { x, dy: map }, [filter]), convolution],
  [run("FusedConv2DBackpropFilter", { x, dy: map, y: map }, [filter, float(4)]), convolution],
  [run("FusedConv2DMaxPool", { x, filter, bias: float(4) }, [pooled], plain), convolution],
  [run("FusedConv2DMaxPoolBackpropInput", { dy: pooled, y: pooled, filter }, [x], plain), convolution],
  [run("FusedConv2DMaxPoolBackpropFilter", { x, dy: pooled, y: pooled }, [filter, float(4)], plain), convolution],
  [run("DepthwiseConv2dNative", { x: image, filter: windows }, [channels]), depthwise],
  [run("DepthwiseConv2dNativeBackpropInput", { dy: channels, filter: windows }, [image]), depthwise],
  [run("DepthwiseConv2dNativeBackpropFilter", { x: image, dy: channels }, [windows]), depthwise],
  [run("BatchMatMul", { a: float(1, 4, 5), b: float(1, 5, 6) }, [float(1, 4, 6)]), 2 * 24 * 5],
  [run("_FusedMatMul", { a: float(1, 5, 4), b: float(1, 5, 6) }, [float(1, 4, 6)], { transposeA: true }), 2 * 24 * 5],
];

test.for(known.map(([each, operations]) => ({ name: each.kernel, each, operations })))(
  "operations of $name",
  ({ each, operations }) => {
    expect(kernelWork(each).operations).toBe(operations);
  },
);

test("bytes are those of all inputs and outputs, each once", () => {
  expect(kernelWork(run("FusedConv2D", { x, filter, bias: undefined }, [map]))).toEqual({
    operations: convolution,
    shapes: "2x5x5x3 * 3x3x3x4",
    bytes: 4 * (150 + 108 + 72),
  });
  const mask: TensorInfo = { dataId: {}, shape: [8], dtype: "bool" };
  expect(kernelWork(run("Select", { condition: mask, t: float(8), e: float(8) }, [float(8)])).bytes).toBe(8 + 3 * 32);
  expect(kernelWork(run("Concat", { 0: float(2), 1: float(3) }, [float(5)])).bytes).toBe(40);
});

test("a new shape over the same memory moves nothing, and tells no operations", () => {
  const flat: TensorInfo = { ...x, shape: [150] };
  expect(kernelWork(run("Reshape", { x }, [flat]))).toEqual({ bytes: 0 });
});
