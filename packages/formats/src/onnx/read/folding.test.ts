import { HostArray } from "@featuremap/tensor";
import { useBackend } from "@featuremap/testing/backend";
import { describe, expect, test } from "vitest";
import { predictAll } from "../../testing/onnx-models.ts";
import type { OnnxNode, OnnxTensor } from "../proto/model-proto.ts";
import { writeModelProto } from "../proto/write-model-proto.ts";
import { loadOnnx } from "./load-onnx.ts";

useBackend();

type Attributes = Readonly<Record<string, number | string | readonly number[]>>;

const node = (operator: string, inputs: readonly string[], output: string, attributes: Attributes = {}): OnnxNode => ({
  name: "",
  operator,
  domain: "",
  inputs,
  outputs: [output],
  attributes: new Map(Object.entries(attributes)),
});

const floats = (name: string, values: readonly number[], shape: readonly number[] = [values.length]): OnnxTensor => ({
  name,
  shape,
  type: 1,
  bytes: new Uint8Array(Float32Array.from(values).buffer),
});

function fileOf(
  nodes: readonly OnnxNode[],
  initializers: readonly OnnxTensor[],
  shape: readonly (string | number)[],
): Uint8Array<ArrayBuffer> {
  return writeModelProto({
    irVersion: 8,
    producer: "test",
    producerVersion: "",
    opsets: new Map([["", 17]]),
    metadata: new Map(),
    graph: {
      name: "graph",
      nodes,
      initializers,
      inputs: [{ name: "x", type: 1, shape }],
      outputs: [{ name: "y", type: 1, shape: [] }],
    },
  });
}

describe("nodes of constants are computed as ONNX says", () => {
  test.for<[string, readonly OnnxNode[], readonly OnnxTensor[], readonly number[]]>([
    [
      "some lengths of a shape",
      [node("Shape", ["a"], "lengths", { start: 1, end: -1 }), node("Cast", ["lengths"], "c", { to: 1 })],
      [floats("a", new Array(24).fill(0), [2, 3, 4, 1])],
      [3, 4],
    ],
    [
      "remainders with the sign of the dividend",
      [node("Mod", ["a", "b"], "c", { fmod: 1 })],
      [floats("a", [-5.5, 5.5]), floats("b", [3, -3])],
      [-2.5, 2.5],
    ],
    [
      "integers of a step, and what they stand for",
      [node("QuantizeLinear", ["a", "b"], "q"), node("DequantizeLinear", ["q", "b"], "c")],
      [floats("a", [0.25, 0.75, 0.8, -3, 200]), floats("b", [0.5], [])],
      [0, 1, 1, 0, 127.5],
    ],
    [
      "truth of what is not 0",
      [node("Cast", ["a"], "truth", { to: 9 }), node("Cast", ["truth"], "c", { to: 1 })],
      [floats("a", [0.5, 0, -0.2, 2])],
      [1, 0, 1, 1],
    ],
  ])("%s", async ([, nodes, tensors, expected]) => {
    const file = fileOf([...nodes, node("Add", ["x", "c"], "y")], tensors, ["N", expected.length]);
    const { model } = await loadOnnx(file);
    const input = new HostArray(new Float32Array(expected.length), [1, expected.length]);
    const [output] = await predictAll(model, [input]);
    model.dispose();
    expect([...(output?.data ?? [])]).toEqual(expected);
  });
});

test("cubic resizing swings below 0, where zeros at a border would be the largest", async () => {
  const cubic = { mode: "cubic", cubic_coeff_a: -0.5, exclude_outside: 1 };
  const nodes = [
    node("Relu", ["x"], "a"),
    node("Resize", ["a", "", "scales"], "b", cubic),
    node("MaxPool", ["b"], "y", { kernel_shape: [2, 2], strides: [2, 2], pads: [1, 1, 1, 1] }),
  ];
  const { model } = await loadOnnx(fileOf(nodes, [floats("scales", [1, 1, 2, 2])], ["N", 1, 4, 4]));
  expect(model.layers.map(({ className }) => className)).not.toContain("ZeroPadding2D");
  model.dispose();
});

describe("what PyTorch writes around layers", () => {
  const integers = (name: string, values: readonly number[]): OnnxTensor => ({
    name,
    shape: [values.length],
    type: 7,
    bytes: new Uint8Array(BigInt64Array.from(values.map(BigInt)).buffer),
  });
  const counted = (shape: readonly number[]): HostArray<Float32Array> => {
    const size = shape.reduce((product, length) => product * length, 1);
    return new HostArray(
      Float32Array.from({ length: size }, (_, index) => index + 1),
      shape,
    );
  };
  const computed = async (
    nodes: readonly OnnxNode[],
    tensors: readonly OnnxTensor[],
    input: HostArray<Float32Array>,
  ): Promise<{ readonly values: readonly number[]; readonly layers: readonly string[] }> => {
    const file = fileOf(nodes, tensors, ["N", ...input.shape.slice(1)]);
    const { model } = await loadOnnx(file, { layout: "file" });
    const [output] = await predictAll(model, [input]);
    const layers = model.layers.map(({ className }) => className);
    model.dispose();
    return { values: [...(output?.data ?? [])], layers };
  };

  test("axes that are joined with the examples come apart again", async () => {
    const nodes = [
      node("Reshape", ["x", "together"], "a"),
      node("Transpose", ["a"], "b", { perm: [0, 2, 1] }),
      node("Reshape", ["b", "apart"], "y"),
    ];
    const shapes = [integers("together", [-1, 2, 3]), integers("apart", [-1, 2, 3, 2])];
    const { values } = await computed(nodes, shapes, counted([2, 2, 2, 3]));
    expect(values.slice(0, 12)).toEqual([1, 4, 2, 5, 3, 6, 7, 10, 8, 11, 9, 12]);
    const asked = [...nodes.slice(0, 2), node("Relu", ["b"], "y")];
    await expect(computed(asked, shapes, counted([2, 2, 2, 3]))).rejects.toThrow(
      /Relu y: work on all examples together/,
    );
  });

  test("what is stretched for its only use takes no copies", async () => {
    const nodes = [
      node("ReduceSum", ["x", "axes"], "a"),
      node("Expand", ["a", "shape"], "b"),
      node("Div", ["x", "b"], "y"),
    ];
    const tensors = [integers("axes", [1]), integers("shape", [1, 40])];
    const { values, layers } = await computed(nodes, tensors, counted([1, 40]));
    expect(values[39]).toBeCloseTo(40 / 820, 6);
    expect(layers).toEqual(["InputLayer"]);
  });

  test.for([
    ["nab,nac->nbc", [], [1, 0, 0, 1], [17, 22, 27, 22, 29, 36, 27, 36, 45]],
    ["nab,cb->nca", ["given"], [1, 0, 0, 0, 1, 0], [1, 4, 2, 5]],
    ["cb,nab->nac", ["given"], [1, 0, 0, 0, 1, 0], [1, 2, 4, 5]],
  ] as const)("einsum %s", async ([equation, given, matrix, expected]) => {
    const isFirst = equation.startsWith("c");
    const inputs = given.length === 0 ? ["x", "x"] : isFirst ? ["given", "x"] : ["x", "given"];
    const tensors = given.length === 0 ? [] : [floats("given", matrix, [2, 3])];
    const { values } = await computed([node("Einsum", inputs, "y", { equation })], tensors, counted([1, 2, 3]));
    expect(values).toEqual(expected);
  });

  test("einsum that sums over examples is refused", async () => {
    const nodes = [node("Einsum", ["x", "x"], "y", { equation: "nab,ncb->ac" })];
    await expect(computed(nodes, [], counted([1, 2, 3]))).rejects.toThrow(
      /Einsum y: sums of one operand, or of examples/,
    );
  });

  test.for([3, 4])("strides of 2 with dilations of %i", async (dilation) => {
    const attributes = { strides: [2], dilations: [dilation], pads: [1, 1] };
    const kernel = floats("kernel", [1, 10], [1, 1, 2]);
    const { values } = await computed([node("Conv", ["x", "kernel"], "y", attributes)], [kernel], counted([1, 1, 9]));
    const padded = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0];
    expect(values).toEqual([0, 2, 4, 6].map((at) => (padded[at] ?? 0) + 10 * (padded[at + dilation] ?? 0)));
  });
});
