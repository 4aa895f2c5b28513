import { mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Conv2D, Dense, Flatten, Input, type Layer, Model, Rescaling, Sequential, Softmax } from "@featuremap/layers";
import { plainPreprocessing } from "@featuremap/images";
import { useBackend } from "@featuremap/testing/backend";
import * as tf from "@tensorflow/tfjs-core";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { loadBundle } from "./load-bundle.ts";
import { decodeSafetensors } from "../safetensors/decode-safetensors.ts";
import { encodeSafetensors } from "../safetensors/encode-safetensors.ts";
import { type SaveBundleOptions, encodeBundle, saveBundle } from "./save-bundle.ts";
import { file, filesOf, options, smallModel, withDocument } from "../testing/small-bundle.ts";
import { sha256 } from "@featuremap/files";

useBackend();

function nestedModel(): Model {
  const input = Input({ shape: [6, 6, 1] });
  const inner = new Sequential([
    new Rescaling({ scale: 2, inputShape: [6, 6, 1] }),
    new Conv2D({ filters: 2, kernelSize: 6 }),
  ]);
  const output = new Dense({ units: 1, activation: "sigmoid" }).apply(new Flatten().apply(inner.apply(input)));
  return new Model({ inputs: input, outputs: output, seed: 3 });
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
    await expect(loadBundle(repeated)).rejects.toThrow("w1: tensors must be different from those of earlier files");
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
      'labels must be at least two different names, received "cat for every class"',
    ],
    ["an empty label", { labels: ["cat", " ", "dog"] }, 'labels must be a name for each class, received "no name'],
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

  test("refuses a model that is not a classifier of pictures", async () => {
    const maps = new Sequential([new Conv2D({ filters: 3, kernelSize: 2, inputShape: [6, 6, 1] })]);
    await expect(encodeBundle(maps, options)).rejects.toThrow("a classifier with output (None, classes)");
    await expect(encodeBundle(new Sequential([new Flatten()]), options)).rejects.toThrow(
      expect.objectContaining({ code: "NOT_READY" }),
    );
  });
});
