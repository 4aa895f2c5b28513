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
