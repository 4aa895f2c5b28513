import { readFile, readdir } from "node:fs/promises";
import { type ImageBatch, ImageDataset } from "@featuremap/datasets";
import { decodeSafetensors, loadBundle, loadModel } from "@featuremap/formats";
import { loadKeras, loadKerasWeights } from "@featuremap/formats/keras";
import { Dense, Flatten, Sequential } from "@featuremap/layers";
import { plainPreprocessing } from "@featuremap/images";
import { HostArray, NonFiniteError } from "@featuremap/tensor";
import { temporaryFolder } from "@featuremap/testing/temporary-folder";
import { allowSavedTensors, useBackend } from "@featuremap/testing/backend";
import { describe, expect, test, vi } from "vitest";
import type { LabelledData } from "../data/to-source.ts";
import { Adam } from "../optimizers/adam.ts";
import { SGD } from "../optimizers/sgd.ts";
import { ExponentialDecay } from "../schedules/exponential-decay.ts";
import { expectCloseNumbers, operationTolerance } from "../testing/close.ts";
import { sectorModel, sectors } from "../testing/tiny-problem.ts";
import { Trainer } from "../trainer/trainer.ts";
import type { FitOptions } from "../trainer/trainer-options.ts";
import { BackupAndRestore } from "./backup/backup-and-restore.ts";
import { Callback, type TrainingRun } from "../run/callback.ts";
import golden from "./callbacks.golden.json" with { type: "json" };
import { checkpointPath } from "./checkpoint-path.ts";
import { CSVLogger } from "./csv-logger.ts";
import { LambdaCallback } from "./lambda-callback.ts";
import { LearningRateScheduler } from "./learning-rate-scheduler.ts";
import { ModelCheckpoint } from "./model-checkpoint.ts";
import { ReduceLROnPlateau, type ReduceLROnPlateauConfig } from "./reduce-lr-on-plateau.ts";
import { TerminateOnNaN } from "./terminate-on-nan.ts";

useBackend(allowSavedTensors);

const folder = temporaryFolder("test");

const loss = "sparseCategoricalCrossentropy";

function plainModel(): Sequential {
  return new Sequential([new Dense({ units: 3, activation: "softmax", inputShape: [2] })], { seed: 1 });
}

/** Trains a model of its own, and gives what `use` makes of it. */
async function train<Result>(
  options: FitOptions,
  use: (result: { trainer: Trainer; fit: Awaited<ReturnType<Trainer["fit"]>> }) => Result | Promise<Result>,
  optimizer = new SGD({ learningRate: 0.1 }),
): Promise<Result> {
  const trainer = new Trainer(plainModel(), { optimizer, loss, metrics: ["accuracy"] });
  try {
    return await use({ trainer, fit: await trainer.fit(sectors(32, { seed: 2 }), options) });
  } finally {
    trainer.dispose();
    trainer.model.dispose();
  }
}

/** As much of a run as callbacks ask for that look at logs alone. */
function runWith(optimizer: SGD, recorded: Record<string, number>[] = []): TrainingRun {
  const run: Partial<TrainingRun> = {
    optimizer,
    logs: new Map([["val_loss", "down"]]),
    record: (name, value) => {
      recorded.push({ [name]: value });
    },
  };
  return run as TrainingRun;
}

describe("ReduceLROnPlateau", () => {
  test.for(golden.plateaus)("lowers the rate when Keras does, with $options", ({ options, values, rates }) => {
    const optimizer = new SGD({ learningRate: 1 });
    const run = runWith(optimizer);
    const callback = new ReduceLROnPlateau(options as ReduceLROnPlateauConfig);
    callback.onTrainBegin(run);
    const lowered = values.map((value, epoch) => {
      callback.onEpochEnd(epoch, { val_loss: value }, run);
      return optimizer.learningRate;
    });
    expectCloseNumbers(lowered, rates, operationTolerance);
  });

  test("records the rate, and refuses an optimizer with a schedule", async () => {
    const callbacks = [new ReduceLROnPlateau({ monitor: "loss", patience: 0, minDelta: 100 })];
    await train({ epochs: 3, callbacks }, ({ fit }) => {
      expect(fit.history["learning_rate"]).toEqual([0.1, 0.1, 0.1 * 0.1]);
    });
    const learningRate = new ExponentialDecay({ initialLearningRate: 0.1, decaySteps: 1, decayRate: 0.5 });
    const scheduled = train({ epochs: 1, callbacks }, () => {}, new SGD({ learningRate }));
    await expect(scheduled).rejects.toMatchObject({ option: "learningRate of the optimizer" });
  });
});

test("LearningRateScheduler sets the rate of each epoch and records it", async () => {
  const callbacks = [new LearningRateScheduler({ schedule: (epoch, rate) => (epoch < 2 ? rate : rate / 2) })];
  await train({ epochs: 4, callbacks }, ({ fit }) => {
    expect(fit.history["learning_rate"]).toEqual([0.1, 0.1, 0.05, 0.025]);
  });
});

describe("CSVLogger", () => {
  test("writes what Keras writes", async () => {
    const filename = folder.path("deep/log.csv");
    const logger = new CSVLogger({ filename, separator: golden.csv.separator });
    await logger.onTrainBegin();
    for (const [epoch, logs] of golden.csv.logs.entries()) {
      const present = Object.entries(logs).filter(([, value]) => value !== undefined);
      await logger.onEpochEnd(epoch, Object.fromEntries(present) as Record<string, number>);
    }
    expect(await readFile(filename, "utf8")).toBe(golden.csv.text);
  });

  test("goes on in a file that is there if asked to", async () => {
    const filename = folder.path("log.csv");
    for (const append of [false, true, true]) {
      await train({ epochs: 1, callbacks: [new CSVLogger({ filename, append })] }, () => {});
    }
    const lines = (await readFile(filename, "utf8")).trim().split("\r\n");
    expect(lines).toHaveLength(4);
    expect(lines[0]).toBe("epoch,accuracy,loss,val_accuracy,val_loss");
  });
});

describe("ModelCheckpoint", () => {
  test("saves weights of every epoch, and fills in the path", async () => {
    const filepath = folder.path("weights-{epoch:02d}.safetensors");
    const callbacks = [new ModelCheckpoint({ filepath, saveWeightsOnly: true })];
    const weights = await train({ epochs: 2, callbacks }, ({ trainer }) => trainer.model.getWeights());
    expect((await readdir(folder.path())).toSorted()).toEqual(["weights-01.safetensors", "weights-02.safetensors"]);
    const path = folder.path("weights-02.safetensors");
    expect([...decodeSafetensors(await readFile(path), path).values()]).toEqual(expect.arrayContaining(weights));
  });

  test("saves files of Keras under Keras's endings", async () => {
    const callbacks = [
      new ModelCheckpoint({ filepath: folder.path("{epoch}.keras") }),
      new ModelCheckpoint({ filepath: folder.path("{epoch}.weights.h5"), saveWeightsOnly: true }),
    ];
    const weights = await train({ epochs: 2, callbacks }, ({ trainer }) => trainer.model.getWeights());
    const { model } = await loadKeras(folder.path("2.keras"));
    expect(await model.getWeights()).toEqual(weights);
    await loadKerasWeights(model, folder.path("1.weights.h5"));
    expect(await model.getWeights()).not.toEqual(weights);
    await loadKerasWeights(model, folder.path("2.weights.h5"));
    expect(await model.getWeights()).toEqual(weights);
    model.dispose();
  });

  test("saves only what is better than ever, and than the threshold", async () => {
    const checkpoint = new ModelCheckpoint({
      filepath: folder.path("best.safetensors"),
      monitor: "loss",
      saveWeightsOnly: true,
      saveBestOnly: true,
      initialValueThreshold: 0,
    });
    await train({ epochs: 2, callbacks: [checkpoint] }, () => {});
    expect(await readdir(folder.path())).toEqual([]);
    expect(checkpoint.best).toBe(0);
  });

  test("saves bundles that load", async () => {
    const model = new Sequential([
      new Flatten({ inputShape: [2, 1, 1] }),
      new Dense({ units: 3, activation: "softmax" }),
    ]);
    const { x, y } = sectors(8);
    const trainer = new Trainer(model, { optimizer: "sgd", loss });
    const bundle = { preprocessing: plainPreprocessing([2, 1], "grayscale"), labels: ["a", "b", "c"] };
    const callbacks = [new ModelCheckpoint({ filepath: folder.path("epoch-{epoch}"), bundle })];
    const { history } = await trainer.fit({ x: x.reshape([8, 2, 1, 1]), y }, { epochs: 2, callbacks });
    const loaded = await loadBundle(folder.path("epoch-2"));
    expect(loaded.metrics).toEqual({ loss: history["loss"]?.[1] });
    expect(await loaded.model.getWeights()).toEqual(await model.getWeights());
    for (const each of [model, loaded.model]) each.dispose();
  });

  test.for([
    [1, "softmax", ["a", "b"], "softmax over one unit is always 1"],
    [2, "softmax", ["a", "a"], "at least two different names"],
  ] as const)("refuses before the first step what no bundle can hold: %d, %s, %j", async (wrong) => {
    const [units, activation, labels, message] = wrong;
    const model = new Sequential([new Flatten({ inputShape: [2, 1, 1] }), new Dense({ units, activation })]);
    const trainer = new Trainer(model, { loss: "mse" });
    const filepath = folder.path("model");
    const bundle = { preprocessing: plainPreprocessing([2, 1], "grayscale"), labels };
    const y = new HostArray(new Float32Array(units), [1, units]);
    const x = new HostArray(new Float32Array(2), [1, 2, 1, 1]);
    const fitted = trainer.fit({ x, y }, { callbacks: [new ModelCheckpoint({ filepath, bundle })] });
    await expect(fitted).rejects.toMatchObject({ code: "INVALID_CONFIG", message: expect.stringContaining(message) });
    expect(trainer.optimizer.iterations).toBe(0);
    model.dispose();
  });

  test.for([
    [1, 3, ["0", "1", "2"]],
    [3, 1, ["0", "1"]],
  ] as const)(
    "saves classifiers of %i channels and %i outputs as bundles by a path alone",
    async ([channels, units, labels]) => {
      const model = new Sequential([new Flatten({ inputShape: [4, 2, channels] }), new Dense({ units })]);
      const trainer = new Trainer(model, { loss: "mse" });
      // The numbers of pixels.
      const x = new HostArray(new Float32Array(8 * channels).fill(7), [1, 4, 2, channels]);
      const callbacks = [new ModelCheckpoint({ filepath: folder.path("model"), initialValueThreshold: null })];
      await trainer.fit({ x, y: new HostArray(new Float32Array(units), [1, units]) }, { callbacks });
      const loaded = await loadBundle(folder.path("model"));
      expect(loaded.labels).toEqual(labels);
      expect(loaded.preprocessing).toEqual(plainPreprocessing([4, 2], channels === 1 ? "grayscale" : "rgb"));
      expect(await loaded.model.getWeights()).toEqual(await model.getWeights());
      trainer.dispose();
      for (const each of [model, loaded.model]) each.dispose();
    },
  );

  describe("by a path alone, of pictures", () => {
    const bytes = Uint8Array.from({ length: 16 }, (_, index) => index * 17);
    const preprocessing = plainPreprocessing([2, 1], "grayscale", 1 / 255);
    const set = new ImageDataset({
      images: new HostArray(bytes, [8, 2, 1, 1]),
      labels: new Array<number>(8).fill(1),
      classNames: ["left", "right"],
      preprocessing,
    });
    const y = new HostArray(new Int32Array(8), [8]);
    const pictures = (value: (byte: number) => number): LabelledData => ({
      x: new HostArray(Float32Array.from(bytes, value), [8, 2, 1, 1]),
      y,
    });

    const { size, batchSize, batchCount, classNames } = set.batch(4);
    const namesOnly = {
      size,
      batchSize,
      batchCount,
      classNames,
      batches: (epoch: number): Iterable<ImageBatch> => set.batch(4).batches(epoch),
    };

    const classifier = (): Sequential =>
      new Sequential([new Flatten({ inputShape: [2, 1, 1] }), new Dense({ units: 2, activation: "softmax" })]);

    /** Trains one with a checkpoint, and gives how often that warned. */
    async function warnings(data: LabelledData): Promise<number> {
      const warned = vi.spyOn(console, "warn").mockReturnValue();
      const trainer = new Trainer(classifier(), { loss });
      await trainer.fit(data, { epochs: 2, callbacks: [new ModelCheckpoint({ filepath: folder.path("model") })] });
      const { length } = warned.mock.calls;
      warned.mockRestore();
      trainer.dispose();
      trainer.model.dispose();
      return length;
    }

    test.for<[string, LabelledData, number, readonly string[]]>([
      ["a data set", set, 1 / 255, ["left", "right"]],
      ["its batches", set.batch(4), 1 / 255, ["left", "right"]],
      ["pixels divided by 255", pictures((byte) => byte / 255), 1 / 255, ["0", "1"]],
      ["pixels", pictures((byte) => byte), 1, ["0", "1"]],
    ])("%s: says how they become the input", async ([, data, scale, labels]) => {
      expect(await warnings(data)).toBe(0);
      const loaded = await loadBundle(folder.path("model"));
      expect([loaded.preprocessing.scale, loaded.labels]).toEqual([scale, labels]);
      loaded.model.dispose();
    });

    test.for<[string, LabelledData]>([
      ["a source that tells nothing but the classes", namesOnly],
      ["numbers that tell nothing", pictures((byte) => byte / 100 - 1)],
    ])("%s: saves the model without made-up preprocessing, and warns once", async ([, data]) => {
      expect(await warnings(data)).toBe(1);
      await expect(loadBundle(folder.path("model"))).rejects.toThrow("loadModel reads models without labels");
      const { model, metrics } = await loadModel(folder.path("model"));
      expect(Object.keys(metrics)).toEqual(["loss"]);
      model.dispose();
    });
  });

  test("saves models of any other kind alone, which have no preprocessing, and warns of nothing", async () => {
    const warned = vi.spyOn(console, "warn").mockReturnValue();
    const callbacks = [new ModelCheckpoint({ filepath: folder.path("model") })];
    const weights = await train({ epochs: 1, callbacks }, ({ trainer }) => trainer.model.getWeights());
    const { model } = await loadModel(folder.path("model"));
    expect(await model.getWeights()).toEqual(weights);
    expect(warned).not.toHaveBeenCalled();
    warned.mockRestore();
    model.dispose();
  });

  test("refuses a bundle for a model that it does not fit, before that trains", async () => {
    const bundle = { preprocessing: plainPreprocessing([2, 1], "grayscale"), labels: ["a", "b", "c"] };
    const callbacks = [new ModelCheckpoint({ filepath: folder.path("model"), bundle })];
    await expect(train({ epochs: 1, callbacks }, () => {})).rejects.toMatchObject({ option: "preprocessing" });
  });

  test.for([
    ["a-{epoch}-{val_loss:.2f}", "a-3-0.13"],
    ["{epoch:03d}.{val_loss:.1e}", "003.1.3e-01"],
    ["{val_loss:8.3f}", "   0.126"],
  ] as const)("fills %s as Python does", ([template, expected]) => {
    expect(checkpointPath(template, 2, { val_loss: 0.126 })).toBe(expected);
  });

  test.for(["{accuracy}", "{epoch:x}"])("refuses %s", (template) => {
    expect(() => checkpointPath(template, 0, { loss: 1 })).toThrow(expect.objectContaining({ option: "filepath" }));
  });
});

describe("BackupAndRestore", () => {
  /** Fails between two epochs, as a machine may. */
  class Failing extends Callback {
    override onEpochBegin(epoch: number): void {
      if (epoch === 2) throw new Error("power is off");
    }
  }

  test("goes on as if nothing had happened", async () => {
    const backup = () => new BackupAndRestore({ backupDir: folder.path() });
    const adam = () => new Adam({ learningRate: 0.05 });
    const fit = async (callbacks: readonly Callback[]) => {
      const trainer = new Trainer(plainModel(), { optimizer: adam(), loss });
      try {
        const { epoch, history } = await trainer.fit(sectors(64, { seed: 2 }), { epochs: 4, callbacks });
        return { epoch, losses: history["loss"], weights: await trainer.model.getWeights() };
      } finally {
        trainer.dispose();
        trainer.model.dispose();
      }
    };
    const whole = await fit([]);
    await expect(fit([backup(), new Failing()])).rejects.toThrow("power is off");
    expect(await readdir(folder.path())).toEqual(["backup.safetensors"]);
    const rest = await fit([backup()]);
    expect(rest.epoch).toEqual([2, 3]);
    expect(rest.losses).toEqual(whole.losses?.slice(2));
    expect(rest.weights).toEqual(whole.weights);
    await expect(readdir(folder.path())).rejects.toMatchObject({ code: "ENOENT" });
  });

  test("refuses the backup of another model", async () => {
    const callbacks = [new BackupAndRestore({ backupDir: folder.path(), deleteCheckpoint: false })];
    await train({ epochs: 1, callbacks }, () => {});
    const other = new Trainer(sectorModel(), { optimizer: "sgd", loss });
    await expect(other.fit(sectors(8), { epochs: 2, callbacks })).rejects.toThrow("kernel must be (2, 8)");
    other.model.dispose();
  });
});

describe("TerminateOnNaN", () => {
  test("ends training at the very batch, however seldom losses are read otherwise", async () => {
    const trainer = new Trainer(plainModel(), { optimizer: "sgd", loss });
    const data = sectors(40);
    const x = Float32Array.from(data.x.data, (value, index) => (index === 50 ? Number.NaN : value));
    const batches: number[] = [];
    const callbacks = [
      new TerminateOnNaN(),
      new LambdaCallback({ onTrainBatchBegin: (batch) => void batches.push(batch) }),
    ];
    const poisoned = { ...data, x: new HostArray(x, [40, 2]) };
    const { stopped, abortedAt } = await trainer.fit(poisoned, { batchSize: 4, shuffle: false, callbacks });
    expect({ stopped, abortedAt, batches }).toEqual({
      stopped: "nonFinite",
      abortedAt: { epoch: 0, step: 7 },
      batches: [0, 1, 2, 3, 4, 5, 6],
    });
    expect(trainer.optimizer.iterations).toBe(7);
    trainer.dispose();
    trainer.model.dispose();
  });

  const poisoned = () => ({ ...sectors(8), x: new HostArray(new Float32Array(16).fill(Number.NaN), [8, 2]) });

  test("ends training where it would fail", async () => {
    const trainer = new Trainer(plainModel(), { optimizer: "sgd", loss });
    await expect(trainer.fit(poisoned(), { epochs: 3 })).rejects.toThrow(NonFiniteError);
    const history = await trainer.fit(poisoned(), { epochs: 3, callbacks: [new TerminateOnNaN()] });
    expect(history).toEqual({ epoch: [], history: {}, stopped: "nonFinite", abortedAt: { epoch: 0, step: 1 } });
    const raising = trainer.fit(poisoned(), { epochs: 3, callbacks: [new TerminateOnNaN({ raiseError: true })] });
    await expect(raising).rejects.toThrow(NonFiniteError);
    trainer.model.dispose();
  });
});

test("LambdaCallback calls what it is given, and refuses what nothing calls", async () => {
  const heard: string[] = [];
  const callbacks = [
    new LambdaCallback({
      onTrainBegin: () => void heard.push("begin"),
      onEpochEnd: (epoch) => void heard.push(`epoch ${epoch}`),
      onTrainEnd: () => void heard.push("end"),
    }),
  ];
  await train({ epochs: 2, callbacks }, () => {});
  expect(heard).toEqual(["begin", "epoch 0", "epoch 1", "end"]);
  expect(() => Reflect.construct(LambdaCallback, [{ onBatchEnd: () => {} }])).toThrow(
    expect.objectContaining({ option: "options" }),
  );
});
