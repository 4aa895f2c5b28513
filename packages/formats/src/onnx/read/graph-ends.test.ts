import {
  Activation,
  BatchNormalization,
  Conv2D,
  Dense,
  Dot,
  Flatten,
  GroupNormalization,
  Input,
  type Layer,
  Model,
  Permute,
  Reshape,
  Sequential,
} from "@featuremap/layers";
import { FormatError, HostArray } from "@featuremap/tensor";
import { useBackend } from "@featuremap/testing/backend";
import { runOnnx } from "@featuremap/testing/onnx-runtime";
import { describe, expect, test } from "vitest";
import { transpose } from "../../tensors/fill-from-store.ts";
import { farthest, fillWeights, predictAll, someInputs } from "../../testing/onnx-models.ts";
import { channelsFirst, layoutKey } from "../layouts.ts";
import type { OnnxModel } from "../proto/model-proto.ts";
import { readModelProto } from "../proto/read-model-proto.ts";
import { writeModelProto } from "../proto/write-model-proto.ts";
import { encodeOnnx } from "../write/encode-onnx.ts";
import { type LoadOnnxOptions, loadOnnx } from "./load-onnx.ts";

useBackend();

/** No length tells the channels from rows. */
const image = [6, 6, 6] as const;

const head = (): Layer[] => [new Conv2D({ filters: 3, kernelSize: 2 }), new Flatten(), new Dense({ units: 3 })];

function dot(): Model {
  const input = Input({ shape: image });
  const rows = new Reshape([6, 36]).apply(input);
  const columns = new Reshape([36, 6]).apply(input);
  const product = new Dot({ axes: [2, 1] }).apply([rows, columns]);
  return new Model({ inputs: input, outputs: new Dense({ units: 3 }).apply(product) });
}

/** Which begin with what tells nothing of channels, or the opposite. */
const models: Readonly<Record<string, () => Model>> = {
  "BatchNormalization of rows": () =>
    new Sequential([new BatchNormalization({ axis: 1, inputShape: image }), ...head()]),
  "BatchNormalization of columns": () =>
    new Sequential([new BatchNormalization({ axis: 2, inputShape: image }), ...head()]),
  "GroupNormalization of rows": () =>
    new Sequential([new GroupNormalization({ groups: 2, axis: 1, inputShape: image }), ...head()]),
  "Permute to a map": () => new Sequential([new Permute({ dims: [3, 1, 2], inputShape: image })]),
  "Permute and more": () => new Sequential([new Permute({ dims: [2, 1, 3], inputShape: image }), ...head()]),
  Reshape: () => new Sequential([new Reshape([4, 9, 6], { inputShape: image }), ...head()]),
  "Reshape and Dot": dot,
  "Flatten and BatchNormalization": () =>
    new Sequential([new Flatten({ inputShape: image }), new Dense({ units: 4 }), new BatchNormalization()]),
  "channels first": () =>
    new Sequential([new Conv2D({ filters: 2, kernelSize: 3, dataFormat: "channelsFirst", inputShape: image })]),
  "a map": () => new Sequential([new Conv2D({ filters: 4, kernelSize: 3, inputShape: image })]),
};

function firstIn({ data, shape }: HostArray<Float32Array>): HostArray<Float32Array> {
  const order = channelsFirst(shape.length);
  return new HostArray(
    transpose(Float32Array.from(data), shape, order),
    order.map((axis) => shape[axis] ?? 1),
  );
}

/** How far what a file is opened as is from what its model predicts. */
async function distance(
  file: Uint8Array,
  options: LoadOnnxOptions,
  inputs: readonly HostArray<Float32Array>[],
  expected: HostArray<Float32Array> | undefined,
): Promise<number> {
  const { model } = await loadOnnx(file, options);
  const [output] = await predictAll(model, inputs);
  model.dispose();
  return expected && output ? farthest(expected, output) : Number.NaN;
}

describe("a file of ours is opened as the model that it was", () => {
  test.for(Object.entries(models))("%s", async ([, make]) => {
    const model = make();
    fillWeights(model);
    const inputs = someInputs(model);
    const [ours] = await predictAll(model, inputs);
    if (ours === undefined) throw new Error("no output");
    const last = await encodeOnnx(model);
    const first = await encodeOnnx(model, { layout: "nchw" });
    model.dispose();
    const [asLast] = await runOnnx(last, inputs);
    expect(asLast && farthest(ours, asLast)).toBeLessThan(1e-5);
    const turned = inputs.map(firstIn);
    const [asFirst] = await runOnnx(first, turned);
    expect(asFirst && farthest(firstIn(ours), asFirst)).toBeLessThan(1e-5);
    for (const file of [last, first]) expect(await distance(file, {}, inputs, ours)).toBeLessThan(1e-5);
    expect(await distance(last, { layout: "file" }, inputs, ours)).toBeLessThan(1e-5);
    expect(await distance(first, { layout: "file" }, turned, firstIn(ours))).toBeLessThan(1e-5);
  });

  test("and of axes that were turned it says so", async () => {
    const model = new Sequential([new Conv2D({ filters: 4, kernelSize: 3, inputShape: image, name: "conv" })]);
    const first = await loadOnnx(await encodeOnnx(model, { layout: "nchw" }));
    const last = await loadOnnx(await encodeOnnx(model));
    expect(last.notes).toEqual([]);
    expect(first.notes).toEqual([
      expect.stringMatching(/^Input .* has its channels second in the file; the model takes them last\.$/),
      expect.stringMatching(/^Output .* has its channels second in the file; the model gives them last\.$/),
    ]);
    for (const { model: own } of [first, last, { model }]) own.dispose();
  });
});

async function changed(model: Model, change: (file: OnnxModel) => Partial<OnnxModel>): Promise<Uint8Array> {
  const file = readModelProto(await encodeOnnx(model, { layout: "nchw" }), "file");
  model.dispose();
  return writeModelProto({ ...file, producerVersion: "", ...change(file) });
}

test.for(["NCHW", "", "toString", "x".repeat(100_000)])("refuses a layout that is none: %s", async (layout) => {
  const model = new Sequential([new Flatten({ inputShape: image })]);
  const file = await changed(model, () => ({ metadata: new Map([[layoutKey, layout]]) }));
  const error: unknown = await loadOnnx(file).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(FormatError);
  expect(String(error)).toMatch(/metadata_props featuremap\.layout.*"nhwc" or "nchw"/);
  expect(String(error).length).toBeLessThan(1000);
});

describe("a file that does not say its layout", () => {
  const foreign = (model: Model): Promise<Uint8Array> => changed(model, () => ({ metadata: new Map() }));

  /** As PyTorch has it: rows of the dense layer go with what is flattened as it stands. */
  const flattened = (shape: readonly number[]): Sequential => {
    const model = new Sequential([new Permute({ dims: [1, 2, 3], inputShape: shape }), new Flatten()]);
    model.add(new Dense({ units: 2, name: "dense" }));
    fillWeights(model);
    return model;
  };

  /** The same without any turn of axes. */
  const plain = async (shape: readonly number[]): Promise<Uint8Array> => {
    const model = flattened(shape);
    const file = readModelProto(await encodeOnnx(model), "file");
    model.dispose();
    return writeModelProto({ ...file, producerVersion: "", metadata: new Map() });
  };

  test("is taken as it stands with a note, or as the option says", async () => {
    const file = await plain(image);
    const { model, notes } = await loadOnnx(file);
    expect(notes).toEqual([expect.stringMatching(/^Input .* is taken as it stands in the file.*fileLayout: "nchw"/)]);
    const inputs = someInputs(model);
    const [asFile] = await predictAll(model, inputs.map(firstIn));
    const [same] = await predictAll(model, inputs);
    model.dispose();
    expect(await distance(file, { fileLayout: "nchw" }, inputs, asFile)).toBeLessThan(1e-5);
    expect(await distance(file, { fileLayout: "nhwc" }, inputs, same)).toBeLessThan(1e-5);
    for (const options of [{ fileLayout: "nhwc" }, { layout: "file" }] as const) {
      const told = await loadOnnx(file, options);
      told.model.dispose();
      expect(told.notes).toEqual([]);
    }
  });

  test.for([
    ["a picture of colours", [3, 6, 6], /^Input .* has its channels second [^.]*\.$/],
    ["a gray picture whose channel is last", [6, 6, 1], /^$/],
  ] as const)("%s", async ([, shape, note]) => {
    const { model, notes } = await loadOnnx(await plain(shape));
    model.dispose();
    expect(notes.join("\n")).toMatch(note);
  });

  test("is told by a convolution, or by a turn before one", async () => {
    const make = (): Sequential => new Sequential([new Conv2D({ filters: 4, kernelSize: 3, inputShape: image })]);
    const first = await loadOnnx(await foreign(make()));
    expect(first.notes[0]).toMatch(/has its channels second/);
    const own = make();
    const file = readModelProto(await encodeOnnx(own), "file");
    const last = await loadOnnx(writeModelProto({ ...file, producerVersion: "", metadata: new Map() }));
    expect(last.notes).toEqual([]);
    for (const model of [own, first.model, last.model]) model.dispose();
  });
});

describe("sorting is read where it is sparsemax", () => {
  const file = (change: (file: OnnxModel) => Partial<OnnxModel>): Promise<Uint8Array> =>
    changed(new Sequential([new Activation("sparsemax", { inputShape: [5] })]), change);

  test("as one layer", async () => {
    const { model } = await loadOnnx(await file(() => ({})));
    expect(model.layers.map((layer) => layer.getConfig()["activation"])).toEqual([undefined, "sparsemax"]);
    model.dispose();
  });

  test.for<[string, (file: OnnxModel) => Partial<OnnxModel>]>([
    [
      "a step is an output, too",
      ({ graph }) => {
        const name = graph.nodes.find(({ operator }) => operator === "Div")?.outputs[0] ?? "";
        return { graph: { ...graph, outputs: [...graph.outputs, { name, type: 1, shape: ["N", 1] }] } };
      },
    ],
    [
      "a step is another",
      ({ graph }) => ({
        graph: {
          ...graph,
          nodes: graph.nodes.map((node) => (node.operator === "Greater" ? { ...node, operator: "Less" } : node)),
        },
      }),
    ],
    [
      "the smallest come first",
      ({ graph }) => ({
        graph: {
          ...graph,
          nodes: graph.nodes.map((node) =>
            node.operator === "TopK" ? { ...node, attributes: new Map([["largest", 0]]) } : node,
          ),
        },
      }),
    ],
  ])("not where %s", async ([, change]) => {
    await expect(loadOnnx(await file(change))).rejects.toThrow(/TopK .*: sorting that is no sparsemax/);
  });
});
