import { allowSavedTensors, useBackend } from "@featuremap/testing/backend";
import { describe, expect, test } from "vitest";
import { BinaryCrossentropy } from "../losses/crossentropy/binary-crossentropy.ts";
import { CategoricalCrossentropy } from "../losses/crossentropy/categorical-crossentropy.ts";
import { EarlyStopping } from "../callbacks/early-stopping.ts";
import { SparseCategoricalCrossentropy } from "../losses/crossentropy/sparse-categorical-crossentropy.ts";
import { AdamW } from "../optimizers/adam-w.ts";
import { Adam } from "../optimizers/adam.ts";
import { RMSprop } from "../optimizers/rms-prop.ts";
import { SGD } from "../optimizers/sgd.ts";
import { sectorModel, sectors } from "../testing/tiny-problem.ts";
import { config, withTrainer } from "../testing/with-trainer.ts";
import { Trainer } from "./trainer.ts";
import type { TrainerConfig } from "./trainer-options.ts";

useBackend(allowSavedTensors);

describe("what a trainer refuses", () => {
  test.for([
    ["optimizer", { optimizer: "adamant" }],
    ["loss", { loss: "mean" }],
    ["metrics", { metrics: ["precise"] }],
    ["metrics", { metrics: ["accuracy", "accuracy"] }],
  ] as const)("a wrong %s: %o", ([option, wrong]) => {
    const model = sectorModel();
    expect(() => new Trainer(model, { ...config, ...(wrong as Partial<TrainerConfig>) })).toThrow(
      expect.objectContaining({ code: "INVALID_CONFIG", option }),
    );
  });

  test.for([
    ["epochs", { epochs: 0 }],
    ["epochs", { epochs: 1.5 }],
    ["initialEpoch", { epochs: 2, initialEpoch: 2 }],
    ["initialEpoch", { epochs: 2, initialEpoch: -1 }],
  ] as const)("a wrong %s: %o", async ([option, wrong]) => {
    await withTrainer(async (trainer) => {
      await expect(trainer.fit(sectors(8), wrong)).rejects.toMatchObject({ code: "INVALID_CONFIG", option });
    });
  });

  test("labels of another number, no data, and no batch size", async () => {
    await withTrainer(async (trainer) => {
      const { x, y } = sectors(8);
      const fit = (data: Parameters<Trainer["fit"]>[0]) => trainer.fit(data, { epochs: 1 });
      await expect(fit({ x, y: y.slice(1) })).rejects.toMatchObject({ code: "SHAPE_MISMATCH" });
      await expect(fit({ x: x.slice(0, 0), y: y.slice(0, 0) })).rejects.toMatchObject({ code: "INVALID_CONFIG" });
      await expect(fit({ x, y, batchSize: 0 })).rejects.toMatchObject({ option: "batchSize" });
      await expect(fit({ x: x.reshape([4, 4]), y: y.slice(4) })).rejects.toMatchObject({ code: "SHAPE_MISMATCH" });
    });
  });

  test("a model without weights to train", async () => {
    await withTrainer(async (trainer, model) => {
      model.trainable = false;
      await expect(trainer.fit(sectors(8), { epochs: 1 })).rejects.toMatchObject({ option: "model" });
    });
  });
});

describe("options in plain JavaScript", () => {
  test("are refused where the trainer does not have them", () =>
    withTrainer(async (trainer, model) => {
      const data = sectors(8);
      const call = (method: "fit" | "evaluate" | "predict", options: unknown): Promise<unknown> =>
        Reflect.apply(trainer[method], trainer, [data, options]);
      await expect(call("fit", { epochs: 1, maxQueueSize: 2 })).rejects.toThrow(
        /^Trainer\.fit: options must be among epochs, initialEpoch, .*, signal, timeLimit, received "maxQueueSize"\.$/,
      );
      await expect(call("fit", { epoch: 1 })).rejects.toThrow("(did you mean epochs?)");
      await expect(call("fit", null)).rejects.toThrow("Trainer.fit: options must be an object");
      await expect(call("evaluate", { callback: [] })).rejects.toThrow("(did you mean callbacks?)");
      await expect(call("predict", { batch_size: 4 })).rejects.toThrow("(did you mean batchSize?)");
      expect(() => Reflect.construct(Trainer, [model, { ...config, optimiser: "adam" }])).toThrow(
        'Trainer: options must be among those it has (did you mean optimizer?), received "optimiser".',
      );
    }));

  test.for([
    [Adam, { learning_rate: 1 }, "Adam: options must be among those it has (did you mean learningRate?)"],
    [AdamW, { weight_decay: 1 }, "AdamW: options must be among those it has (did you mean weightDecay?)"],
    [RMSprop, { lr: 1 }, "RMSprop: options must be among those it has (did you mean learningRate?)"],
    [SGD, { momentun: 0 }, "SGD: options must be among those it has (did you mean momentum?)"],
    [SparseCategoricalCrossentropy, { from_logits: true }, "(did you mean fromLogits?)"],
    [CategoricalCrossentropy, { fromLogit: true }, "(did you mean fromLogits?)"],
    [BinaryCrossentropy, { from_logits: true }, "(did you mean fromLogits?)"],
    [EarlyStopping, { patiance: 1 }, "EarlyStopping: options must be among those it has (did you mean patience?)"],
  ] as const)("are refused by %o", ([type, options, message]) => {
    expect(() => Reflect.construct(type, [options])).toThrow(message);
  });
});
