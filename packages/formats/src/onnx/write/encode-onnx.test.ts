import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { plainPreprocessing } from "@featuremap/images";
import {
  Activation,
  Add,
  BatchNormalization,
  Conv2D,
  Dense,
  Dropout,
  Flatten,
  GlobalAveragePooling2D,
  Input,
  MaxPooling2D,
  Model,
  Multiply,
  Reshape,
  Resizing,
  Sequential,
  deserializeModel,
} from "@featuremap/layers";
import { HostArray, InvalidConfigError } from "@featuremap/tensor";
import { useBackend } from "@featuremap/testing/backend";
import { runOnnx } from "@featuremap/testing/onnx-runtime";
import { expect, test } from "vitest";
import { transpose } from "../../tensors/fill-from-store.ts";
import { readModelProto } from "../proto/read-model-proto.ts";
import { farthest, fillWeights, predictAll, someInputs } from "../../testing/onnx-models.ts";
import { type EncodeOnnxOptions, encodeOnnx, saveOnnx } from "./encode-onnx.ts";

useBackend();

function classifier(): Sequential {
  const model = new Sequential([
    new Conv2D({ filters: 4, kernelSize: 3, activation: "relu", inputShape: [10, 8, 3] }),
    new BatchNormalization(),
    new MaxPooling2D(),
    new Dropout({ rate: 0.5 }),
    new Conv2D({ filters: 5, kernelSize: 2, padding: "same" }),
    new Flatten(),
    new Dropout({ rate: 0.5 }),
    new Dense({ units: 3, activation: "softmax" }),
  ]);
  fillWeights(model);
  return model;
}

const operatorsOf = (bytes: Uint8Array): string[] =>
  readModelProto(bytes, "file").graph.nodes.map(({ operator }) => operator);

test("a classifier moves its channels once, or not at all", async () => {
  const model = classifier();
  const inputs = someInputs(model);
  const [ours] = await predictAll(model, inputs);
  if (ours === undefined) throw new Error("no output");
  const nhwc = await encodeOnnx(model);
  const nchw = await encodeOnnx(model, { layout: "nchw" });
  model.dispose();
  const rest = ["Conv", "Relu", "BatchNormalization", "MaxPool", "Conv", "Flatten", "Gemm", "Softmax"];
  expect(operatorsOf(nhwc)).toEqual(["Transpose", ...rest]);
  expect(operatorsOf(nchw)).toEqual(rest);
  const { graph } = readModelProto(nhwc, "file");
  const used = new Set(graph.nodes.flatMap((node) => node.inputs));
  expect(graph.initializers.filter(({ name }) => !used.has(name))).toEqual([]);
  const turned = inputs.map(
    ({ data, shape }) =>
      new HostArray(
        transpose(Float32Array.from(data), shape, [0, 3, 1, 2]),
        [0, 3, 1, 2].map((axis) => shape[axis] ?? 1),
      ),
  );
  const [[a], [b]] = [await runOnnx(nhwc, inputs), await runOnnx(nchw, turned)];
  for (const theirs of [a, b]) expect(theirs && farthest(ours, theirs)).toBeLessThan(1e-5);
});

test("holds labels, preprocessing, and names and lengths of inputs and outputs", async () => {
  const model = classifier();
  const preprocessing = plainPreprocessing([10, 8], "rgb", 1 / 255);
  const file = readModelProto(await encodeOnnx(model, { labels: ["a", "b", "c"], preprocessing }), "file");
  const [input] = model.inputs;
  const [output] = model.outputs;
  expect(Object.fromEntries(file.metadata)).toEqual({
    labels: '["a","b","c"]',
    preprocessing: JSON.stringify(preprocessing),
    inputs: JSON.stringify([input?.layer.name]),
    "featuremap.layout": "nhwc",
  });
  expect(file.opsets).toEqual(new Map([["", 17]]));
  expect(file.graph.inputs).toEqual([{ name: input?.layer.name, type: 1, shape: ["N", 10, 8, 3] }]);
  expect(file.graph.outputs).toEqual([{ name: output?.layer.name, type: 1, shape: ["N", 3] }]);
  model.dispose();
});

test("nested models, shared layers and gates of channels", async () => {
  const image = Input({ shape: [6, 6, 4] });
  const inner = new Sequential([new Conv2D({ filters: 4, kernelSize: 3, padding: "same", inputShape: [6, 6, 4] })]);
  const shared = new Conv2D({ filters: 4, kernelSize: 1, activation: "sigmoid" });
  const trunk = shared.apply(inner.apply(image));
  const pooled = new GlobalAveragePooling2D().apply(trunk);
  const gate = new Dense({ units: 4 }).apply(new Reshape([1, 1, 4]).apply(pooled));
  const scaled = new Multiply().apply([trunk, gate]);
  const again = inner.apply(shared.apply(scaled));
  const sum = new Add().apply([again, image]);
  const model = new Model({ inputs: image, outputs: [new Flatten().apply(sum), gate, image] });
  fillWeights(model);
  const inputs = someInputs(model);
  const ours = await predictAll(model, inputs);
  const bytes = await encodeOnnx(model);
  model.dispose();
  const theirs = await runOnnx(bytes, inputs);
  expect(theirs).toHaveLength(3);
  for (const [index, output] of ours.entries()) {
    const other = theirs[index];
    expect(other && farthest(output, other)).toBeLessThan(1e-5);
  }
  const kernels = readModelProto(bytes, "file").graph.initializers.filter(({ name }) => name.endsWith("kernel"));
  expect(kernels).toHaveLength(3);
});

test("operations of keras.ops, with numbers, lists and parts of tensors", async () => {
  const tensor = (layer: string, shape: readonly (number | null)[]) => ({
    class_name: "__keras_tensor__",
    config: { shape, dtype: "float32", keras_history: [layer, 0, 0] },
  });
  const images = [null, 4, 4, 3];
  const operation = (name: string, class_name: string, config: object, args: readonly unknown[]) => ({
    module: "keras.src.ops.numpy",
    class_name,
    config: { name, ...config },
    name,
    registered_name: class_name,
    inbound_nodes: [{ args, kwargs: {} }],
  });
  const whole = { class_name: "__slice__", config: { start: null, stop: null, step: null } };
  const odd = { class_name: "__slice__", config: { start: 1, stop: null, step: 2 } };
  const means = { class_name: "__numpy__", config: { value: [1, 2, 3], dtype: "float32" } };
  const layers = [
    {
      module: "keras.layers",
      class_name: "InputLayer",
      config: { batch_shape: images, name: "x" },
      name: "x",
      registered_name: null,
      inbound_nodes: [],
    },
    {
      module: "keras.layers",
      class_name: "Conv2D",
      config: { name: "conv", filters: 3, kernel_size: [1, 1] },
      name: "conv",
      registered_name: null,
      inbound_nodes: [{ args: [tensor("x", images)], kwargs: {} }],
    },
    operation("subtract", "Subtract", {}, [tensor("conv", images), means]),
    operation("divide", "Divide", {}, [2, tensor("subtract", images)]),
    operation("mod", "Mod", {}, [tensor("divide", images), 0.7]),
    operation("max", "Max", { axis: [1, 2], keepdims: true }, [tensor("mod", images)]),
    operation("minimum", "Minimum", {}, [tensor("max", [null, 1, 1, 3]), tensor("mod", images)]),
    operation("item", "GetItem", {}, [tensor("minimum", images), [whole, odd, -1, null]]),
    operation("transpose", "Transpose", { axes: [0, 3, 1, 2] }, [tensor("item", [null, 2, 1, 3])]),
    operation("mean", "Mean", { axis: 2, keepdims: false }, [tensor("transpose", [null, 3, 2, 1])]),
    operation("gelu", "Gelu", { approximate: true }, [tensor("mean", [null, 3, 1])]),
    operation("reshape", "Reshape", { newshape: [-1, 3] }, [tensor("gelu", [null, 3, 1])]),
  ];
  const config = { name: "operations", layers, input_layers: ["x", 0, 0], output_layers: ["reshape", 0, 0] };
  const model = deserializeModel({ module: "keras", class_name: "Functional", config, registered_name: "Functional" });
  fillWeights(model);
  const inputs = someInputs(model);
  const [[ours], [theirs]] = [await predictAll(model, inputs), await runOnnx(await encodeOnnx(model), inputs)];
  model.dispose();
  expect(ours && theirs && farthest(ours, theirs)).toBeLessThan(1e-5);
});

test("refuses by name, and all at once, what ONNX has no words for", async () => {
  const own = (x: Parameters<Conv2D["call"]>[0]): Parameters<Conv2D["call"]>[0] => x;
  const model = new Sequential([
    new Resizing({ height: 4, width: 4, antialias: true, inputShape: [8, 8, 3], name: "small" }),
    new Conv2D({ filters: 2, kernelSize: 1, name: "kept" }),
    new Activation(own, { name: "mine" }),
    new Resizing({ height: 3, width: 2, interpolation: "bicubic", name: "cubic" }),
    new Resizing({ height: 2, width: 2, interpolation: "area", name: "area" }),
  ]);
  const refused = expect.objectContaining({ code: "INVALID_CONFIG", option: "model" }) as Error;
  await expect(encodeOnnx(model)).rejects.toThrow(refused);
  await expect(encodeOnnx(model)).rejects.toThrow(
    /small: antialias.*mine: Activation.*cubic: .*area: interpolation area/,
  );
  model.dispose();
});

test.for<[string, EncodeOnnxOptions]>([
  ["layout", { layout: "chw" as "nchw" }],
  ["labels", { labels: ["a"] }],
  ["labels", { labels: [1, 2, 3] as unknown as string[] }],
  ["preprocessing", { preprocessing: {} as never }],
  ["opset", { opset: 13 } as object],
])("refuses %s %j", async ([, options]) => {
  const model = classifier();
  await expect(encodeOnnx(model, options)).rejects.toThrow(InvalidConfigError);
  model.dispose();
});

test("refuses what is not a model", async () => {
  await expect(encodeOnnx("model" as never)).rejects.toThrow(InvalidConfigError);
  await expect(encodeOnnx(new Sequential([new Flatten()]))).rejects.toThrow(InvalidConfigError);
});

test("writes the file whole", async () => {
  const folder = await mkdtemp(join(tmpdir(), "featuremap-onnx-"));
  const model = classifier();
  await saveOnnx(model, join(folder, "model.onnx"));
  expect(new Uint8Array(await readFile(join(folder, "model.onnx")))).toEqual(await encodeOnnx(model));
  model.dispose();
  await rm(folder, { recursive: true });
});
