import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  BatchNormalization,
  Conv2D,
  Dense,
  Dropout,
  Input,
  Model,
  Normalization,
  Pipeline,
  ReLU,
  Rescaling,
  Sequential,
  SpectralNormalization,
} from "@featuremap/layers";
import { FeaturemapError, HostArray, sizeOf } from "@featuremap/tensor";
import { useBackend } from "@featuremap/testing/backend";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { encodeHdf5, groupAt, newGroup } from "../hdf5/encode-hdf5.ts";
import { openHdf5 } from "../hdf5/open-hdf5.ts";
import { bytesSource } from "../reading/byte-source.ts";
import { encodeZip } from "../zip/encode-zip.ts";
import { openZip } from "../zip/open-zip.ts";
import { encodeKeras, saveKeras } from "./encode-keras.ts";
import golden from "./fixtures/models.json" with { type: "json" };
import { loadKeras } from "./load-keras.ts";
import { loadKerasWeights } from "./load-weights.ts";
import { kerasFile, predict } from "../testing/keras-files.ts";

useBackend();

type Json = Record<string, unknown>;

async function filesOf(archive: Uint8Array): Promise<Map<string, Uint8Array>> {
  const { entries } = await openZip(bytesSource(archive, "a.keras"));
  const files = new Map<string, Uint8Array>();
  for (const [name, entry] of entries) files.set(name, await entry.read());
  return files;
}

/** The archive with another config. */
async function withConfig(archive: Uint8Array, change: (config: Json) => unknown): Promise<Uint8Array> {
  const files = await filesOf(archive);
  const config = JSON.parse(new TextDecoder().decode(files.get("config.json"))) as Json;
  files.set("config.json", new TextEncoder().encode(JSON.stringify(change(config))));
  return encodeZip(files);
}

function expectClose(found: readonly number[], expected: readonly number[]): void {
  expect(found).toHaveLength(expected.length);
  for (const [index, value] of found.entries()) expect(value).toBeCloseTo(expected[index] ?? Number.NaN, 5);
}

describe(".keras files of Keras", () => {
  test("predict the same", async () => {
    const { model, training, notes } = await loadKeras(await kerasFile("nested.keras"));
    expectClose(await predict(model), golden.nested);
    expect(training).toBeUndefined();
    expect(notes).toEqual([]);
    model.dispose();
  });

  test("of 2.13 call their layers otherwise", async () => {
    const files = await filesOf(await kerasFile("nested.keras"));
    const weights = await openHdf5(bytesSource(files.get("model.weights.h5") ?? new Uint8Array(), "weights"));
    const root = newGroup();
    const copy = async (path: string): Promise<void> => {
      for (const name of (await weights.keys(path)) ?? []) {
        const inner = path === "" ? name : `${path}/${name}`;
        if ((await weights.keys(inner)) !== undefined) await copy(inner);
        else {
          const tensor = await weights.tensor(inner);
          const group = groupAt(root, path.replaceAll("layers", "_layer_checkpoint_dependencies"));
          if (tensor) group.children.set(name, { shape: tensor.shape, data: await tensor.read() });
        }
      }
    };
    await copy("");
    files.set("model.weights.h5", encodeHdf5(root));
    const { model } = await loadKeras(await encodeZip(files));
    expectClose(await predict(model), golden.nested);
    model.dispose();
  });

  test("tell how they were trained", async () => {
    const { model, training } = await loadKeras(await kerasFile("trained.keras"));
    expect(training?.compile).toMatchObject({ metrics: ["accuracy"] });
    expect(training?.variables?.slice(0, 3).map(({ shape }) => shape)).toEqual([[], [], [3, 3, 3, 4]]);
    expect(training?.variables?.[0]?.data).toEqual(Int32Array.of(3));
    model.dispose();
  });

  test("of mixed precision are computed in float32, and say so", async () => {
    const mixed = await withConfig(await kerasFile("trained.keras"), (config) =>
      JSON.parse(JSON.stringify(config).replaceAll('{"name":"float32"}', '{"name":"mixed_float16"}')),
    );
    const [found, plain] = await Promise.all([loadKeras(mixed), loadKeras(await kerasFile("trained.keras"))]);
    expect(found.notes.join()).toContain("Computed in float32 where the file says mixed_float16");
    expect(await predict(found.model)).toEqual(await predict(plain.model));
    for (const { model } of [found, plain]) model.dispose();
  });

  test("are refused where they hold weights alone, or an input alone, and say so", async () => {
    const dense = new Dense({ units: 2 });
    const network = new Sequential([Input({ shape: [3] }), dense]);
    const archive = await filesOf(await encodeKeras(network));
    network.dispose();
    const weights = archive.get("model.weights.h5") ?? new Uint8Array();
    await expect(loadKeras(weights)).rejects.toThrow(/found weights alone: loadKerasWeights\(model, file\) reads them/);
    const onlyInput = withConfig(await encodeZip(archive), (config) => {
      const { layers, name } = config["config"] as { layers: readonly unknown[]; name: string };
      return { ...config, config: { name, layers: layers.slice(0, 1) } };
    });
    await expect(loadKeras(await onlyInput)).rejects.toThrow(
      "model must be one with layers besides its input, found none",
    );
  });

  test("are refused where packed weights would unpack to far more than the model has", async () => {
    const network = new Sequential([Input({ shape: [3] }), new Dense({ units: 2 })]);
    const files = await filesOf(await encodeKeras(network));
    const name = "model.weights.h5";
    const weights = files.get(name) ?? new Uint8Array();
    const padded = new Uint8Array(17_200_000);
    padded.set(weights);
    const packed = await encodeZip(new Map([...files, [name, padded]]), { stored: false });
    expect(packed.length).toBeLessThan(100_000);
    const refusal = "model.weights.h5 must be at most 16974208 bytes once unpacked, for 8 weights, found 17200000";
    await expect(loadKeras(packed)).rejects.toThrow(refusal);
    await expect(loadKerasWeights(network, packed)).rejects.toThrow(refusal);
    network.dispose();
    const { model } = await loadKeras(await encodeZip(files, { stored: false }));
    model.dispose();
  });

  test("have numbers that are infinite, as of a ReLU without bound", async () => {
    const layers = [new Dense({ units: 2 }), new ReLU({ maxValue: 123 })];
    const bounded = new Sequential([Input({ shape: [3] }), ...layers]);
    const files = await filesOf(await encodeKeras(bounded));
    bounded.dispose();
    const text = new TextDecoder().decode(files.get("config.json"));
    const withBound = (bound: string): Promise<Uint8Array> => {
      const changed = text.replace('"max_value": 123.0', `"max_value": ${bound}`);
      return encodeZip(new Map([...files, ["config.json", new TextEncoder().encode(changed)]]));
    };
    const { model } = await loadKeras(await withBound("Infinity"));
    expect((model.layers.at(-1) as ReLU).maxValue).toBeNull();
    model.dispose();
    for (const bound of ["-Infinity", "NaN"]) {
      await expect(loadKeras(await withBound(bound))).rejects.toThrow(/max_?value/i);
    }
  });

  test("are refused where something is missing", async () => {
    const archive = await kerasFile("nested.keras");
    const without = async (name: string): Promise<Uint8Array> => {
      const files = await filesOf(archive);
      files.delete(name);
      return encodeZip(files);
    };
    await expect(loadKeras(await without("config.json"))).rejects.toThrow("config.json must be in the archive");
    await expect(loadKeras(await without("model.weights.h5"))).rejects.toThrow("in model.weights.h5, found none");
    await expect(loadKeras(new Uint8Array(100))).rejects.toThrow("a .keras or .h5 file of Keras, found another");
    const npz = new Map([...(await filesOf(archive))].map(([name, file]) => [name.replace(".h5", ".npz"), file]));
    await expect(loadKeras(await encodeZip(npz))).rejects.toThrow("objects of Python that Keras itself refuses");
    await expect(loadKeras(archive, { limits: { documentBytes: 10 } })).rejects.toThrow("limits.documentBytes");
    await expect(loadKeras(archive, { limits: { weightsBytes: 10 } })).rejects.toThrow("limits.weightsBytes");
    // @ts-expect-error -- plain JavaScript may say so
    await expect(loadKeras(archive, { limit: 1 })).rejects.toThrow("did you mean limits?");
  });

  test("are refused where variables are not those of the layer", async () => {
    const change = await withConfig(await kerasFile("trained.keras"), (config) =>
      JSON.parse(JSON.stringify(config).replace('"units":5', '"units":6')),
    );
    await expect(loadKeras(change)).rejects.toThrow('"dense" at "layers/dense" must be kernel (4, 6), bias (6)');
  });

  test("that are damaged are read or refused with errors of this project", async () => {
    const archive = await kerasFile("trained.keras");
    const flips = fc.array(fc.tuple(fc.nat(archive.length - 1), fc.nat(7)), { minLength: 1, maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(flips, async (list) => {
        const bytes = new Uint8Array(archive);
        for (const [at, bit] of list) bytes[at] = (bytes[at] ?? 0) ^ (1 << bit);
        const loaded = await loadKeras(bytes).catch((error: unknown) => error);
        expect(loaded instanceof FeaturemapError || (loaded as { model: Model }).model instanceof Model).toBe(true);
      }),
      { numRuns: 60 },
    );
  });
});

describe(".keras files for Keras", () => {
  test("hold every layer, and what Keras needs to go on training", async () => {
    const inner = new Sequential([
      Input({ shape: [8, 8, 3] }),
      new Pipeline({ layers: [new Rescaling({ scale: 2 }), new Normalization({ axis: -1 })] }),
      new SpectralNormalization({ layer: new Conv2D({ filters: 2, kernelSize: 3 }) }),
      new BatchNormalization({ momentum: 1 }),
    ]);
    const input = Input({ shape: [8, 8, 3] });
    const x = new Dropout({ rate: 0 }).apply(inner.apply(input));
    const model = new Model({ inputs: input, outputs: new Dense({ units: 2 }).apply(new ReLU().apply(x)) });
    const variables = [new HostArray(Int32Array.of(7), []), new HostArray(Float32Array.of(0.5), [])];
    const bytes = await encodeKeras(model, {
      training: { compile: { optimizer: { class_name: "SGD", config: { learning_rate: 1 } } }, variables },
    });
    const text = new TextDecoder().decode((await filesOf(bytes)).get("config.json"));
    for (const part of ['"momentum": 1.0', '"rate": 0.0', '"scale": 2.0', '"learning_rate": 1.0', '"axis": [-1]'])
      expect(text).toContain(part);
    const loaded = await loadKeras(bytes);
    expect(loaded.training?.variables).toEqual(variables);
    const [before, after] = await Promise.all([model.getWeights(), loaded.model.getWeights()]);
    expect(after).toEqual(before);
    for (const each of [model, loaded.model]) each.dispose();
  });

  test("are written by name, and are the same for the same date", async () => {
    const model = new Sequential([new Dense({ units: 2, inputShape: [3] })]);
    const date = new Date(2026, 0, 2, 3, 4, 5);
    const bytes = await encodeKeras(model, { date });
    expect(await encodeKeras(model, { date })).toEqual(bytes);
    expect(new TextDecoder().decode((await filesOf(bytes)).get("metadata.json"))).toContain("2026-01-02@03:04:05");
    const folder = await mkdtemp(join(tmpdir(), "keras-"));
    try {
      await saveKeras(model, join(folder, "a.keras"), { date });
      const { model: again } = await loadKeras(join(folder, "a.keras"));
      expect(await again.getWeights()).toEqual(await model.getWeights());
      await expect(saveKeras(model, join(folder, "a.h5"))).rejects.toThrow("one that ends with .keras");
      again.dispose();
    } finally {
      await rm(folder, { recursive: true });
    }
    model.dispose();
  });

  test("are refused with the optimizer of another model, which Keras could not open", async () => {
    const model = new Sequential([new Dense({ units: 2, inputShape: [3], name: "answer" })]);
    const compile = { optimizer: { class_name: "Adam", config: { learning_rate: 0.1 } } };
    const variables = (...shapes: (readonly number[])[]): HostArray[] => [
      new HostArray(Int32Array.of(7), []),
      ...shapes.map((shape) => new HostArray(new Float32Array(sizeOf(shape)), shape)),
    ];
    const fitting = variables([], [3, 2], [3, 2], [2], [2]);
    const other = { compile, variables: variables([], [4, 2], [4, 2], [2], [2]) };
    await expect(encodeKeras(model, { training: other })).rejects.toMatchObject({
      code: "INVALID_CONFIG",
      message: expect.stringMatching(
        /training\.variables\[2\] must be \(3, 2\), the momentum of answer\/kernel, .*received "\(4, 2\)"/,
      ) as string,
    });
    await expect(saveKeras(model, "never.keras", { training: other })).rejects.toThrow("training.variables[2]");
    // Keras writes, and opens, what was frozen after it was compiled.
    for (const training of [
      { compile, variables: fitting },
      { compile, variables: variables([]) },
      { compile: { optimizer: { class_name: "Mine", config: {} } }, variables: fitting },
    ]) {
      const loaded = await loadKeras(await encodeKeras(model, { training }));
      expect(loaded.training?.variables).toHaveLength(training.variables.length);
      loaded.model.dispose();
    }
    model.dispose();
  });

  test("are refused for what Keras could not read again", async () => {
    const shared = new Conv2D({ filters: 3, kernelSize: 3, padding: "same", name: "shared" });
    const inner = new Sequential([Input({ shape: [8, 8, 3] }), shared]);
    const input = Input({ shape: [8, 8, 3] });
    const model = new Model({ inputs: input, outputs: shared.apply(inner.apply(input)) });
    await expect(encodeKeras(model)).rejects.toThrow("layer shared must be in one model only");
    // @ts-expect-error -- plain JavaScript may give anything
    await expect(encodeKeras({})).rejects.toThrow("model must be a Model or Sequential");
    await expect(encodeKeras(new Sequential([]))).rejects.toThrow("whose input shape is known");
    model.dispose();
  });
});
