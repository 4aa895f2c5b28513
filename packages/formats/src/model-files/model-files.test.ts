import { existsSync } from "node:fs";
import { readFile, readdir, writeFile } from "node:fs/promises";
import { BatchNormalization, Conv2D, Dense, Flatten, Input, Model, Sequential, UpSampling2D } from "@featuremap/layers";
import { HostArray } from "@featuremap/tensor";
import { temporaryFolder } from "@featuremap/testing/temporary-folder";
import { describe, expect, test, vi } from "vitest";
import { encodeBundle, loadBundle } from "../bundle/index.ts";
import { decodeSafetensors } from "../safetensors/index.ts";
import { options, smallModel } from "../testing/small-bundle.ts";
import { encodeModel, loadModel, loadWeights, saveModel, saveWeights } from "./index.ts";

const folder = temporaryFolder("test");

const ofNumbers = (): Sequential => new Sequential([new Dense({ units: 1, inputShape: [3] })], { seed: 1 });
const toPictures = (): Sequential =>
  new Sequential(
    [new Conv2D({ filters: 3, kernelSize: 3, padding: "same", inputShape: [null, null, 3] }), new BatchNormalization()],
    { seed: 2 },
  );
function ofTwoInputs(): Model {
  const [picture, age] = [Input({ shape: [4, 4, 1] }), Input({ shape: [1] })];
  const outputs = [new Dense({ units: 2 }).apply(new Flatten().apply(picture)), new Dense({ units: 3 }).apply(age)];
  return new Model({ inputs: [picture, age], outputs, seed: 3 });
}

const optimizer = {
  config: { className: "SGD", batches: 7, learningRate: 0.1 },
  variables: new Map([["dense/kernel/momentum", HostArray.from([[1], [2], [3]])]]),
};

describe("saveModel and loadModel", () => {
  test.for([
    ["takes numbers", ofNumbers],
    ["gives pictures of any size", toPictures],
    ["has two inputs and outputs", ofTwoInputs],
    ["classifies pictures", smallModel],
  ] as const)("keep a model that %s", async ([, make]) => {
    const model = make();
    await saveModel(model, folder.path("model"), { metrics: { loss: 0.5 }, provenance: { seed: 7 } });
    expect((await readdir(folder.path("model"))).toSorted()).toEqual(["model.json", "weights.safetensors"]);
    for (const location of [folder.path("model"), await encodeModel(model)]) {
      const loaded = await loadModel(location);
      expect(JSON.stringify(loaded.model.serialize())).toBe(JSON.stringify(model.serialize()));
      expect(await loaded.model.getWeights()).toEqual(await model.getWeights());
      expect(loaded.optimizer).toBeUndefined();
    }
    const { metrics, provenance } = await loadModel(folder.path("model"));
    expect({ metrics, provenance }).toEqual({ metrics: { loss: 0.5 }, provenance: { seed: 7 } });
  });

  test("keep what an optimizer has learned, of a bundle too", async () => {
    const model = ofNumbers();
    await saveModel(model, folder.path("model"), { optimizer });
    expect(await readdir(folder.path("model"))).toContain("optimizer.safetensors");
    expect((await loadModel(folder.path("model"))).optimizer).toEqual(optimizer);
    const bundle = await encodeBundle(smallModel(), { ...options, optimizer });
    expect((await loadModel(bundle)).optimizer).toEqual(optimizer);
    expect((await loadBundle(bundle)).labels).toEqual(options.labels);
    const none = { config: {}, variables: new Map() };
    expect((await loadModel(await encodeModel(model, { optimizer: none }))).optimizer).toEqual(none);
  });

  test("report progress up to the size of all files, those of an optimizer too", async () => {
    const files = await encodeModel(ofNumbers(), { optimizer });
    const total = [...files.values()].reduce((sum, { length }) => sum + length, 0);
    const onProgress = vi.fn<(progress: object) => void>();
    await loadModel(files, { onProgress });
    expect(onProgress.mock.lastCall).toEqual([{ loadedBytes: total, totalBytes: total }]);
    const shared = [...files]
      .filter(([name]) => name !== "model.json")
      .reduce((sum, [, { length }]) => sum + length, 0);
    expect((await loadModel(files, { limits: { weightsBytes: shared } })).optimizer).toEqual(optimizer);
    await expect(loadModel(files, { limits: { weightsBytes: shared - 1 } })).rejects.toThrow("(limits.weightsBytes)");
  });

  test("load the model of a bundle, and loadBundle tells who reads a model alone", async () => {
    const { model } = await loadModel(await encodeBundle(smallModel(), options));
    expect(await model.getWeights()).toEqual(await smallModel().getWeights());
    await expect(loadBundle(await encodeModel(smallModel()))).rejects.toThrow(
      "model.json: labels must be a list of strings, found nothing: loadModel reads models without labels.",
    );
  });

  test.for([
    ["an optimizer that is none", { optimizer: {} }, "optimizer must be { config, variables } of an object and a Map"],
    ["variables of numbers", { optimizer: { config: {}, variables: new Map([["a", 1]]) } }, "must be a HostArray"],
    ["a config of big integers", { optimizer: { config: { steps: 7n }, variables: new Map() } }, "writable as JSON"],
    ["a metric of NaN", { metrics: { loss: Number.NaN } }, "metrics.loss must be a finite number"],
    ["an option of bundles", { labels: ["a"] }, "labels"],
  ] as const)("refuse %s", async ([, given, message]) => {
    await expect(Reflect.apply(encodeModel, undefined, [ofNumbers(), given])).rejects.toMatchObject({
      code: "INVALID_CONFIG",
      message: expect.stringContaining(message),
    });
  });

  test.for<[name: string, writer: string]>([
    ["m.keras", "saveKeras of @featuremap/formats/keras writes .keras files"],
    ["m.weights.h5", "saveKerasWeights of"],
    ["m.H5", "saveKeras of"],
    ["m.onnx/", "saveOnnx of"],
    ["m.pth", "savePyTorch of"],
  ])("is not written to %s, which another program would not open", async ([name, writer]) => {
    const model = ofNumbers();
    const path = folder.path(name);
    for (const save of [saveModel, saveWeights]) {
      await expect(save(model, path)).rejects.toMatchObject({
        code: "INVALID_CONFIG",
        message: expect.stringContaining(writer),
      });
    }
    expect(existsSync(path)).toBe(false);
    model.dispose();
  });

  test("refuse a model that has no weights yet", async () => {
    const unbuilt = new Sequential([new Dense({ units: 1 })]);
    await expect(saveModel(unbuilt, folder.path("model"))).rejects.toThrow(
      "saveModel: model must be one whose input shape is known",
    );
    expect(await readdir(folder.path())).toEqual([]);
  });

  test.for([
    ["no config", (json: Json) => ({ ...json, optimizer: { weights: [] } }), "optimizer must be an object with config"],
    [
      "no list",
      (json: Json) => ({ ...json, optimizer: { config: {} } }),
      "optimizer.weights must be a list of at least",
    ],
    ["no object", (json: Json) => ({ ...json, optimizer: 7 }), "optimizer must be an object with config and weights"],
  ] as const)("refuse a model.json of an optimizer with %s", async ([, change, message]) => {
    const files = new Map(await encodeModel(ofNumbers(), { optimizer }));
    const json = JSON.parse(new TextDecoder().decode(files.get("model.json"))) as Json;
    const changed = new Map(files).set("model.json", new TextEncoder().encode(JSON.stringify(change(json))));
    await expect(loadModel(changed)).rejects.toMatchObject({ message: expect.stringContaining(message) });
  });

  test("refuse an optimizer's file that was altered", async () => {
    await saveModel(ofNumbers(), folder.path("model"), { optimizer });
    const file = folder.path("model/optimizer.safetensors");
    await writeFile(
      file,
      (await readFile(file)).map((byte, index, { length }) => (index === length - 1 ? byte ^ 1 : byte)),
    );
    await expect(loadModel(folder.path("model"))).rejects.toThrow(`${file}: SHA-256 must be`);
  });

  test("warn once of a model that loads with higher limits only", async () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => undefined);
    const large = new Sequential([new UpSampling2D({ size: 6000, inputShape: [2, 2, 1], name: "wide" })], {
      name: "large",
    });
    for (let time = 0; time < 2; time++) await encodeModel(large);
    expect(warn.mock.calls).toEqual([
      [
        "encodeModel: this model can only be loaded with higher limits, loadModel(location, { limits }): the model: the output of layer large/wide must be of at most 120000000 elements (limits.elements), found 144000000.",
      ],
    ]);
    warn.mockRestore();
  });
});

type Json = Readonly<Record<string, unknown>>;

describe("saveWeights", () => {
  test("writes what loadWeights reads", async () => {
    const [model, other] = [ofNumbers(), new Sequential([new Dense({ units: 1, inputShape: [3] })], { seed: 9 })];
    const file = folder.path("best.safetensors");
    await saveWeights(model, file);
    expect([...decodeSafetensors(await readFile(file), file).keys()]).toEqual(["dense/bias", "dense/kernel"]);
    await loadWeights(other, file);
    expect(await other.getWeights()).toEqual(await model.getWeights());
  });

  test("refuses what is not a model, and a model that has no weights yet", async () => {
    const write = (model: unknown): Promise<unknown> =>
      Reflect.apply(saveWeights, undefined, [model, folder.path("best.safetensors")]) as Promise<unknown>;
    await expect(write({})).rejects.toThrow("saveWeights: model must be a Model");
    await expect(write(new Sequential([new Dense({ units: 1 })]))).rejects.toThrow("whose input shape is known");
  });
});
