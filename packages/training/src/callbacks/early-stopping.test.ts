import type { HostArray } from "@featuremap/tensor";
import { allowSavedTensors, useBackend } from "@featuremap/testing/backend";
import { describe, expect, test } from "vitest";
import { sectorModel, sectors } from "../testing/tiny-problem.ts";
import { Trainer } from "../trainer/trainer.ts";
import { Callback, type TrainingRun } from "../run/callback.ts";
import golden from "./early-stopping.golden.json" with { type: "json" };
import { ConfusionMatrix } from "../metrics/confusion-matrix.ts";
import { ModelCheckpoint } from "./model-checkpoint.ts";
import { ReduceLROnPlateau } from "./reduce-lr-on-plateau.ts";
import { EarlyStopping, type EarlyStoppingConfig } from "./early-stopping.ts";

useBackend(allowSavedTensors);

/** Feeds a callback with values, as if each were an epoch's, and says what it made of them. */
async function feed(options: EarlyStoppingConfig, values: readonly number[]) {
  const callback = new EarlyStopping(options);
  let [weights, stopped, epochsRun] = [-1, false, 0];
  const model = {
    getWeights: async () => Promise.resolve([weights]),
    setWeights: ([saved]: readonly number[]) => {
      weights = saved ?? -1;
    },
  };
  const run = {
    model: model as unknown as TrainingRun["model"],
    logs: new Map([
      ["val_loss", "down"],
      ["val_accuracy", "up"],
    ]),
    stop: () => {
      stopped = true;
    },
  } as Partial<TrainingRun> as TrainingRun;
  callback.onTrainBegin(run);
  for (const [epoch, value] of values.entries()) {
    weights = epoch;
    epochsRun += 1;
    await callback.onEpochEnd(epoch, { [callback.monitor]: value }, run);
    if (stopped) break;
  }
  callback.onTrainEnd({ epoch: [], history: {} }, run);
  return { callback, stopped, epochsRun, weightsOfEpoch: weights };
}

describe("EarlyStopping", () => {
  test.for(golden.cases)("does what Keras does with $options on $values", async (kind) => {
    const { callback, ...result } = await feed(kind.options as EarlyStoppingConfig, kind.values);
    const { epochsRun, stopped, weightsOfEpoch } = kind;
    expect(result).toEqual({ epochsRun, stopped, weightsOfEpoch });
    expect(callback.bestEpoch).toBe(kind.bestEpoch);
    expect(callback.stoppedEpoch ?? 0).toBe(kind.stoppedEpoch);
  });

  test("knows by itself that accuracy should rise", async () => {
    expect(await feed({ monitor: "val_accuracy" }, [0.1, 0.2, 0.3, 0.3])).toMatchObject({
      epochsRun: 4,
      stopped: true,
    });
  });

  test("ends fit, and the model has the weights of the best epoch", async () => {
    const model = sectorModel();
    const trainer = new Trainer(model, { optimizer: "sgd", loss: "sparseCategoricalCrossentropy" });
    const seen: HostArray[][] = [];
    /** Makes every epoch after the second worse. */
    class Spoiler extends Callback {
      override async onEpochEnd(epoch: number, _logs: unknown, run: TrainingRun): Promise<void> {
        seen.push(await run.model.getWeights());
        if (epoch === 1) run.optimizer.learningRate = 50;
      }
    }
    const stopping = new EarlyStopping({ monitor: "loss", patience: 2, restoreBestWeights: true });
    const { epoch, stopped } = await trainer.fit(sectors(64), { epochs: 50, callbacks: [new Spoiler(), stopping] });
    expect(stopped).toBe("earlyStopping");
    expect(epoch).toHaveLength(stopping.bestEpoch + 3);
    expect(await model.getWeights()).toEqual(seen[stopping.bestEpoch]);
    trainer.dispose();
    model.dispose();
  });

  test("refuses at once to watch what there will not be", async () => {
    const model = sectorModel();
    const trainer = new Trainer(model, {
      optimizer: "sgd",
      loss: "sparseCategoricalCrossentropy",
      metrics: ["accuracy"],
    });
    const remedy = "unless fit is given validationData, validation or validationSplit, received";
    const watching = `monitor must be one of loss, accuracy, ${remedy} "val_loss".`;
    for (const [callback, message] of [
      [new EarlyStopping(), `EarlyStopping: ${watching}`],
      [new ReduceLROnPlateau(), `ReduceLROnPlateau: ${watching}`],
      [
        new ModelCheckpoint({ filepath: "none", saveBestOnly: true, saveWeightsOnly: true }),
        `ModelCheckpoint: ${watching}`,
      ],
      [
        new ModelCheckpoint({ filepath: "{epoch}-{val_accuracy:.2f}", saveWeightsOnly: true }),
        `ModelCheckpoint: filepath must be of epoch, loss, accuracy, ${remedy} "val_accuracy".`,
      ],
      [
        new EarlyStopping({ monitor: "val_acc" }),
        'EarlyStopping: monitor must be one of loss, accuracy, received "val_acc".',
      ],
    ] as const) {
      await expect(trainer.fit(sectors(8), { epochs: 1, callbacks: [callback] })).rejects.toMatchObject({
        code: "INVALID_CONFIG",
        message,
      });
    }
    model.dispose();
  });

  test("watches one number of several that a metric has, and refuses names of all or of none", async () => {
    const model = sectorModel();
    const loss = "sparseCategoricalCrossentropy";
    const trainer = new Trainer(model, { optimizer: "sgd", loss, metrics: [new ConfusionMatrix()] });
    const watch = async (callback: Callback): Promise<unknown> =>
      trainer.fit(sectors(8), { epochs: 3, validationData: sectors(8), validationFreq: 2, callbacks: [callback] });
    await watch(new EarlyStopping({ monitor: "val_confusion_matrix_0_0" }));
    await watch(new ReduceLROnPlateau({ monitor: "confusion_matrix_1_1" }));
    for (const [callback, monitor] of [
      [EarlyStopping, "confusion_matrix"],
      [ReduceLROnPlateau, "val_confusion_matrix_0"],
      [EarlyStopping, "confusion_matrix_0_9"],
    ] as const) {
      await expect(watch(new callback({ monitor }))).rejects.toThrow(
        new RegExp(`monitor must be one of loss, confusion_matrix_0_0, .*, received "${monitor}"`),
      );
    }
    trainer.dispose();
    model.dispose();
  });

  test.for([
    ["patience", { patience: -1 }],
    ["startFromEpoch", { startFromEpoch: 0.5 }],
  ] as const)("rejects a wrong %s", ([option, options]) => {
    expect(() => new EarlyStopping(options)).toThrow(expect.objectContaining({ code: "INVALID_CONFIG", option }));
  });
});
