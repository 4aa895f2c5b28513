import { FeaturemapError, FormatError } from "@featuremap/tensor";
import { useBackend } from "@featuremap/testing/backend";
import { assert, maxSafeInteger, property } from "fast-check";
import { describe, expect, test } from "vitest";
import { Damage } from "../../testing/damage.ts";
import type { OnnxGraph, OnnxNode, OnnxTensor } from "../proto/model-proto.ts";
import { writeModelProto } from "../proto/write-model-proto.ts";
import { WireReader } from "../proto/wire-reader.ts";
import { WireWriter } from "../proto/wire-writer.ts";
import { resolveFileLimits } from "../../model-files/file-limits.ts";
import { loadOnnx } from "./load-onnx.ts";
import { readGraph } from "./read-graph.ts";

useBackend();

const node = (operator: string, inputs: readonly string[], outputs: readonly string[]): OnnxNode => ({
  name: "",
  operator,
  domain: "",
  inputs,
  outputs,
  attributes: new Map(),
});

function fileOf(graph: Partial<OnnxGraph>, opset = 17): Uint8Array<ArrayBuffer> {
  return writeModelProto({
    irVersion: 8,
    producer: "test",
    producerVersion: "",
    opsets: new Map([["", opset]]),
    metadata: new Map(),
    graph: {
      name: "graph",
      nodes: [],
      initializers: [],
      inputs: [{ name: "x", type: 1, shape: ["N", 3, 8, 8] }],
      outputs: [{ name: "y", type: 1, shape: [] }],
      ...graph,
    },
  });
}

const kernel = (shape: readonly number[], bytes: number): OnnxTensor => ({
  name: "w",
  shape,
  type: 1,
  bytes: new Uint8Array(bytes),
});

describe("refuses", () => {
  test.for<[string, Partial<OnnxGraph>, RegExp]>([
    [
      "a cycle",
      { nodes: [node("Add", ["x", "b"], ["a"]), node("Relu", ["a"], ["b"]), node("Relu", ["a"], ["y"])] },
      /without cycles/,
    ],
    ["a node of its own output", { nodes: [node("Add", ["x", "y"], ["y"])] }, /without cycles/],
    ["a name that nothing makes", { nodes: [node("Relu", ["z"], ["y"])] }, /made by something/],
    ["a name made twice", { nodes: [node("Relu", ["x"], ["y"]), node("Relu", ["x"], ["y"])] }, /nothing else has/],
    ["an output that is missing", { nodes: [] }, /made by something/],
    [
      "fewer elements than the shape says",
      { initializers: [kernel([4, 3, 3, 3], 12)], nodes: [node("Conv", ["x", "w"], ["y"])] },
      /of 108 elements/,
    ],
    [
      "a shape that overflows",
      { initializers: [kernel([2 ** 40, 2 ** 40], 8)], nodes: [node("Gemm", ["x", "w"], ["y"])] },
      /elements/,
    ],
    [
      "lengths below 0",
      { initializers: [kernel([-1, -4], 16)], nodes: [node("Gemm", ["x", "w"], ["y"])] },
      /shape of lengths/,
    ],
    [
      "elements of text",
      { initializers: [{ name: "w", shape: [1], type: 8 }], nodes: [node("Gemm", ["x", "w"], ["y"])] },
      /element type 8/,
    ],
    [
      "an input of huge lengths",
      { inputs: [{ name: "x", type: 1, shape: ["N", 2 ** 30, 2 ** 30] }], nodes: [node("Relu", ["x"], ["y"])] },
      /limits\.elements/,
    ],
    [
      "an input of no known shape",
      { inputs: [{ name: "x", type: 1, shape: [] }], nodes: [node("Relu", ["x"], ["y"])] },
      /of two axes or more/,
    ],
  ])("%s", async ([, graph, message]) => {
    const loading = loadOnnx(fileOf(graph));
    await expect(loading).rejects.toThrow(FormatError);
    await expect(loading).rejects.toThrow(message);
  });

  test("all operators that it does not know, by name and node", async () => {
    const nodes = [
      node("Relu", ["x"], ["a"]),
      node("NonMaxSuppression", ["a"], ["b"]),
      node("Relu", ["b"], ["c"]),
      { ...node("LSTM", ["a"], ["d"]), name: "recurrent" },
      { ...node("Fused", ["a"], ["e"]), domain: "com.microsoft" },
      node("Concat", ["c", "d", "e"], ["y"]),
    ];
    await expect(loadOnnx(fileOf({ nodes }))).rejects.toThrow(
      "NonMaxSuppression b: no such operator here; LSTM recurrent: no such operator here; " +
        "Fused e: no such operator here of com.microsoft",
    );
  });

  test("versions of operators from before 2017", async () => {
    await expect(loadOnnx(fileOf({ nodes: [node("Relu", ["x"], ["y"])] }, 6))).rejects.toThrow(/opset/);
  });

  test.for(["../secret", "/etc/passwd", "..\\secret", "a/../../b", "C:secret", "", "./.", "http://a/b", "a\0b"])(
    "external data in %j",
    async (location) => {
      // TensorProto: dims, data_type, name, external_data, data_location.
      const tensor = new WireWriter().integer(1, 1).integer(2, 1).text(8, "w");
      tensor.message(13, new WireWriter().text(1, "location").text(2, location)).integer(14, 1);
      const graph = new WireWriter().message(5, tensor);
      const opset = new WireWriter().text(1, "").integer(2, 17);
      const bytes = new WireWriter().integer(1, 8).message(7, graph).message(8, opset).finish();
      const files = new Map([
        ["model.onnx", bytes],
        ["secret", new Uint8Array(4)],
      ]);
      await expect(loadOnnx(files)).rejects.toThrow(/in a file of its folder/);
    },
  );
});

test("takes names of JavaScript's own as any others", async () => {
  const names = ["__proto__", "constructor", "toString", "hasOwnProperty"];
  const nodes = names.map((name, index) => ({ ...node("Relu", [names[index - 1] ?? "x"], [name]), name }));
  const outputs = [{ name: "hasOwnProperty", type: 1, shape: [] }];
  const { model } = await loadOnnx(fileOf({ nodes, outputs }));
  expect(model.layers).toHaveLength(5);
  expect(Object.keys(Object.prototype)).toEqual([]);
  model.dispose();
  await expect(loadOnnx(fileOf({ nodes: [node("__proto__", ["x"], ["y"])] }))).rejects.toThrow(/no such operator/);
});

test("reads chains of 2,000 nodes in any order, and refuses those of more calls than the limit", async () => {
  const count = 2000;
  const nodes = Array.from({ length: count }, (_, index) =>
    node("Relu", [index === 0 ? "x" : `t${index}`], [index === count - 1 ? "y" : `t${index + 1}`]),
  ).toReversed();
  const { model } = await loadOnnx(fileOf({ nodes }));
  expect(model.layers).toHaveLength(count + 1);
  model.dispose();
  await expect(loadOnnx(fileOf({ nodes }), { limits: { calls: 1000 } })).rejects.toThrow(/limits\.calls/);
});

describe("refuses at once", () => {
  const lengths = (values: readonly number[]): OnnxTensor => ({
    name: "lengths",
    shape: [values.length],
    type: 7,
    bytes: new Uint8Array(BigInt64Array.from(values, BigInt).buffer),
  });
  const scalar: OnnxTensor = { name: "one", shape: [1], type: 1, bytes: new Uint8Array(4) };

  test("constants that are made of few elements and together are too many", async () => {
    const expand = (count: number): readonly OnnxNode[] =>
      Array.from({ length: count }, (_, index) => node("Expand", ["one", "lengths"], [`k${index}`]));
    const graph = (count: number): Partial<OnnxGraph> => ({
      initializers: [scalar, lengths([1000, 100])],
      nodes: [...expand(count), node("Relu", ["x"], ["y"])],
    });
    const limits = { weightsBytes: 4_000_000 };
    (await loadOnnx(fileOf(graph(10)), { limits })).model.dispose();
    const refused = loadOnnx(fileOf(graph(60)), { limits });
    await expect(refused).rejects.toThrow(
      /constants that are made of others must be of at most 1000000 elements.*weightsBytes.*found 1100000\./,
    );
  });

  test("weights that a small file gives to many layers", async () => {
    const count = 200;
    const nodes = Array.from({ length: count }, (_, index) =>
      node("MatMul", [index === 0 ? "x" : `t${index}`, "w"], [index === count - 1 ? "y" : `t${index + 1}`]),
    );
    const inputs = [{ name: "x", type: 1, shape: ["N", 100] }];
    const graph = { inputs, nodes, initializers: [kernel([100, 100], 40_000)] };
    await expect(loadOnnx(fileOf(graph), { limits: { weightsBytes: 2_000_000 } })).rejects.toThrow(/found 510000\./);
  });

  test("more numbers as lengths than anything has axes", async () => {
    const graph = {
      initializers: [lengths(new Array<number>(20_000).fill(1))],
      nodes: [node("Reshape", ["x", "lengths"], ["y"])],
    };
    await expect(loadOnnx(fileOf(graph))).rejects.toThrow(/20000 numbers as shape/);
  });

  test("more nodes than calls", () => {
    const nodes = Array.from({ length: 100_001 }, () => node("Relu", ["nothing"], []));
    const graph = { name: "g", nodes, initializers: [], inputs: [], outputs: [] };
    const model = {
      irVersion: 8,
      producer: "",
      producerVersion: "",
      opsets: new Map([["", 17]]),
      metadata: new Map(),
      graph,
    };
    const read = (): unknown => readGraph(model, new Map(), "file", { limits: resolveFileLimits(), layout: "nhwc" });
    expect(read).toThrow("nodes of the graph must be at most 100000 (limits.calls), found 100001");
  });
});

test("refuses tensors that double until they do not fit", async () => {
  const nodes = Array.from({ length: 60 }, (_, index) => {
    const input = index === 0 ? "x" : `t${index}`;
    return {
      ...node("Concat", [input, input], [index === 59 ? "y" : `t${index + 1}`]),
      attributes: new Map([["axis", 1]]),
    };
  });
  await expect(loadOnnx(fileOf({ nodes }))).rejects.toThrow(/limits\.elements/);
});

test("varints of any size are read as they were written", () => {
  assert(
    property(maxSafeInteger(), (value) => {
      const reader = new WireReader(new WireWriter().integer(3, value).finish(), "file", "message");
      expect([reader.next(), reader.integer(), reader.next()]).toEqual([3, value, 0]);
    }),
  );
});

test("any damage is refused as such, or changes numbers alone", async () => {
  const attributes = new Map([["kernel_shape", [2, 2]]]);
  const file = fileOf({
    initializers: [
      kernel([2, 3, 2, 2], 96),
      {
        name: "shape",
        shape: [2],
        type: 7,
        bytes: new Uint8Array(BigInt64Array.of(0n, -1n).buffer),
      },
    ],
    nodes: [
      { ...node("Conv", ["x", "w"], ["a"]), attributes },
      node("Relu", ["a"], ["b"]),
      node("Reshape", ["b", "shape"], ["y"]),
    ],
  });
  let refused = 0;
  for (let seed = 0; seed < 300; seed++) {
    try {
      (await loadOnnx(new Damage(seed).bytes(file))).model.dispose();
    } catch (error) {
      refused++;
      if (!(error instanceof FeaturemapError)) throw new Error(`seed ${seed}`, { cause: error });
    }
  }
  expect(refused).toBeGreaterThan(100);
});
