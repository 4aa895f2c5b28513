import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { HostArray } from "@featuremap/tensor";
import { type Shown, readEvents } from "@featuremap/testing/event-files";
import { allowSavedTensors, useBackend } from "@featuremap/testing/backend";
import { describe, expect, test } from "vitest";
import type { History } from "../../run/history.ts";
import { sectorModel, sectors } from "../../testing/tiny-problem.ts";
import { Trainer } from "../../trainer/trainer.ts";
import { BackupAndRestore } from "../backup/backup-and-restore.ts";
import { Callback, type TrainingRun } from "../../run/callback.ts";
import { histogramOf, maskedCrc32c } from "./event-file.ts";
import { TensorBoard, type TensorBoardConfig } from "./tensor-board.ts";

useBackend(allowSavedTensors);

test("checksums are those of RFC 3720's example, masked", () => {
  const plain = 0x8a9136aa; // 32 bytes of 0
  expect(maskedCrc32c(new Uint8Array(32))).toBe((((plain >>> 15) | (plain << 17)) + 0xa282ead8) >>> 0);
});

/** Trains for 3 epochs of 3 batches with validation, and gives what was written. */
async function logged(
  name: string,
  config: TensorBoardConfig,
): Promise<{
  readonly history: History["history"];
  readonly weights: ReadonlyMap<string, HostArray>;
  readonly train: readonly Shown[];
  readonly validation: readonly Shown[];
}> {
  // So that another reader can look at the files: TENSORBOARD_LOGS=folder npx vitest run src/callbacks/tensor-board/tensor-board.test.ts
  const kept = process.env["TENSORBOARD_LOGS"];
  const logDir = join(kept ?? (await mkdtemp(join(tmpdir(), "featuremap-tensorboard-"))), name);
  const model = sectorModel();
  const loss = "sparseCategoricalCrossentropy";
  const trainer = new Trainer(model, { optimizer: "adam", loss, metrics: ["accuracy"] });
  const callbacks = [new TensorBoard({ logDir, ...config })];
  const options = { epochs: 3, batchSize: 10, validationSplit: 0.25, callbacks };
  const { history } = await trainer.fit(sectors(40), options);
  const weights = new Map<string, HostArray>();
  for (const [path, weight] of model.namedWeights()) weights.set(path, await weight.read());
  const [train, validation] = [await readEvents(join(logDir, "train")), await readEvents(join(logDir, "validation"))];
  trainer.dispose();
  model.dispose();
  if (kept === undefined) await rm(logDir, { recursive: true });
  return { history, weights, train, validation };
}

const numbers = (events: readonly Shown[]): Shown[] => events.filter(({ value }) => typeof value === "number");

test("TensorBoard writes the numbers of every epoch and evaluation, and the model", async () => {
  const { history, train, validation } = await logged("epochs", {});
  const rounded = (name: string, epoch: number): number => Math.fround(history[name]?.[epoch] ?? Number.NaN);
  const epochs = [0, 1, 2];
  expect(numbers(train)).toEqual(
    epochs.flatMap((epoch) => [
      ...["loss", "accuracy"].map((key) => ({ tag: `epoch_${key}`, step: epoch, value: rounded(key, epoch) })),
      { tag: "epoch_learning_rate", step: epoch, value: Math.fround(0.001) },
    ]),
  );
  expect(numbers(validation)).toEqual(
    epochs.flatMap((epoch) => [
      ...["loss", "accuracy"].map((key) => ({
        tag: `evaluation_${key}_vs_iterations`,
        step: (epoch + 1) * 3,
        value: rounded(`val_${key}`, epoch),
      })),
      ...["loss", "accuracy"].map((key) => ({ tag: `epoch_${key}`, step: epoch, value: rounded(`val_${key}`, epoch) })),
    ]),
  );
  const [graph, ...others] = train.filter(({ value }) => typeof value === "string");
  expect(graph).toMatchObject({ tag: "keras", step: 0, plugin: "graph_keras_model" });
  expect(JSON.parse(String(graph?.value))).toMatchObject({ class_name: "Sequential" });
  expect(others).toEqual([]);
});

test.for([
  ["batch", [1, 2, 3, 4, 5, 6, 7, 8, 9]],
  [4, [4, 8]],
] as const)(
  "TensorBoard with updateFreq %s writes the numbers of batches over all steps",
  async ([updateFreq, steps]) => {
    const { history, train } = await logged(`every-${updateFreq}`, {
      updateFreq,
      writeStepsPerSecond: true,
      writeGraph: false,
    });
    const batches = train.filter(({ tag }) => tag === "batch_loss");
    expect(batches.map(({ step }) => step)).toEqual(steps);
    const last = batches.find(({ step }) => step === 9);
    expect(last?.value).toBe(updateFreq === "batch" ? Math.fround(history["loss"]?.[2] ?? Number.NaN) : undefined);
    expect(train.filter(({ tag }) => tag === "batch_steps_per_second")).toHaveLength(steps.length);
    expect(train.filter(({ tag }) => tag === "epoch_steps_per_second")).toHaveLength(3);
    expect(train.filter(({ tag }) => tag === "epoch_loss")).toHaveLength(3);
    expect(train.some(({ plugin }) => plugin === "graph_keras_model")).toBe(false);
  },
);

describe("steps over a training whose optimizer begins anew", () => {
  /** As fine-tuning does before all layers learn. */
  class ResetAt extends Callback {
    static override readonly className: string = "ResetAt";
    readonly #epoch: number;

    constructor(epoch: number) {
      super();
      this.#epoch = epoch;
    }

    override onEpochBegin(epoch: number, { optimizer }: TrainingRun): void {
      if (epoch === this.#epoch) optimizer.dispose();
    }
  }

  const fit = async (folder: string, epochs: number): Promise<void> => {
    const model = sectorModel();
    const trainer = new Trainer(model, { optimizer: "adam", loss: "sparseCategoricalCrossentropy" });
    const backup = new BackupAndRestore({ backupDir: join(folder, "backup"), deleteCheckpoint: false });
    const callbacks = [new ResetAt(2), new TensorBoard({ logDir: folder, writeGraph: false }), backup];
    await trainer.fit(sectors(40), { epochs, batchSize: 10, validationSplit: 0.25, callbacks });
    trainer.dispose();
    model.dispose();
  };
  const stepsIn = async (folder: string): Promise<number[]> =>
    (await readEvents(join(folder, "validation")))
      .filter(({ tag }) => tag === "evaluation_loss_vs_iterations")
      .map(({ step }) => step)
      .toSorted((one, other) => one - other);

  const trainings = [{ ends: [4] }, { ends: [2, 4] }, { ends: [3, 4] }, { ends: [1, 2, 3, 4] }];

  test.for(trainings)("go on, in trainings to epochs $ends", async ({ ends }) => {
    const folder = await mkdtemp(join(tmpdir(), "featuremap-tensorboard-"));
    try {
      for (const epochs of ends) await fit(folder, epochs);
      expect(await stepsIn(folder)).toEqual([3, 6, 9, 12]);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

test("TensorBoard with histogramFreq writes how weights are spread", async () => {
  const { weights, train } = await logged("histograms", { histogramFreq: 2 });
  const histograms = train.filter(({ plugin }) => plugin === "histograms");
  expect(histograms.map(({ tag, step }) => `${tag} ${step}`)).toEqual(
    [0, 2].flatMap((epoch) => [...weights.keys()].map((path) => `${path}/histogram ${epoch}`)),
  );
  for (const [path, { data }] of weights) {
    const { value } = histograms.find(({ tag, step }) => tag === `${path}/histogram` && step === 2) ?? {};
    expect(value).toEqual([...histogramOf(Float32Array.from(data))]);
  }
});

describe("a histogram", () => {
  test("counts every value in the bucket between whose edges it lies", () => {
    const values = Float32Array.from({ length: 61 }, (_, index) => index / 10);
    const rows = histogramOf(values);
    const row = (index: number): number[] => [...rows.subarray(index * 3, index * 3 + 3)];
    expect(rows).toHaveLength(90);
    expect(row(0)[0]).toBe(0);
    expect(row(29)[1]).toBe(6);
    let total = 0;
    for (let bucket = 0; bucket < 30; bucket++) {
      const [left = 0, right = 0, count = 0] = row(bucket);
      expect(right - left).toBeCloseTo(0.2, 6);
      total += count;
    }
    expect(total).toBe(61);
  });

  test("of equal values has them in the last bucket, and of none has nothing", () => {
    expect([...histogramOf(Float32Array.of(2, 2)).subarray(-6)]).toEqual([2, 2, 0, 2, 2, 2]);
    expect(new Set(histogramOf(new Float32Array()))).toEqual(new Set([0]));
  });
});

test.for([
  ["updateFreq", { updateFreq: 0 }],
  ["updateFreq", { updateFreq: "step" }],
  ["histogramFreq", { histogramFreq: -1 }],
] as const)("TensorBoard refuses a wrong %s: %o", ([option, wrong]) => {
  expect(() => Reflect.construct(TensorBoard, [wrong])).toThrow(expect.objectContaining({ option }) as Error);
});
