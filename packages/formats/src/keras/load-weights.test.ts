import { mkdtemp, readdir, readlink, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Conv2D, Dense, Flatten, Input, type Model, Sequential } from "@featuremap/layers";
import { HostArray } from "@featuremap/tensor";
import { useBackend } from "@featuremap/testing/backend";
import { afterEach, describe, expect, test } from "vitest";
import { encodeHdf5, groupAt, newGroup } from "../hdf5/encode-hdf5.ts";
import { kerasFile, predict } from "../testing/keras-files.ts";
import { encodeKerasWeights } from "./encode-keras.ts";
import golden from "./fixtures/models.json" with { type: "json" };
import { loadKeras } from "./load-keras.ts";
import { loadKerasWeights } from "./load-weights.ts";

useBackend();
const models: Model[] = [];
afterEach(() => {
  for (const model of models.splice(0)) model.dispose();
});

/** The network of the files, with other weights. */
async function emptied(name: "nested" | "trained"): Promise<Model> {
  const { model } = await loadKeras(await kerasFile(`${name}.keras`));
  models.push(model);
  for (const weight of model.weights) {
    weight.assign(new HostArray(new Float32Array(weight.size).fill(0.1), weight.shape));
  }
  return model;
}

function head(units: number, name = "dense"): Model {
  const model = new Sequential([
    Input({ shape: [4, 4, 1] }),
    new Conv2D({ filters: 2, kernelSize: 3, name: "conv" }),
    new Flatten(),
    new Dense({ units, name }),
  ]);
  models.push(model);
  return model;
}

async function expectGolden(model: Model): Promise<void> {
  const found = await predict(model);
  for (const [index, value] of found.entries()) expect(value).toBeCloseTo(golden.nested[index] ?? Number.NaN, 5);
}

describe("weights of Keras", () => {
  test.for(["nested.keras", "nested.h5"])("come from %s", async (name) => {
    const model = await emptied("nested");
    expect(await loadKerasWeights(model, await kerasFile(name))).toEqual([]);
    await expectGolden(model);
  });

  test("come from parts beside their index, and from files at hand", async () => {
    const model = await emptied("nested");
    await loadKerasWeights(model, fileURLToPath(new URL("fixtures/nested.weights.json", import.meta.url)));
    await expectGolden(model);
    const files = new Map<string, Uint8Array>();
    for (const name of ["nested.weights.json", "nested_00000.weights.h5", "nested_00001.weights.h5"]) {
      files.set(`folder/${name}`, await kerasFile(name));
    }
    const again = await emptied("nested");
    await loadKerasWeights(again, files);
    await expectGolden(again);
    files.delete("folder/nested_00001.weights.h5");
    await expect(loadKerasWeights(again, files)).rejects.toThrow("nested_00001.weights.h5 is missing");
    const index = new TextEncoder().encode('{"weight_map":{"/vars":["../secret.h5"]}}');
    await expect(loadKerasWeights(again, new Map([["a.weights.json", index]]))).rejects.toThrow("a plain name");
  });

  test.runIf(process.platform === "linux")("leave no part open that is no HDF5 file", async () => {
    const folder = await mkdtemp(join(tmpdir(), "parts-"));
    const part = join(folder, "part.weights.h5");
    const index = join(folder, "a.weights.json");
    await writeFile(index, '{"weight_map": {"/layers/conv2d/vars": "part.weights.h5"}}');
    await writeFile(part, "another");
    await expect(loadKerasWeights(head(3), index)).rejects.toThrow(part);
    const open = (await readdir("/proc/self/fd")).map((file) => readlink(`/proc/self/fd/${file}`).catch(() => ""));
    expect(await Promise.all(open)).not.toContain(part);
    await rm(folder, { recursive: true });
  });

  test("come from what was written here", async () => {
    const model = head(3);
    const other = head(3);
    await loadKerasWeights(other, await encodeKerasWeights(model));
    expect(await other.getWeights()).toEqual(await model.getWeights());
  });

  test("that do not fit are refused before any is taken, or left where that is asked for", async () => {
    const bytes = await encodeKerasWeights(head(3));
    const model = head(4);
    const before = await model.getWeights();
    await expect(loadKerasWeights(model, bytes)).rejects.toThrow(
      '"dense" at "layers/dense" must be kernel (8, 4), bias (4)',
    );
    expect(await model.getWeights()).toEqual(before);
    expect(await loadKerasWeights(model, bytes, { skipMismatch: true })).toEqual([
      { layer: "dense", reason: "shapes (8, 3), (3)" },
    ]);
    expect(await model.getLayer("conv").getWeights()).not.toEqual(before.slice(0, 2));
    await expect(loadKerasWeights(model, bytes, { byName: true })).rejects.toThrow("which has names of layers");
    // @ts-expect-error -- plain JavaScript may say so
    await expect(loadKerasWeights(model, bytes, { byName: 1 })).rejects.toThrow("byName must be true or false");
    await expect(loadKerasWeights(model, new Uint8Array(9))).rejects.toThrow("weights of Keras: .weights.h5");
  });
});

describe("older .h5 files", () => {
  /** As keras.applications wrote theirs: names of weights lead a level down. */
  async function legacy(model: Model): Promise<Uint8Array> {
    const { File, ready } = await import("h5wasm");
    const { FS } = await ready;
    const root = newGroup();
    const names: string[] = [];
    const weightNames = new Map<string, string[]>();
    for (const layer of model.layers.filter(({ className }) => className !== "InputLayer")) {
      names.push(layer.name);
      weightNames.set(
        layer.name,
        layer.weights.map(({ name }) => `${layer.name}/${name}:0`),
      );
      groupAt(root, layer.name);
      for (const weight of layer.weights) {
        groupAt(root, `${layer.name}/${layer.name}`).children.set(`${weight.name}:0`, await weight.read());
      }
    }
    FS.writeFile("legacy.h5", encodeHdf5(root));
    const file = new File("legacy.h5", "a");
    file.create_attribute("layer_names0", names.slice(0, 1));
    file.create_attribute("layer_names1", names.slice(1));
    for (const [name, list] of weightNames) {
      const group = file.get(name);
      if (group && "create_attribute" in group) {
        if (list.length > 0) group.create_attribute("weight_names", list, null, "S20");
        else group.create_attribute("weight_names", [], [0], "<d");
      }
    }
    file.flush();
    file.close();
    return FS.readFile("legacy.h5");
  }

  test("are read in the order of layers, whatever these are called", async () => {
    const model = head(3);
    const other = head(3, "predictions");
    await loadKerasWeights(other, await legacy(model));
    expect(await other.getWeights()).toEqual(await model.getWeights());
    const message = 'weights of "dense" for layer "dense" must be kernel (8, 4), bias (4,), found (8, 3), (3,)';
    await expect(loadKerasWeights(head(4), await legacy(model))).rejects.toThrow(message);
  });

  test("are read by name, with other layers left out", async () => {
    const model = head(3);
    const bytes = await legacy(model);
    const other = head(4, "predictions");
    await loadKerasWeights(other, bytes, { byName: true });
    expect(await other.getLayer("conv").getWeights()).toEqual(await model.getLayer("conv").getWeights());
    await expect(loadKerasWeights(head(4), bytes, { byName: true })).rejects.toThrow("found (8, 3), (3,)");
    expect(await loadKerasWeights(head(4), bytes, { byName: true, skipMismatch: true })).toEqual([
      { layer: "dense", reason: "(8, 3), (3,)" },
    ]);
  });

  test("are read with operations, which Keras itself cannot tell from layers there", async () => {
    const { model } = await loadKeras(await kerasFile("nested.h5"));
    models.push(model);
    await expectGolden(model);
  });

  test("are read as whole models", async () => {
    const trained = await loadKeras(await kerasFile("trained.h5"));
    models.push(trained.model);
    expect(trained.training?.compile).toMatchObject({ optimizer: { class_name: "Adam" }, metrics: ["accuracy"] });
    expect(trained.training?.variables).toHaveLength(14);
    const same = await loadKeras(await kerasFile("trained.keras"));
    models.push(same.model);
    expect(trained.training?.variables).toEqual(same.training?.variables);
    expect(await predict(trained.model)).toEqual(await predict(same.model));
    await expect(loadKeras(await legacy(head(3)))).rejects.toThrow("weights alone: loadKerasWeights(model, file)");
  });
});
