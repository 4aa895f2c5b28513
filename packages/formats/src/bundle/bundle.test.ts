import { mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  Conv2D,
  Dense,
  Dropout,
  Flatten,
  Input,
  type Layer,
  MaxPooling2D,
  Model,
  Rescaling,
  Sequential,
  Softmax,
} from "@featuremap/layers";
import { plainPreprocessing } from "@featuremap/images";
import { FeaturemapError, HostArray } from "@featuremap/tensor";
import { expectNoTensorLeaks } from "@featuremap/testing/tensors";
import * as tf from "@tensorflow/tfjs-core";
import * as fc from "fast-check";
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { loadBundle } from "./load-bundle.ts";
import { decodeSafetensors, encodeSafetensors } from "../safetensors/safetensors.ts";
import { type SaveBundleOptions, encodeBundle, saveBundle } from "./save-bundle.ts";
import { sha256 } from "@featuremap/files";

beforeAll(async () => {
  await import("@tensorflow/tfjs-backend-cpu");
  // Else the backend's first tensor in Node prints an advertisement.
  Reflect.set(tf.findBackend("cpu"), "firstUse", false);
});
expectNoTensorLeaks();

const options: SaveBundleOptions = {
  preprocessing: plainPreprocessing([6, 6], "grayscale", 1 / 255),
  labels: ["circle", "square", "triangle"],
  metrics: { accuracy: 0.75 },
  provenance: { data: "drawn by hand", seed: 7 },
};

function smallModel(): Sequential {
  return new Sequential(
    [
      new Conv2D({ filters: 2, kernelSize: 3, activation: "relu", inputShape: [6, 6, 1] }),
      new MaxPooling2D(),
      new Flatten(),
      new Dropout({ rate: 0.5 }),
      new Dense({ units: 3, activation: "softmax" }),
    ],
    { seed: 7 },
  );
}

function nestedModel(): Model {
  const input = Input({ shape: [6, 6, 1] });
  const inner = new Sequential([
    new Rescaling({ scale: 2, inputShape: [6, 6, 1] }),
    new Conv2D({ filters: 2, kernelSize: 6 }),
  ]);
  const output = new Dense({ units: 1, activation: "sigmoid" }).apply(new Flatten().apply(inner.apply(input)));
  return new Model({ inputs: input, outputs: output, seed: 3 });
}

type Files = Map<string, Uint8Array>;

async function filesOf(): Promise<Files> {
  return new Map<string, Uint8Array>(await encodeBundle(smallModel(), options));
}

function file(files: Files, name: string): Uint8Array {
  return files.get(name) ?? new Uint8Array();
}

/** The bundle with changed `model.json`. */
function withDocument(files: Files, change: (document: Record<string, unknown>) => object): Files {
  const document: Record<string, unknown> = JSON.parse(new TextDecoder().decode(file(files, "model.json")));
  const text = JSON.stringify({ ...document, ...change(document) });
  return new Map(files).set("model.json", new TextEncoder().encode(text));
}

/** The bundle with other tensors, and the checksum that belongs to them. */
async function withTensors(files: Files, change: (tensors: Map<string, HostArray>) => void): Promise<Files> {
  const tensors = decodeSafetensors(file(files, "weights.safetensors"), "test");
  change(tensors);
  const weights = encodeSafetensors(tensors);
  const digest = await sha256(weights);
  const entry = { name: "weights", file: "weights.safetensors", sha256: digest };
  return withDocument(files, () => ({ weights: [entry] })).set("weights.safetensors", weights);
}

function withWeights(files: Files, change: (bytes: Uint8Array) => Uint8Array): Files {
  return new Map(files).set("weights.safetensors", change(file(files, "weights.safetensors")));
}

async function predict(model: Model, input: tf.Tensor): Promise<number[]> {
  const output = model.predict(input);
  const values = Array.from(await output.data());
  output.dispose();
  return values;
}

describe("a bundle", () => {
  test("loads from files at hand as the model it was, and makes no tensor until that runs", async () => {
    for (const [model, labels] of [
      [smallModel(), options.labels],
      [nestedModel(), ["no", "yes"]],
    ] as const) {
      const before = tf.memory().numTensors;
      const loaded = await loadBundle(await encodeBundle(model, { ...options, labels }));
      expect(tf.memory().numTensors).toBe(before);
      expect({ ...loaded, model: undefined }).toEqual({ ...options, labels, model: undefined });
      expect(JSON.stringify(loaded.model.serialize())).toBe(JSON.stringify(model.serialize()));
      const input = tf.randomUniform([2, 6, 6, 1]);
      expect(await predict(loaded.model, input)).toEqual(await predict(model, input));
      for (const owned of [input, model, loaded.model]) owned.dispose();
    }
  });

  test("has no metrics and no provenance unless told", async () => {
    const { preprocessing, labels } = options;
    const loaded = await loadBundle(await encodeBundle(smallModel(), { preprocessing, labels }));
    expect([loaded.metrics, loaded.provenance]).toEqual([{}, {}]);
  });

  test.for(["probabilities", "logits", "binaryLogits"] as const)("keeps that its outputs are %s", async (outputs) => {
    expect((await loadBundle(await encodeBundle(smallModel(), { ...options, outputs }))).outputs).toBe(outputs);
  });

  test("keeps that its pictures lie as files store them, and no field where they are turned upright", async () => {
    const keeps = async (orientation: "exif" | "stored"): Promise<unknown> => {
      const preprocessing = { ...options.preprocessing, orientation };
      const files = await encodeBundle(smallModel(), { ...options, preprocessing });
      const loaded = await loadBundle(files);
      const document: unknown = JSON.parse(new TextDecoder().decode(files.get("model.json")));
      expect(document).toMatchObject({ preprocessing: loaded.preprocessing });
      return loaded.preprocessing;
    };
    expect(await keeps("stored")).toEqual({ ...options.preprocessing, orientation: "stored" });
    expect(await keeps("exif")).toEqual(options.preprocessing);
  });

  test("names its weights by layer", async () => {
    const weights = decodeSafetensors(file(await filesOf(), "weights.safetensors"), "test");
    expect([...weights.keys()].toSorted()).toEqual(["conv2d/bias", "conv2d/kernel", "dense/bias", "dense/kernel"]);
    expect(weights.get("conv2d/kernel")?.shape).toEqual([3, 3, 1, 2]);
  });

  test("may keep its weights in several files", async () => {
    const files = await filesOf();
    const tensors = [...decodeSafetensors(file(files, "weights.safetensors"), "test")];
    const shards = [tensors.slice(0, 1), tensors.slice(1)].map((part) => encodeSafetensors(new Map(part)));
    const weights = await Promise.all(
      shards.map(async (shard, index) => ({ name: `shard ${index}`, file: `w${index}`, sha256: await sha256(shard) })),
    );
    const sharded = withDocument(files, () => ({ weights }));
    shards.forEach((shard, index) => sharded.set(`w${index}`, shard));
    const { model } = await loadBundle(sharded);
    expect(model.countParams()).toBe(smallModel().countParams());
    await expect(loadBundle(new Map(sharded).set("w1", file(sharded, "w0")))).rejects.toThrow("w1: SHA-256 must be");
    const twice = [weights[0], { ...weights[0], file: "w1" }];
    const repeated = withDocument(sharded, () => ({ weights: twice })).set("w1", file(sharded, "w0"));
    await expect(loadBundle(repeated)).rejects.toThrow("w1: tensors must be other than those of the files before");
  });

  test("reports progress up to its whole size", async () => {
    const files = await filesOf();
    const total = [...files.values()].reduce((sum, { length }) => sum + length, 0);
    const onProgress = vi.fn<(progress: object) => void>();
    await loadBundle(files, { onProgress });
    expect(onProgress.mock.lastCall).toEqual([{ loadedBytes: total, totalBytes: total }]);
  });

  test("stops loading when asked", async () => {
    const controller = new AbortController();
    const onProgress = (): void => controller.abort();
    const loading = loadBundle(await filesOf(), { signal: controller.signal, onProgress });
    await expect(loading).rejects.toThrow(expect.objectContaining({ code: "ABORTED" }));
  });
});

describe("a bundle's folder", () => {
  let folder = "";
  beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), "featuremap-bundle-"))));
  afterEach(() => rm(folder, { recursive: true, force: true }));

  test("loads from the disk as the model it was", async () => {
    const target = join(folder, "runs", "model");
    await saveBundle(smallModel(), target, options);
    expect((await readdir(target)).toSorted()).toEqual(["model.json", "weights.safetensors"]);
    const { model } = await loadBundle(target);
    expect(await model.namedWeights().get("dense/kernel")?.read()).toEqual(
      await smallModel().namedWeights().get("dense/kernel")?.read(),
    );
    await writeFile(join(target, "weights.safetensors"), encodeSafetensors(new Map()));
    await expect(loadBundle(target)).rejects.toThrow(`${join(target, "weights.safetensors")}: SHA-256 must be`);
    await rm(join(target, "weights.safetensors"));
    await expect(loadBundle(target)).rejects.toThrow(expect.objectContaining({ code: "UNAVAILABLE" }));
  });

  test("is not made where something does not fit, nor where it cannot be", async () => {
    const target = join(folder, "model");
    await expect(saveBundle(smallModel(), target, { ...options, labels: [] })).rejects.toThrow("saveBundle: labels");
    expect(await readdir(folder)).toEqual([]);
    await writeFile(target, "a file");
    await expect(saveBundle(smallModel(), target, options)).rejects.toThrow(`Cannot write ${target}`);
    expect(await readFile(target, "utf8")).toBe("a file");
  });
});

describe("encodeBundle", () => {
  const circular: Record<string, unknown> = {};
  circular["self"] = circular;
  test.for<[string, Partial<SaveBundleOptions>, string]>([
    ["too few labels", { labels: ["one"] }, "labels must be 3 for the model's 3 outputs"],
    [
      "one label for all",
      { labels: ["cat", "cat", "cat"] },
      'labels must be at least two different texts, received "cat for every class"',
    ],
    ["an empty label", { labels: ["cat", " ", "dog"] }, 'labels must be a text for each class, received "no text'],
    ["pictures of another size", { preprocessing: plainPreprocessing([8, 6], "grayscale") }, "(None, 6, 6, 1)"],
    ["colour for a grey model", { preprocessing: plainPreprocessing([6, 6], "rgb") }, "(None, 6, 6, 3)"],
    ["outputs of no known meaning", { outputs: "scores" as never }, 'outputs must be "probabilities", "logits" or'],
    ["a metric of NaN", { metrics: { loss: Number.NaN } }, "metrics.loss must be a finite number"],
    ["a circular provenance", { provenance: circular }, "provenance must be writable as JSON"],
    ["a big integer", { provenance: { seed: 7n } }, "provenance must be writable as JSON"],
  ])("refuses %s", async ([, changes, message]) => {
    await expect(encodeBundle(smallModel(), { ...options, ...changes })).rejects.toThrow(
      expect.objectContaining({ code: "INVALID_CONFIG", message: expect.stringContaining(message) }),
    );
  });

  test("refuses a single output that is always 1, as softmax makes it, at any depth", async () => {
    const one = (...ends: readonly Layer[]): Sequential =>
      new Sequential([new Flatten({ inputShape: [6, 6, 1] }), ...ends]);
    const labels = ["no", "yes"];
    const softmax = new Dense({ units: 1, activation: "softmax" });
    for (const model of [one(softmax), one(new Dense({ units: 1 }), new Softmax()), one(new Sequential([softmax]))]) {
      await expect(encodeBundle(model, { ...options, labels, outputs: "probabilities" })).rejects.toMatchObject({
        code: "INVALID_CONFIG",
        message:
          'encodeBundle: model must be one whose only unit has activation "sigmoid", for softmax over one unit is always 1, received "(None, 1)".',
      });
    }
    const files = await encodeBundle(one(new Dense({ units: 1, activation: "sigmoid" })), { ...options, labels });
    const altered = withDocument(new Map(files), ({ model }) => ({
      model: JSON.parse(JSON.stringify(model).replace('"sigmoid"', '"softmax"')) as object,
    }));
    await expect(loadBundle(altered)).rejects.toMatchObject({
      code: "INVALID_FORMAT",
      message: expect.stringContaining("softmax over one unit is always 1"),
    });
  });

  test("refuses a model that is no classifier of pictures", async () => {
    const maps = new Sequential([new Conv2D({ filters: 3, kernelSize: 2, inputShape: [6, 6, 1] })]);
    await expect(encodeBundle(maps, options)).rejects.toThrow("a classifier with output (None, classes)");
    await expect(encodeBundle(new Sequential([new Flatten()]), options)).rejects.toThrow(
      expect.objectContaining({ code: "INVALID_CONFIG" }),
    );
  });
});

describe("loadBundle", () => {
  test("takes classes that share a label, as two of ImageNet's cranes do", async () => {
    const files = await encodeBundle(smallModel(), { ...options, labels: ["crane", "dog", "crane"] });
    const { model, labels } = await loadBundle(files);
    expect(labels).toEqual(["crane", "dog", "crane"]);
    model.dispose();
  });

  const put = (name: string, tensor: HostArray) => (tensors: Map<string, HostArray>) => void tensors.set(name, tensor);
  const zeros = (...shape: number[]): HostArray =>
    new HostArray(new Float32Array(shape.reduce((size, length) => size * length, 1)), shape);

  test.for<[string, (files: Files) => Files | Promise<Files>, string]>([
    ["no model.json", (files) => new Map([...files].slice(1)), "model.json must be among them once"],
    ["a later version", (files) => withDocument(files, () => ({ version: 2 })), "version must be 1"],
    [
      "one label for all",
      (files) => withDocument(files, () => ({ labels: ["a", "a", "a"] })),
      "found a for every class",
    ],
    ["no label", (files) => withDocument(files, () => ({ labels: ["a", "b", ""] })), "found no text for class 2"],
    [
      "labels that are too many",
      (files) => withDocument(files, () => ({ labels: ["a", "b", "c", "d"] })),
      "labels must",
    ],
    [
      "preprocessing for another size",
      (files) => withDocument(files, () => ({ preprocessing: plainPreprocessing([28, 28], "grayscale") })),
      "preprocessing must be for the model's input (None, 6, 6, 1)",
    ],
    ["a model of no class", (files) => withDocument(files, () => ({ model: {} })), "class_name"],
    [
      "a layer for a model",
      (files) => withDocument(files, () => ({ model: { class_name: "Dense", config: {} } })),
      "Dense",
    ],
    [
      "another model",
      (files) =>
        withDocument(files, () => ({
          model: new Sequential([new Flatten({ inputShape: [6, 6, 1] }), new Dense({ units: 3 })]).serialize(),
        })),
      'shape of weight "dense/kernel" must be (36, 3), found (8, 3)',
    ],
    [
      "an altered weight",
      (files) =>
        withWeights(files, (bytes) => bytes.map((byte, index) => (index === bytes.length - 1 ? byte ^ 1 : byte))),
      "SHA-256 must be",
    ],
    ["a cut weights file", (files) => withWeights(files, (bytes) => bytes.subarray(0, -4)), "SHA-256 must be"],
    [
      "an altered checksum",
      (files) =>
        withDocument(files, () => ({
          weights: [{ name: "weights", file: "weights.safetensors", sha256: "0".repeat(64) }],
        })),
      `must be ${"0".repeat(64)}, as model.json says`,
    ],
    [
      "a model without an input",
      (files) => withDocument(files, () => ({ model: new Sequential([new Flatten()]).serialize() })),
      "says its input shape",
    ],
    [
      "a weight of another shape",
      (files) => withTensors(files, put("dense/bias", zeros(1, 3))),
      "must be (3,), found (1, 3)",
    ],
    [
      "a weight of another type",
      (files) => withTensors(files, put("dense/bias", new HostArray(new Int32Array(3), [3]))),
      "must be F32, found int32",
    ],
    [
      "a missing weight",
      (files) => withTensors(files, (tensors) => void tensors.delete("dense/bias")),
      '"dense/bias" must be among the stored tensors',
    ],
    [
      "a weight too many",
      (files) => withTensors(files, put("dense_9/bias", zeros(3))),
      'tensors must be weights of the model, found "dense_9/bias"',
    ],
  ])("refuses %s before any tensor is made", async ([, change, message]) => {
    const changed = await change(await filesOf());
    const before = tf.memory().numTensors;
    await expect(loadBundle(changed)).rejects.toThrow(
      expect.objectContaining({ code: "INVALID_FORMAT", message: expect.stringContaining(message) }),
    );
    expect(tf.memory().numTensors).toBe(before);
  });

  test.for([
    "ftp://example.org/model",
    "s3://bucket/model",
    "http://[",
    "file://elsewhere/model",
    new URL("ftp://example.org/model"),
    null,
    undefined,
    17,
    {},
  ])("refuses the location %s", async (location) => {
    // As plain JavaScript would.
    await expect(Reflect.apply(loadBundle, undefined, [location])).rejects.toMatchObject({
      code: "INVALID_CONFIG",
      option: "location",
      message: expect.stringMatching(
        /^(loadBundle|bundle): location must be a path, (or )?an address.*, received .+\.$/,
      ),
    });
  });

  test("refuses a model larger than its weights without making room for it", async () => {
    const files = withDocument(await filesOf(), () => {
      const huge = [new Flatten({ inputShape: [6, 6, 1] }), new Dense({ units: 2 ** 25 }), new Dense({ units: 3 })];
      return { model: new Sequential(huge).serialize() };
    });
    await expect(loadBundle(files)).rejects.toThrow(expect.objectContaining({ code: "INVALID_FORMAT" }));
  });

  test("meets altered bundles with its own errors and nothing else", async () => {
    const files = await filesOf();
    const document: object = JSON.parse(new TextDecoder().decode(file(files, "model.json")));
    const paths = pathsOf(document);
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...paths), fc.jsonValue(), async (path, value) => {
        const changed = structuredClone(document);
        replaceAt(changed, path, value);
        const bytes = new TextEncoder().encode(JSON.stringify(changed));
        expect(await outcome(new Map(files).set("model.json", bytes))).toMatch(/^(loaded|INVALID_FORMAT|UNAVAILABLE)$/);
      }),
      { numRuns: 1_500 },
    );
  });

  test("meets altered bytes with its own errors and nothing else", async () => {
    const files = await filesOf();
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...files.keys()),
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        async (name, at, flip) => {
          const bytes = file(files, name).slice();
          const index = at % bytes.length;
          bytes[index] = (bytes[index] ?? 0) ^ flip;
          const result = await outcome(new Map(files).set(name, bytes));
          expect(result).toMatch(name === "model.json" ? /^(loaded|INVALID_FORMAT|UNAVAILABLE)$/ : /^INVALID_FORMAT$/);
        },
      ),
      { numRuns: 500 },
    );
  });
});

/** "loaded", or the code of the project's own error; any other error is thrown on. */
async function outcome(files: Files): Promise<string> {
  try {
    await loadBundle(files);
    return "loaded";
  } catch (error) {
    if (error instanceof FeaturemapError) return error.code;
    throw error;
  }
}

/** The path to every value inside a JSON document. */
function pathsOf(value: unknown, path: readonly string[] = []): (readonly string[])[] {
  if (typeof value !== "object" || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, entry]) => pathsOf(entry, [...path, key]))].filter(
    ({ length }) => length > 0,
  );
}

function replaceAt(target: object, path: readonly string[], value: unknown): void {
  const [key = "", ...rest] = path;
  if (rest.length === 0) Reflect.set(target, key, value);
  else replaceAt(Reflect.get(target, key) as object, rest, value);
}
