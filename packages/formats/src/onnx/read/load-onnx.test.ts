import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { plainPreprocessing } from "@featuremap/images";
import { Conv2D, Dense, Flatten, MaxPooling2D, Sequential } from "@featuremap/layers";
import { HostArray, InvalidConfigError, sizeOf } from "@featuremap/tensor";
import { useBackend } from "@featuremap/testing/backend";
import { describe, expect, test } from "vitest";
import { transpose } from "../../tensors/fill-from-store.ts";
import { farthest, fillWeights, predictAll, someInputs } from "../../testing/onnx-models.ts";
import golden from "../fixtures/networks.golden.json" with { type: "json" };
import { encodeOnnx } from "../write/encode-onnx.ts";
import { loadOnnx } from "./load-onnx.ts";

useBackend();

const fixtures = new URL("../fixtures/", import.meta.url);
const pathOf = (file: string): string => fileURLToPath(new URL(file, fixtures));

/** As the script of the fixtures makes it. */
function image(shape: readonly number[]): HostArray<Float32Array> {
  return new HostArray(
    Float32Array.from({ length: sizeOf(shape) }, (_, index) => ((index * 37) % 101) / 101),
    shape,
  );
}

function channelsLast({ data, shape }: HostArray<Float32Array>): HostArray<Float32Array> {
  const axes = [0, 2, 3, 1];
  return new HostArray(
    transpose(Float32Array.from(data), shape, axes),
    axes.map((axis) => shape[axis] ?? 1),
  );
}

/** Classes of the layers, without input. */
const layersOf: Readonly<Record<string, string>> = {
  "resnet-script.onnx": "ZeroPadding2D Conv2D ReLU ZeroPadding2D MaxPooling2D Conv2D ReLU Conv2D Add ReLU",
  "resnet-dynamo.onnx": "ZeroPadding2D Conv2D ReLU ZeroPadding2D MaxPooling2D Conv2D ReLU Conv2D Add ReLU",
  "mobile-script.onnx":
    "ZeroPadding2D Conv2D ReLU Conv2D Activation DepthwiseConv2D Activation GlobalAveragePooling2D Conv2D ReLU Conv2D " +
    "Activation Multiply Conv2D Add GlobalAveragePooling2D Dense",
  "densenet-preserved.onnx":
    "Conv2D BatchNormalization ReLU Conv2D Concatenate BatchNormalization ReLU Conv2D AveragePooling2D Flatten Dense",
  "convnext-dynamo.onnx":
    "Conv2D LayerNormalization DepthwiseConv2D LayerNormalization Dense Activation Dense LayerScale Add " +
    "GlobalAveragePooling2D Dense",
};

describe("networks of PyTorch and Keras", () => {
  test.for(Object.entries(golden))("%s predicts as there", async ([file, { shape, outputs }]) => {
    const loaded = await loadOnnx(pathOf(file));
    const given = file === "keras.onnx" ? image(shape) : channelsLast(image(shape));
    const [ours] = await predictAll(loaded.model, [given]);
    const expected = HostArray.from(outputs);
    expect(ours && farthest(expected, ours)).toBeLessThan(1e-5);
    const layers = loaded.model.layers.slice(1).map(({ className }) => className);
    expect(layers.join(" ")).toContain(layersOf[file] ?? "");
    loaded.model.dispose();
    const asThere = await loadOnnx(pathOf(file), { layout: "file" });
    const [same] = await predictAll(asThere.model, [image(shape)]);
    asThere.model.dispose();
    expect(same && farthest(expected, same)).toBeLessThan(1e-5);
  });

  test("are called as in PyTorch, and what is different is said", async () => {
    const { model, notes } = await loadOnnx(pathOf("densenet-preserved.onnx"));
    expect(model.layers.map(({ name }) => name)).toEqual(expect.arrayContaining(["conv0", "norm1", "conv1", "fc"]));
    expect(notes).toEqual([
      "Input image has its channels second in the file; the model takes them last.",
      "The file takes 2 examples at a time; the model takes any number.",
    ]);
    expect(model.inputShape).toEqual([null, 8, 8, 3]);
    model.dispose();
  });

  test("come with their other files, by name or beside an address", async () => {
    const files = new Map<string, Uint8Array>();
    for (const name of ["resnet-dynamo.onnx", "resnet-dynamo.onnx.data"]) {
      files.set(`folder/${name}`, await readFile(new URL(name, fixtures)));
    }
    const { model } = await loadOnnx(files);
    const { model: other } = await loadOnnx(new URL("resnet-dynamo.onnx", fixtures));
    expect(model.countParams()).toBe(other.countParams());
    model.dispose();
    other.dispose();
    const alone = files.get("folder/resnet-dynamo.onnx");
    await expect(loadOnnx(alone ?? "")).rejects.toThrow(/external data must be given with the file/);
  });
});

test("reads what encodeOnnx keeps with a model", async () => {
  const model = new Sequential([
    new Conv2D({ filters: 4, kernelSize: 3, padding: "same", activation: "relu", inputShape: [8, 6, 3] }),
    new MaxPooling2D(),
    new Flatten(),
    new Dense({ units: 2, activation: "softmax" }),
  ]);
  fillWeights(model);
  const preprocessing = plainPreprocessing([8, 6], "rgb", 1 / 255);
  const labels = ["cat", "dog"];
  const folder = await mkdtemp(join(tmpdir(), "featuremap-onnx-"));
  const inputs = someInputs(model);
  const [ours] = await predictAll(model, inputs);
  for (const layout of ["nhwc", "nchw"] as const) {
    const path = join(folder, `${layout}.onnx`);
    await writeFile(path, await encodeOnnx(model, { labels, preprocessing, layout }));
    const loaded = await loadOnnx(path);
    expect(loaded.labels).toEqual(labels);
    expect(loaded.preprocessing).toEqual(preprocessing);
    expect(loaded.model.inputShape).toEqual([null, 8, 6, 3]);
    const [theirs] = await predictAll(loaded.model, inputs);
    loaded.model.dispose();
    expect(ours && theirs && farthest(ours, theirs)).toBeLessThan(1e-5);
  }
  model.dispose();
  await rm(folder, { recursive: true });
});

test.for([
  [7, {}],
  [new Map(), {}],
  ["model.onnx", { layout: "nchw" }],
  ["model.onnx", { fileLayout: "file" }],
  ["model.onnx", { layout: "file", fileLayout: "nchw" }],
  ["model.onnx", { inputShape: [null, -1] }],
  ["model.onnx", { limits: { layers: 3 } }],
  ["model.onnx", { label: [] }],
] as const)("refuses %j with %j", async ([location, options]) => {
  await expect(loadOnnx(location as never, options as never)).rejects.toThrow(InvalidConfigError);
});
