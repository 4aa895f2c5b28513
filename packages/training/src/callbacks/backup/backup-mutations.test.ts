import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sha256 } from "@featuremap/files";
import { decodeSafetensors, encodeSafetensors } from "@featuremap/formats";
import { BatchNormalization, Dense, Dropout, Sequential } from "@featuremap/layers";
import { FeaturemapError, HostArray, RandomStream } from "@featuremap/tensor";
import { allowSavedTensors, useBackend } from "@featuremap/testing/backend";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Adam } from "../../optimizers/adam.ts";
import type { Optimizer } from "../../optimizers/optimizer.ts";
import { RMSprop } from "../../optimizers/rms-prop.ts";
import { SGD } from "../../optimizers/sgd.ts";
import { sectors } from "../../testing/tiny-problem.ts";
import { Trainer } from "../../trainer/trainer.ts";
import type { FitOptions } from "../../trainer/trainer-options.ts";
import { BackupAndRestore } from "./backup-and-restore.ts";
import { Callback } from "../../run/callback.ts";
import type { CallbackState } from "../../run/callback-state.ts";
import { EarlyStopping } from "../early-stopping.ts";
import { LambdaCallback } from "../lambda-callback.ts";

let folder = "";
let whole: Uint8Array<ArrayBuffer>;
const file = (): string => join(folder, "backup.safetensors");

useBackend(allowSavedTensors);
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "featuremap-mutations-"));
  const powerOff = new LambdaCallback({
    onTrainBatchEnd: (batch) => {
      if (batch === 2) throw new Error("power is off");
    },
  });
  await expect(
    fit({ callbacks: [new BackupAndRestore({ backupDir: folder, saveFreq: 2 }), early(), powerOff] }),
  ).rejects.toThrow("power is off");
  whole = Uint8Array.from(await readFile(file()));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const early = (): EarlyStopping => new EarlyStopping({ monitor: "loss", patience: 5, restoreBestWeights: true });

interface Setting extends FitOptions {
  readonly optimizer?: Optimizer;
  readonly units?: number;
  readonly examples?: number;
}

async function fit({ optimizer = new Adam(), units = 3, examples = 16, ...options }: Setting = {}): Promise<
  readonly number[]
> {
  const layers = [
    new Dense({ units: 3, activation: "tanh", inputShape: [2] }),
    new BatchNormalization(),
    new Dropout({ rate: 0.2 }),
    new Dense({ units, activation: "softmax" }),
  ];
  const model = new Sequential(layers, { seed: 1 });
  const trainer = new Trainer(model, { optimizer, loss: "sparseCategoricalCrossentropy", metrics: ["accuracy"] });
  const callbacks = [new BackupAndRestore({ backupDir: folder, saveFreq: 2 }), early()];
  try {
    const data = sectors(examples, { seed: 4 });
    return (await trainer.fit(data, { epochs: 2, batchSize: 4, callbacks, ...options })).epoch;
  } finally {
    trainer.dispose();
    model.dispose();
  }
}

/** Makes it the backup in the folder, which a training that has ended removes. */
async function place(backup: Uint8Array): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(file(), backup);
}

/** What `fit` says about a backup, which is there afterwards as it was. */
async function refusal(backup: Uint8Array, setting: Setting = {}): Promise<unknown> {
  await place(backup);
  const error: unknown = await fit(setting).then(
    (epochs) => epochs,
    (thrown: unknown) => thrown,
  );
  expect((await readFile(file())).equals(backup)).toBe(true);
  expect((await readdir(folder)).filter((name) => !name.startsWith(".."))).toEqual(["backup.safetensors"]);
  return error;
}

/** The same backup with other contents, and a checksum that fits them. */
async function altered(
  change: (record: Record<string, unknown>, tensors: Map<string, HostArray>) => unknown,
): Promise<Uint8Array> {
  const tensors = new Map(decodeSafetensors(whole.slice(), "backup"));
  const record = JSON.parse(new TextDecoder().decode(tensors.get("training")?.data)) as Record<string, unknown>;
  const changed = change(record, tensors) ?? record;
  const text = new TextEncoder().encode(JSON.stringify(changed));
  tensors.set("training", new HostArray(text, [text.length]));
  tensors.set("checksum", new HostArray(new Uint8Array(64), [64]));
  const bytes = encodeSafetensors(tensors);
  decodeSafetensors(bytes, "backup")
    .get("checksum")
    ?.data.set(new TextEncoder().encode(await sha256(bytes)));
  return bytes;
}

test("a backup that nobody touched goes on", async () => {
  await place(await altered(() => undefined));
  expect(await fit()).toEqual([0, 1]);
});

test("of 300 mutations of its bytes every one is refused by name, and none removes it", async () => {
  const random = new RandomStream(7);
  const pick = (limit: number): number => Math.floor(random.uniform() * limit);
  const mutations: ((bytes: Uint8Array) => Uint8Array)[] = [
    (bytes) => {
      const at = pick(bytes.length);
      bytes[at] = (bytes[at] ?? 0) ^ (1 << pick(8));
      return bytes;
    },
    (bytes) => bytes.fill(pick(256), pick(bytes.length), pick(bytes.length)),
    (bytes) => bytes.slice(0, pick(bytes.length)),
    (bytes) => Uint8Array.from([...bytes, pick(256)]),
    (bytes) => {
      const [from, to, length] = [pick(bytes.length), pick(bytes.length), pick(200)];
      bytes.copyWithin(to, from, from + length);
      return bytes;
    },
  ];
  const accepted: unknown[] = [];
  for (let round = 0; round < 300; round++) {
    const mutated = mutations[round % mutations.length]?.(whole.slice()) ?? whole;
    if (Buffer.from(mutated).equals(whole)) continue;
    const error = await refusal(mutated);
    if (!(error instanceof FeaturemapError)) accepted.push([round, error]);
  }
  expect(accepted).toEqual([]);
});

type Change = Parameters<typeof altered>[0];
type State = Record<string, Record<string, unknown>>;
const run =
  (name: string, value: unknown): Change =>
  (record) =>
    void ((record as State)["run"] = { ...(record as State)["run"], [name]: value });
const put =
  (name: string, value: unknown): Change =>
  (record) =>
    void (record[name] = value);
const tensors =
  (change: (saved: Map<string, HostArray>) => void): Change =>
  (_record, saved) =>
    change(saved);
const nameOf = (saved: Map<string, HostArray>, start: string): string =>
  [...saved.keys()].find((name) => name.startsWith(start)) ?? "";

describe("a backup whose checksum fits is refused", () => {
  test.for<readonly [string, Change]>([
    ["without a run", put("run", null)],
    ["with epoch 1e9", run("epoch", 1e9)],
    ["with epoch -1", run("epoch", -1)],
    ["with epoch 0.5", run("epoch", 0.5)],
    ["with step 1e9", run("step", 1e9)],
    ["with step '2'", run("step", "2")],
    ["with begun 1", run("begun", 1)],
    ["with seed -1", run("seed", -1)],
    ["with a fingerprint that is no text", run("fingerprint", 7)],
    ["without random states", run("random", {})],
    ["with random states of text", run("random", { dropout: "none" })],
    ["with a random state of zeros", run("random", { dropout: { algorithm: "xoshiro128**", words: [0, 0, 0, 0] } })],
    ["without totals", run("totals", undefined)],
    ["with totals of nothing", run("totals", {})],
    ["with totals of other metrics", run("totals", { loss: 1, examples: 8, outputs: [{ loss: 0, metrics: [] }] })],
    [
      "with totals of more sums",
      run("totals", { loss: 1, examples: 8, outputs: [{ loss: 0, metrics: [{ sums: [1, 2, 3], count: 8 }] }] }),
    ],
    ["with batches of text", put("batches", "2")],
    ["with a negative learning rate", put("learningRate", -1)],
    ["of another version", put("version", 1)],
    ["of another optimizer", put("optimizer", "SGD")],
    ["with other steps", put("steps", 5)],
    ["with callbacks of nothing", put("callbacks", 3)],
    ["with fewer callbacks", put("callbacks", [])],
    [
      "with other callbacks",
      put("callbacks", [
        { name: "EarlyStopping", values: {} },
        { name: "ReduceLROnPlateau", values: {} },
      ]),
    ],
    [
      "with values of text",
      put("callbacks", [
        { name: "EarlyStopping", values: { wait: "1" } },
        { name: "BackupAndRestore", values: {} },
      ]),
    ],
    ["as a list", () => []],
    ["as text", () => "training"],
    ["without a weight", tensors((saved) => saved.delete(nameOf(saved, "model/")))],
    ["with a weight of another shape", tensors((saved) => saved.set(nameOf(saved, "model/"), HostArray.from([1])))],
    ["with a weight more", tensors((saved) => saved.set("model/other/kernel", HostArray.from([1])))],
    ["without a slot", tensors((saved) => saved.delete(nameOf(saved, "optimizer/")))],
    ["with a slot of another shape", tensors((saved) => saved.set(nameOf(saved, "optimizer/"), HostArray.from([1])))],
    ["with a slot more", tensors((saved) => saved.set("optimizer/other/kernel/momentum", HostArray.from([1])))],
    ["with best weights of another model", tensors((saved) => saved.set("callback/0/0", HostArray.from([1])))],
    ["without a checksum", (_record, saved) => saved.delete("checksum")],
  ])("%s", async ([name, change]) => {
    const bytes =
      name === "without a checksum"
        ? encodeSafetensors(new Map([...decodeSafetensors(whole.slice(), "")].slice(0, -2)))
        : await altered(change);
    expect(await refusal(bytes)).toBeInstanceOf(FeaturemapError);
  });

  test.for<readonly [string, Setting, string]>([
    ["another optimizer", { optimizer: new SGD() }, "optimizer must be Adam, as in the training that was interrupted"],
    ["another optimizer with slots", { optimizer: new RMSprop() }, "optimizer must be Adam"],
    ["other options of the optimizer", { optimizer: new Adam({ amsgrad: true }) }, "slots must be"],
    ["another model", { units: 4 }, "must be"],
    ["other data", { examples: 20 }, "batches of an epoch must be 4, as in the training that was interrupted"],
    ["another batch size", { batchSize: 8 }, "batches of an epoch must be 4"],
  ])("for %s", async ([, setting, message]) => {
    const error = await refusal(whole, setting);
    expect(error).toBeInstanceOf(FeaturemapError);
    expect((error as Error).message).toContain(message);
  });

  test.for<readonly [string, Change, RegExp]>([
    [
      "has done",
      (record, saved) => (run("epoch", 3)(record, saved), run("step", 0)(record, saved)),
      /^BackupAndRestore: epochs must be 3 or more, the epochs that .* has done/,
    ],
    [
      "has begun, for its weights are no longer those of the epoch before",
      run("epoch", 2),
      /^BackupAndRestore: epochs must be 3 or more, the epochs that .* has begun/,
    ],
  ])("for fewer epochs than it %s", async ([, change, message]) => {
    const bytes = await altered(change);
    const error = await refusal(bytes, { epochs: 2 });
    expect((error as Error).message).toMatch(message);
    expect(await new BackupAndRestore({ backupDir: folder }).begunEpochs()).toBe(3);
  });
});

test("a state that does not fit the callbacks is told with both lists, whatever a minifier calls the classes", async () => {
  await place(whole);
  const backup = (): BackupAndRestore => new BackupAndRestore({ backupDir: folder, saveFreq: 2 });
  class Own extends Callback {
    static override readonly className: string = "Own";
    override saveState(): CallbackState {
      return { values: {} };
    }
  }
  await expect(fit({ callbacks: [backup(), early(), new Own()] })).rejects.toThrow(
    /callbacks must be EarlyStopping, BackupAndRestore, as in the training .*, received "EarlyStopping, Own, BackupAndRestore"/s,
  );
  await expect(fit({ callbacks: [backup()] })).rejects.toMatchObject({ code: "INVALID_CONFIG", option: "callbacks" });
  const renamed = [EarlyStopping, BackupAndRestore].map((type) => [type, type.name] as const);
  for (const [type] of renamed) Object.defineProperty(type, "name", { value: "a" });
  expect(await fit()).toEqual([0, 1]);
  for (const [type, name] of renamed) Object.defineProperty(type, "name", { value: name });
});

test("a second training in the same folder is refused at its start, and the folder is free afterwards", async () => {
  const directory = await mkdtemp(join(tmpdir(), "featuremap-two-"));
  const backup = (): BackupAndRestore => new BackupAndRestore({ backupDir: directory, deleteCheckpoint: false });
  let second: unknown;
  const meanwhile = new LambdaCallback({
    onEpochBegin: async () => {
      second ??= await fit({ callbacks: [backup()] }).catch((error: unknown) => error);
    },
  });
  expect(await fit({ epochs: 1, callbacks: [backup(), meanwhile] })).toEqual([0]);
  expect(second).toMatchObject({ code: "UNAVAILABLE" });
  expect((second as Error).message).toContain("uses it for training");
  expect(await fit({ epochs: 2, callbacks: [backup()] })).toEqual([1]);
  await rm(directory, { recursive: true });
});
