import { mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, sep } from "node:path";
import { plainPreprocessing } from "@featuremap/images";
import { Dense, Flatten, Sequential, Weight } from "@featuremap/layers";
import { useBackend } from "@featuremap/testing/backend";
import { ofOtherRealm } from "@featuremap/testing/other-realm";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { encodeKeras } from "../keras/encode-keras.ts";
import { bytesSource } from "../reading/byte-source.ts";
import { encodeTfjs } from "../tfjs/encode-tfjs.ts";
import { exportModel } from "./export-model.ts";
import type { ModelFormat } from "./format-options.ts";
import { encodeZip } from "../zip/encode-zip.ts";
import { importModel, modelFormat } from "./import-model.ts";
import { recognize } from "./recognize.ts";

useBackend();

const labels = ["cat", "dog"];
const preprocessing = plainPreprocessing([4, 4], "rgb");
const training = {
  compile: {
    optimizer: { module: "keras.optimizers", class_name: "SGD", config: { learning_rate: 0.1 }, registered_name: null },
    loss: "sparse_categorical_crossentropy",
    metrics: ["accuracy"],
  },
};

function makeModel(): Sequential {
  return new Sequential([new Flatten({ inputShape: [4, 4, 3] }), new Dense({ units: 2, activation: "softmax" })]);
}

/** A blob that is no instance of this realm's class. */
function ofOtherFrame(blob: Blob): Blob {
  const other = {
    [Symbol.toStringTag]: "Blob",
    size: blob.size,
    slice: (begin?: number, end?: number) => blob.slice(begin, end),
    arrayBuffer: () => blob.arrayBuffer(),
  };
  return other as Partial<Blob> as Blob;
}

describe("exportModel and importModel", () => {
  let folder = "";
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "any-"));
  });
  afterAll(() => rm(folder, { recursive: true }));

  test.for<[string, ModelFormat, readonly string[]]>([
    ["pets.keras", "keras", ["no place for labels", "no place for how a picture"]],
    ["pets.onnx", "onnx", ["no place for how the model was trained"]],
    ["pets-tfjs", "tfjs", []],
    ["pets", "bundle", ["no place for how the model was trained"]],
  ])("write and read %s", async ([name, format, words]) => {
    const notes: string[] = [];
    const model = makeModel();
    const onNote = (note: string): void => void notes.push(note);
    const path = join(folder, name);
    expect(await exportModel(model, path, { labels, preprocessing, training, onNote })).toBe(format);
    expect(notes).toEqual(words.map((each) => expect.stringContaining(each) as string));
    const loaded = await importModel(path);
    expect([loaded.format, await modelFormat(path)]).toEqual([format, format]);
    expect(loaded.labels).toEqual(format === "keras" ? undefined : labels);
    expect(loaded.training === undefined).toBe(format === "bundle" || format === "onnx");
    const [kernel] = [...loaded.model.namedWeights().values()];
    expect((await kernel?.read())?.data).toEqual((await model.weights[0]?.read())?.data);
    for (const each of [model, loaded.model]) each.dispose();
  });

  test.for<[string, ModelFormat]>([
    [join("x-tfjs", "y", "pets"), "bundle"],
    [join("tfjs", "pets"), "bundle"],
    [join("tfjs", "pets.keras"), "keras"],
    [join("pets.keras", "pets"), "bundle"],
    [join("pets.onnx", "pets-tfjs"), "tfjs"],
    ["trailing-tfjs/", "tfjs"],
    ["notfjs", "bundle"],
  ])("go by the last name of %s alone", async ([name, format]) => {
    const model = makeModel();
    const path = `${join(folder, "named")}${sep}${name}`;
    expect(await exportModel(model, path, { labels, preprocessing })).toBe(format);
    expect(await modelFormat(path)).toBe(format);
    model.dispose();
  });

  test("write a model where labels or preprocessing are missing, and say so", async () => {
    const notes: string[] = [];
    const model = makeModel();
    const path = join(folder, "unlabelled");
    await exportModel(model, path, { labels, onNote: (note) => notes.push(note) });
    expect(notes).toEqual([expect.stringContaining("Without preprocessing")]);
    const loaded = await importModel(path);
    expect([loaded.format, loaded.labels]).toEqual(["bundle", undefined]);
    for (const each of [model, loaded.model]) each.dispose();
  });

  test.for(["l.keras", "l.onnx", "l-tfjs"])("tell of %s that its outputs are logits", async (name) => {
    const notes: string[] = [];
    const model = new Sequential([new Flatten({ inputShape: [4, 4, 3] }), new Dense({ units: 2 })]);
    await exportModel(model, join(folder, name), { labels, onNote: (note) => notes.push(note) });
    expect(notes).toContainEqual(expect.stringContaining("Its outputs are logits, of which softmax"));
    model.dispose();
  });

  test("write by a format that is named, and read bytes, blobs, files and maps", async () => {
    const model = makeModel();
    const tfjs = join(folder, "elsewhere");
    await exportModel(model, tfjs, { format: "tfjs" });
    const bytes = await encodeKeras(model);
    const files = await encodeTfjs(model);
    const chosen = [...files].map(([name, content]) => new File([content], name));
    const theirs = new Map([...files].map(([name, content]) => [name, ofOtherRealm(content)]));
    const given = [bytes, ofOtherRealm(bytes), new Blob([bytes]), ofOtherFrame(new Blob([bytes]))];
    const places = [...given, [new File([bytes], "m.keras")], files, theirs, chosen, tfjs] as const;
    for (const place of places) {
      const loaded = await importModel(place);
      expect(loaded.model.countParams()).toBe(98);
      loaded.model.dispose();
    }
    model.dispose();
  });

  test.for<[string, string | Uint8Array, string]>([
    ["text.txt", "hello", "a model: a bundle, .keras"],
    ["empty.keras", "", "a model: a bundle, .keras"],
    ["config.json", '{"class_name": "Sequential", "config": {}}', "a model without weights"],
    ["w.safetensors", new Uint8Array([2, 0, 0, 0, 0, 0, 0, 0, 0x7b, 0x7d]), "weights alone"],
    ["w.npz", new Uint8Array([0x50, 0x4b, 3, 4]), "weights alone"],
  ])("refuse %s", async ([name, content, words]) => {
    const path = join(folder, name);
    await writeFile(path, content);
    await expect(importModel(path)).rejects.toThrow(words);
  });

  test.for<[string, string]>([
    ["saved_model.pb", "a SavedModel of TensorFlow"],
    ["model.safetensors", "weights alone"],
    ["pytorch_model.bin", "a pickle of PyTorch"],
  ])("refuse a folder with %s, and say what it is", async ([file, words]) => {
    const path = await mkdtemp(join(folder, "other-"));
    await writeFile(join(path, file), "any");
    await expect(importModel(path)).rejects.toThrow(words);
    await expect(importModel(join(path, "model.keras"))).rejects.toMatchObject({ code: "UNAVAILABLE" });
  });

  test.for<[string, object, string]>([
    [
      "preprocessing of another size",
      { preprocessing: plainPreprocessing([9, 9], "rgb") },
      "preprocessing must be for",
    ],
    ["grey pictures", { labels, preprocessing: plainPreprocessing([4, 4], "grayscale") }, "preprocessing must be for"],
    ["preprocessing that is none", { preprocessing: {} }, "preprocessing"],
    ["labels of another number", { labels: ["cat"] }, "labels must be 2 for"],
    ["labels that are all the same", { labels: ["cat", "cat"] }, "at least two different names"],
    ["a label without letters", { labels: ["cat", " "] }, "no name for class 1"],
    ["labels that are no texts", { labels: [1, 2] }, "a list of strings"],
    ["outputs that mean nothing", { outputs: "answers" }, "outputs must be"],
  ])("refuse %s in every format, before anything is written", async ([, options, words]) => {
    const model = makeModel();
    const names = ["a.keras", "a.weights.h5", "a.onnx", "a.safetensors", "a-tfjs", "a"];
    for (const name of names) {
      await expect(exportModel(model, join(folder, "refused", name), options)).rejects.toThrow(words);
    }
    model.dispose();
    await expect(readdir(join(folder, "refused"))).rejects.toThrow("ENOENT");
  });

  test.for(["s.keras", "s.weights.h5", "s.onnx", "s.safetensors", "s-tfjs", "s"])(
    "stop before %s takes its place, also where the signal comes while it is encoded",
    async (name) => {
      const model = makeModel();
      const controller = new AbortController();
      const path = join(folder, "stopped", name);
      vi.spyOn(Weight.prototype, "read").mockImplementationOnce(async function (this: Weight) {
        setTimeout(() => controller.abort());
        return this.read();
      });
      await expect(exportModel(model, path, { signal: controller.signal })).rejects.toMatchObject({ code: "ABORTED" });
      await expect(readdir(join(folder, "stopped"))).rejects.toThrow("ENOENT");
      expect(await exportModel(model, join(folder, name), { signal: new AbortController().signal })).toBeTruthy();
      vi.restoreAllMocks();
      model.dispose();
    },
  );

  test.for(["c.keras", "c.onnx", "c-tfjs", "c"])("give %s to be checked before it takes its place", async (name) => {
    const model = makeModel();
    const path = join(folder, "checked", name);
    let weights = 0;
    const check = async (encoded: Parameters<typeof importModel>[0]): Promise<void> => {
      const { model: read } = await importModel(encoded);
      weights = read.countParams();
      read.dispose();
      throw new Error("it is not what it should be");
    };
    await expect(exportModel(model, path, { check })).rejects.toThrow("not what it should be");
    expect(weights).toBe(model.countParams());
    await expect(readdir(join(folder, "checked"))).rejects.toThrow("ENOENT");
    model.dispose();
  });

  test("read documents up to the limit, higher or lower", async () => {
    const path = join(folder, "long.json");
    await writeFile(path, `{"modelTopology": 1${" ".repeat(1000)}}`);
    await expect(importModel(path, { limits: { documentBytes: 1000 } })).rejects.toThrow(
      "at most 1000 bytes (limits.doc",
    );
    const source = {
      ...bytesSource(new TextEncoder().encode('{"weightsManifest": []}'), "long.json"),
      size: 2 ** 26 + 1,
    };
    await expect(recognize(source, 2 ** 26)).rejects.toThrow(`at most ${2 ** 26} bytes`);
    expect(await recognize(source, 2 ** 27)).toBe("tfjs");
  });

  test("refuse what is no place, and names that mean no format", async () => {
    await expect(importModel(join(folder, "absent.keras"))).rejects.toThrow(/no bundle at|ENOENT|absent/);
    const odd: unknown = 3;
    await expect(importModel(odd as string)).rejects.toThrow("location must be a path");
    await expect(modelFormat(odd as string)).rejects.toThrow("modelFormat: location must be a path");
    const model = makeModel();
    await expect(exportModel(model, join(folder, "a.xyz"))).rejects.toThrow("ends in .keras");
    await expect(exportModel(model, folder, { format: "x" as ModelFormat })).rejects.toThrow("one of keras");
    model.dispose();
    expect(await readFile(join(folder, "pets-tfjs", "model.json"), "utf8")).toContain("layers-model");
  });
});

test("what is no model is named, and pickles with what to do", async () => {
  const pickle = Uint8Array.of(0x80, 2, 0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, 0x2e);
  const archive = (name: string): Promise<Uint8Array> => encodeZip(new Map([[name, new Uint8Array(9)]]));
  await expect(importModel(pickle)).rejects.toThrow(/found a pickle of PyTorch; it can run code when opened/);
  await expect(importModel(await archive("m/data.pkl"))).rejects.toThrow(/found a pickle of PyTorch; it can run code/);
  await expect(importModel(await archive("kernel.npy"))).rejects.toThrow(/an \.npz file, which holds weights alone/);
});
