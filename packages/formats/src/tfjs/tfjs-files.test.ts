import { createServer } from "node:http";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FeaturemapError } from "@featuremap/tensor";
import { useBackend } from "@featuremap/testing/backend";
import * as tf from "@tensorflow/tfjs-core";
import { loadLayersModel } from "@tensorflow/tfjs-layers";
import * as fc from "fast-check";
import { afterEach, describe, expect, test } from "vitest";
import { handlerOf } from "@featuremap/testing/tfjs-handlers";
import golden from "./keras3.golden.json" with { type: "json" };
import { loadTfjs } from "./load-tfjs.ts";

useBackend();

// TensorFlow.js keeps the weights of what it could not load.
afterEach(() => tf.disposeVariables());

type Json = Record<string, unknown>;

const encoder = new TextEncoder();

/** Two inputs, one output, a kernel and a bias. */
const topology: Json = {
  keras_version: "tfjs-layers 4.22.0",
  class_name: "Sequential",
  config: {
    name: "stack",
    layers: [{ class_name: "Dense", config: { name: "fc", units: 1, batch_input_shape: [null, 2] } }],
  },
};

const listed: readonly Json[] = [
  { name: "fc/kernel", shape: [2, 1], dtype: "float32" },
  { name: "fc/bias", shape: [1], dtype: "float32" },
];

interface Parts {
  readonly document?: Json;
  readonly weights?: readonly Json[];
  readonly paths?: unknown;
  readonly shards?: readonly (readonly [string, Uint8Array])[];
}

const floats = (...values: number[]): Uint8Array => new Uint8Array(Float32Array.from(values).buffer);

function filesOf({ document = {}, weights = listed, paths = ["weights.bin"], shards }: Parts = {}) {
  const whole = { modelTopology: topology, weightsManifest: [{ paths, weights }], ...document };
  const files = shards ?? [["weights.bin", floats(1, 2, 3)] as const];
  return new Map([["model.json", encoder.encode(JSON.stringify(whole))], ...files]);
}

/** Kernel and bias. */
async function valuesOf(parts: Parts): Promise<number[]> {
  const { model } = await loadTfjs(filesOf(parts));
  const read = await Promise.all([...model.namedWeights().values()].map((weight) => weight.read()));
  const values = read.flatMap(({ data }) => [...data]);
  model.dispose();
  return values;
}

describe("loadTfjs", () => {
  test.for(Object.entries(golden))("reads a model of Keras 3 that TensorFlow.js refuses: %s", async ([, given]) => {
    const files = new Map([
      ["model.json", encoder.encode(JSON.stringify(given.document))],
      ["group1-shard1of1.bin", new Uint8Array(Buffer.from(given.weights, "base64"))],
    ]);
    await expect(loadLayersModel(handlerOf(files))).rejects.toThrow(/InputLayer/);
    const { model } = await loadTfjs(files);
    const input = tf.tensor(given.input.values, given.input.shape);
    const output = model.predict(input);
    const values = [...output.dataSync()];
    tf.dispose([input, output]);
    model.dispose();
    expect(values).toEqual(given.output.values.map((value) => expect.closeTo(value, 5) as number));
  });

  const quantized = (dtype: string, scale?: number, min?: number): readonly Json[] =>
    listed.map((weight) => ({ ...weight, quantization: { dtype, scale, min } }));

  test.for<[string, readonly Json[], Uint8Array, number[]]>([
    ["uint8", quantized("uint8", 0.5, -1), Uint8Array.of(0, 4, 255), [-1, 1, 126.5]],
    ["uint16", quantized("uint16", 0.25, 1), new Uint8Array(Uint16Array.of(0, 4, 65535).buffer), [1, 2, 16384.75]],
    [
      "float16",
      quantized("float16"),
      new Uint8Array(Uint16Array.of(0x3c00, 0xc000, 0x3555).buffer),
      [1, -2, 0.333251953125],
    ],
    [
      "int32",
      listed.map((each) => ({ ...each, dtype: "int32" })),
      new Uint8Array(Int32Array.of(1, -2, 70000).buffer),
      [1, -2, 70000],
    ],
    ["bool", listed.map((each) => ({ ...each, dtype: "bool" })), Uint8Array.of(1, 0, 1), [1, 0, 1]],
    ["uint8 as it is", listed.map((each) => ({ ...each, dtype: "uint8" })), Uint8Array.of(1, 0, 200), [1, 0, 200]],
  ])("reads weights of %s", async ([, weights, bytes, expected]) => {
    expect(await valuesOf({ weights, shards: [["weights.bin", bytes]] })).toEqual(expected);
  });

  test("reads groups of several files, where a weight may lie in two, in folders", async () => {
    const bytes = floats(1, 2, 3);
    const weightsManifest = [
      { paths: ["a/1.bin", "a/2.bin"], weights: [listed[0]] },
      { paths: ["3.bin"], weights: [listed[1]] },
    ];
    const shards = [
      ["a/1.bin", bytes.slice(0, 5)],
      ["a/2.bin", bytes.slice(5, 8)],
      ["3.bin", bytes.slice(8)],
    ] as const;
    expect(await valuesOf({ document: { weightsManifest }, shards })).toEqual([1, 2, 3]);
  });

  test("tells what else the file has: labels, how it was compiled, weights of the optimizer", async () => {
    const optimizer = { name: "fc/kernel/momentum", shape: [1], dtype: "float32", group: "optimizer" };
    const trainingConfig = {
      loss: "mean_squared_error",
      metrics: ["acc"],
      optimizer_config: { class_name: "Adam", config: { learning_rate: 0.01, beta1: 0.9, beta2: 0.99, epsilon: 1e-7 } },
    };
    const document = { trainingConfig, format: "layers-model", userDefinedMetadata: { labels: ["no", "yes"] } };
    const shards = [["weights.bin", floats(1, 2, 3, 4)]] as const;
    const loaded = await loadTfjs(filesOf({ document, weights: [...listed, optimizer], shards }));
    expect(loaded.labels).toEqual(["no", "yes"]);
    expect(loaded.training?.compile).toMatchObject({
      optimizer: { class_name: "Adam", config: { learning_rate: 0.01, beta_1: 0.9, beta_2: 0.99, epsilon: 1e-7 } },
      loss: "mean_squared_error",
      metrics: ["acc"],
    });
    expect(loaded.notes).toEqual([expect.stringContaining("optimizer")]);
    loaded.model.dispose();
    // Compiled and never trained: the count alone, which is 0.
    const count = { name: "iter", shape: [], dtype: "int32", group: "optimizer" };
    const fresh = [["weights.bin", floats(1, 2, 3, 0)]] as const;
    const untrained = await loadTfjs(filesOf({ document, weights: [...listed, count], shards: fresh }));
    expect(untrained.training?.variables).toBeUndefined();
    expect(untrained.notes).toEqual([]);
    untrained.model.dispose();
  });

  test("loads shards from an address side by side, and tells how far it came", async () => {
    const files = filesOf({
      paths: ["1.bin", "2.bin"],
      shards: [
        ["1.bin", floats(1, 2)],
        ["2.bin", floats(3)],
      ],
    });
    const waiting: (() => void)[] = [];
    const server = createServer((request, response) => {
      const name = request.url?.slice(1) ?? "";
      const send = (): void => void response.end(files.get(name));
      if (name === "model.json") return send();
      waiting.push(send);
      // Both were asked for before either was answered.
      if (waiting.length === 2) waiting.forEach((answer) => answer());
    });
    await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    const port = typeof address === "object" ? address?.port : 0;
    const heard: number[] = [];
    const onProgress = ({ loadedBytes }: { readonly loadedBytes: number }): void => void heard.push(loadedBytes);
    const { model } = await loadTfjs(`http://127.0.0.1:${port}/model.json`, { onProgress });
    expect(heard.at(-1)).toBe(12);
    model.dispose();
    await new Promise((resolve) => void server.close(resolve));
  });

  test("reads a folder, a document of another name, and a page's files", async () => {
    const folder = await mkdtemp(join(tmpdir(), "tfjs-"));
    const files = filesOf();
    for (const [name, content] of files) await writeFile(join(folder, name), content);
    await writeFile(join(folder, "other.json"), files.get("model.json") ?? "");
    const chosen = [...files].map(([name, content]) => new File([new Uint8Array(content)], name));
    for (const location of [folder, join(folder, "other.json"), chosen]) {
      const { model } = await loadTfjs(location);
      expect(model.countParams()).toBe(3);
      model.dispose();
    }
    await rm(folder, { recursive: true });
  });

  test.for<[string, Parts, string]>([
    ["a path upwards", { paths: ["../weights.bin"] }, "in the model's folder"],
    ["a path upwards in disguise", { paths: ["a/%2e%2e/weights.bin"] }, "in the model's folder"],
    ["a path from the root", { paths: ["/etc/passwd"] }, "in the model's folder"],
    ["an address", { paths: ["https://elsewhere.example/w.bin"] }, "in the model's folder"],
    ["a path of Windows", { paths: ["..\\w.bin"] }, "in the model's folder"],
    ["a shard that is absent", { paths: ["absent.bin"] }, "absent.bin is missing"],
    ["a short shard", { shards: [["weights.bin", floats(1, 2)]] }, "12 bytes, as the weights listed for it have"],
    ["a long shard", { shards: [["weights.bin", floats(1, 2, 3, 4)]] }, "found 16"],
    ["a weight that is missing", { weights: [listed[0] ?? {}], shards: [["weights.bin", floats(1, 2)]] }, '"fc/bias"'],
    [
      "a weight too many",
      {
        weights: [...listed, { name: "b/c", shape: [], dtype: "float32" }],
        shards: [["weights.bin", floats(1, 2, 3, 4)]],
      },
      'also "b/c"',
    ],
    ["a weight twice", { weights: [...listed, ...listed] }, '"fc/kernel" twice'],
    ["text", { weights: [{ name: "a", shape: [1], dtype: "string" }] }, "float32, int32, bool or uint8"],
    ["half a quantization", { weights: quantized("uint8", 0.5) }, "scale and min"],
    [
      "another shape",
      { weights: [{ name: "fc/kernel", shape: [1, 2], dtype: "float32" }, listed[1] ?? {}] },
      "shape of weight",
    ],
    [
      "lengths beyond any file",
      { weights: [{ name: "fc/kernel", shape: [1e9, 1e9], dtype: "float32" }] },
      "one that a file can hold",
    ],
    [
      "more than the limit",
      { weights: [{ name: "fc/kernel", shape: [1e9, 10], dtype: "float32" }] },
      "limits.weightsBytes",
    ],
    ["another format", { document: { format: "featuremap-model" } }, "layers-model"],
    ["weights alone", { document: { modelTopology: null } }, "modelTopology"],
    ["no weights", { document: { weightsManifest: undefined } }, "weightsManifest"],
  ])("refuses %s", async ([, parts, words]) => {
    await expect(loadTfjs(filesOf(parts))).rejects.toThrow(words);
  });

  test("does not take one weight's values for another of a name that ends alike", async () => {
    const weights = [
      { name: "a/fc/kernel", shape: [2, 1], dtype: "float32" },
      { name: "b/fc/bias", shape: [1], dtype: "float32" },
    ];
    expect(await valuesOf({ weights })).toEqual([1, 2, 3]);
    const both = [...weights, { name: "b/fc/kernel", shape: [2, 1], dtype: "float32" }];
    const shards = [["weights.bin", floats(1, 2, 3, 4, 5)]] as const;
    await expect(valuesOf({ weights: both, shards })).rejects.toThrow('the weight "fc/kernel"');
  });

  test("gives a model or a typed error for any change of the files", async () => {
    const text = new TextDecoder().decode(filesOf().get("model.json"));
    const odd = fc.constantFrom(null, [], {}, "x", -1, 1e12, 0.5, JSON.parse('{"__proto__":{"x":1}}') as unknown);
    const attempt = async (place: number, value: unknown): Promise<unknown> => {
      let count = 0;
      const changed: unknown = JSON.parse(text, (_, each: unknown) => (count++ === place ? value : each));
      const files = filesOf();
      files.set("model.json", encoder.encode(JSON.stringify(changed)));
      try {
        (await loadTfjs(files)).model.dispose();
        return undefined;
      } catch (error) {
        return error;
      }
    };
    const accepts = (error: unknown): boolean => error === undefined || error instanceof FeaturemapError;
    await fc.assert(
      fc.asyncProperty(fc.nat(40), odd, async (place, value) => accepts(await attempt(place, value))),
      { numRuns: 300 },
    );
    expect({}).not.toHaveProperty("x");
  });
});
