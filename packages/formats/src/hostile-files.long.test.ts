import { sha256 } from "@featuremap/files";
import { BatchNormalization, Conv2D, Dense, Flatten, MaxPooling2D, type Model, Sequential } from "@featuremap/layers";
import { FeaturemapError, HostArray } from "@featuremap/tensor";
import { expect, test } from "vitest";
import { loadBundle } from "./bundle/load-bundle.ts";
import { encodeKeras } from "./keras/encode-keras.ts";
import { loadKeras } from "./keras/load-keras.ts";
import { loadModel } from "./model-files/load-model.ts";
import { encodeModel } from "./model-files/save-model.ts";
import { loadOnnx } from "./onnx/read/load-onnx.ts";
import { encodeOnnx } from "./onnx/write/encode-onnx.ts";
import { decodeNpy } from "./numpy/npy.ts";
import { encodeNpy } from "./numpy/encode-npy.ts";
import { encodeNpz, openNpz } from "./numpy/npz.ts";
import { bytesSource } from "./reading/byte-source.ts";
import { encodeSafetensors } from "./safetensors/encode-safetensors.ts";
import { openSafetensors } from "./safetensors/open-safetensors.ts";
import type { TensorStore } from "./tensors/tensor-store.ts";
import { encodeTfjs } from "./tfjs/encode-tfjs.ts";
import { loadTfjs } from "./tfjs/load-tfjs.ts";
import { Damage } from "./testing/damage.ts";
import { kerasFile } from "./testing/keras-files.ts";
import { type Files, filesOf } from "./testing/small-bundle.ts";
import { encodeZip } from "./zip/encode-zip.ts";
import { openZip } from "./zip/open-zip.ts";

/** A kind of file: one that is right, how it is broken, and who reads it. */
interface Kind {
  readonly make: () => Promise<Files>;
  readonly damage: (files: Files, damage: Damage) => Promise<Files>;
  readonly read: (files: Files) => Promise<unknown>;
}

const only = (name: string, bytes: Uint8Array): Files => new Map([[name, bytes]]);
const first = (files: Files): Uint8Array => [...files.values()][0] ?? new Uint8Array(0);

/** Any one of the files, as bytes; a document half of the time as a document. */
async function anyFile(files: Files, damage: Damage): Promise<Files> {
  const name = damage.pick([...files.keys()]);
  const bytes = files.get(name) ?? new Uint8Array(0);
  const isDocument = name.endsWith(".json") && damage.below(2) === 0;
  return new Map(files).set(name, isDocument ? damage.json(bytes) : damage.bytes(bytes));
}

/** Weights that the document's checksum still belongs to, or the document. */
async function behindChecksum(files: Files, damage: Damage): Promise<Files> {
  const weights = "weights.safetensors";
  const document = new TextDecoder().decode(files.get("model.json"));
  const before = await sha256(files.get(weights) ?? new Uint8Array(0));
  const damaged = await anyFile(files, damage);
  const after = await sha256(damaged.get(weights) ?? new Uint8Array(0));
  if (after === before) return damaged;
  return damaged.set("model.json", new TextEncoder().encode(document.replace(before, after)));
}

/** The archive's own bytes, or a file within an archive that is right. */
async function archive(files: Files, damage: Damage): Promise<Files> {
  const [[name, bytes] = ["", new Uint8Array(0)]] = files;
  if (damage.below(3) === 0) return only(name, damage.bytes(bytes));
  const { entries } = await openZip(bytesSource(bytes, name));
  const inside: Files = new Map();
  for (const [entry, file] of entries) inside.set(entry, await file.read());
  return only(name, await encodeZip(await anyFile(inside, damage), { stored: damage.below(2) === 0 }));
}

async function readAll(store: TensorStore): Promise<void> {
  for (const tensor of store.tensors.values()) await tensor.read();
  await store.close();
}

function model(): Model {
  return new Sequential(
    [
      new Conv2D({ filters: 2, kernelSize: 3, activation: "relu", inputShape: [6, 6, 1] }),
      new BatchNormalization(),
      new MaxPooling2D(),
      new Flatten(),
      new Dense({ units: 3, activation: "softmax" }),
    ],
    { seed: 7 },
  );
}

const dispose = ({ model: loaded }: { readonly model: Model }): void => loaded.dispose();
const arrays = new Map<string, HostArray>([
  ["a", new HostArray(new Float32Array(12), [3, 4])],
  ["b", new HostArray(new Int32Array(2), [2])],
]);

const kinds: Readonly<Record<string, Kind>> = {
  bundle: { make: filesOf, damage: behindChecksum, read: async (files) => dispose(await loadBundle(files)) },
  model: {
    make: async () => new Map(await encodeModel(model())),
    damage: behindChecksum,
    read: async (files) => dispose(await loadModel(files)),
  },
  safetensors: {
    make: async () => only("a.safetensors", encodeSafetensors(arrays)),
    damage: anyFile,
    read: async (files) => readAll(await openSafetensors(first(files))),
  },
  npy: {
    make: async () => only("a.npy", encodeNpy(new HostArray(new Float32Array(12), [3, 4]))),
    damage: anyFile,
    read: async (files) => decodeNpy(first(files), "a.npy"),
  },
  npz: {
    make: async () => only("a.npz", await encodeNpz(arrays)),
    damage: archive,
    read: async (files) => readAll(await openNpz(first(files))),
  },
  keras: {
    make: async () => only("a.keras", await encodeKeras(model())),
    damage: archive,
    read: async (files) => dispose(await loadKeras(first(files))),
  },
  "keras by Keras": {
    make: async () => only("trained.keras", await kerasFile("trained.keras")),
    damage: archive,
    read: async (files) => dispose(await loadKeras(first(files))),
  },
  onnx: {
    make: async () => only("a.onnx", await encodeOnnx(model())),
    damage: anyFile,
    read: async (files) => dispose(await loadOnnx(first(files))),
  },
  tfjs: {
    make: async () => new Map(await encodeTfjs(model())),
    damage: anyFile,
    read: async (files) => dispose(await loadTfjs(files)),
  },
  "h5 by Keras": {
    make: async () => only("trained.h5", await kerasFile("trained.h5")),
    damage: anyFile,
    read: async (files) => dispose(await loadKeras(first(files))),
  },
};

/** Of each kind; all kinds together are 10,000. */
const count = 1000;
const patience = 5000;
const memory = 2 ** 30;

test.for(Object.keys(kinds))(
  `${count} damaged files of the kind %s are refused in bounded time and memory`,
  async (name) => {
    const kind = kinds[name];
    if (kind === undefined) throw new Error(`There is no kind ${name}`);
    const files = await kind.make();
    await kind.read(files);
    const faults: string[] = [];
    let refused = 0;
    for (let seed = 0; seed < count; seed++) {
      const damaged = await kind.damage(files, new Damage(seed));
      const [before, began] = [process.memoryUsage().rss, performance.now()];
      try {
        await kind.read(damaged);
      } catch (error) {
        refused++;
        if (!(error instanceof FeaturemapError)) faults.push(`seed ${seed}: ${String(error)}`);
      }
      const [time, taken] = [performance.now() - began, process.memoryUsage().rss - before];
      if (time > patience) faults.push(`seed ${seed}: took ${Math.round(time)} ms`);
      if (taken > memory) faults.push(`seed ${seed}: took ${taken} bytes`);
    }
    expect(faults).toEqual([]);
    expect(Object.keys(Object.prototype)).toEqual([]);
    expect(refused).toBeGreaterThan(count / 4);
  },
);
