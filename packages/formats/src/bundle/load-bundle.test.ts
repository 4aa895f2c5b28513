import { plainPreprocessing } from "@featuremap/images";
import { Dense, Flatten, Sequential } from "@featuremap/layers";
import { FeaturemapError, HostArray } from "@featuremap/tensor";
import { useBackend } from "@featuremap/testing/backend";
import * as tf from "@tensorflow/tfjs-core";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type Files,
  file,
  filesOf,
  options,
  smallModel,
  withDocument,
  withTensors,
  withWeights,
} from "../testing/small-bundle.ts";
import { loadBundle } from "./load-bundle.ts";
import { encodeBundle } from "./save-bundle.ts";

useBackend();

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
    ["no label", (files) => withDocument(files, () => ({ labels: ["a", "b", ""] })), "found no name for class 2"],
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
      "one with an input shape",
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
