import { allowSavedTensors, useBackend } from "@featuremap/testing/backend";
import { describe, expect, test } from "vitest";
import { LambdaCallback } from "../callbacks/lambda-callback.ts";
import { sectorModel, sectors } from "../testing/tiny-problem.ts";
import { Trainer } from "./trainer.ts";
import type { TrainerConfig } from "./trainer-options.ts";

useBackend(allowSavedTensors);

const config: TrainerConfig = { optimizer: "adam", loss: "sparseCategoricalCrossentropy", metrics: ["accuracy"] };
const data = sectors(64, { batchSize: 16, seed: 1 });
const refusal = (message: string): object =>
  expect.objectContaining({ code: "NOT_READY", message: expect.stringContaining(message) });

async function withTrainers(count: number, use: (...trainers: Trainer[]) => Promise<void>): Promise<void> {
  const model = sectorModel();
  const trainers = Array.from({ length: count }, () => new Trainer(model, config));
  try {
    await use(...trainers);
  } finally {
    for (const trainer of trainers) trainer.dispose();
    model.dispose();
  }
}

/** Losses of one trainer that nobody disturbs. */
async function undisturbed(): Promise<readonly number[] | undefined> {
  let losses: readonly number[] | undefined;
  await withTrainers(1, async (trainer) => {
    losses = (await trainer.fit(data, { epochs: 3 })).history["loss"];
  });
  return losses;
}

describe("a second training of one model", () => {
  test("is refused while the first goes on as if alone, whichever trainer asks", async () => {
    const expected = await undisturbed();
    await withTrainers(2, async (one, other) => {
      const first = one.fit(data, { epochs: 3 });
      const message = "Trainer.fit: the model is being trained already, by Trainer.fit. Await that call first";
      await expect(one.fit(data)).rejects.toThrow(refusal(message));
      await expect(other.fit(data.x, data.y)).rejects.toThrow(refusal(message));
      await expect(other.trainOnBatch(data.x, data.y)).rejects.toThrow(refusal("Trainer.trainOnBatch: the model"));
      expect((await first).history["loss"]).toEqual(expected);
    });
  });

  test("is refused in callbacks, and where another model has the same optimizer", async () => {
    await withTrainers(1, async (trainer) => {
      const onEpochEnd = async (): Promise<void> => {
        await trainer.fit(data);
      };
      const callbacks = [new LambdaCallback({ onEpochEnd })];
      await expect(trainer.fit(data, { callbacks })).rejects.toThrow(refusal("the model is being trained already"));
      const model = sectorModel(2);
      const sharing = new Trainer(model, { ...config, optimizer: trainer.optimizer });
      const first = trainer.fit(data);
      await expect(sharing.fit(data)).rejects.toThrow(refusal("the optimizer is in use already, by Trainer.fit."));
      await first;
      model.dispose();
    });
  });

  test("may follow an end of any kind", async () => {
    await withTrainers(1, async (trainer) => {
      await expect(trainer.fit(data, { epochs: 0 })).rejects.toMatchObject({ code: "INVALID_CONFIG" });
      const failing = new LambdaCallback({
        onTrainBatchEnd: () => {
          throw new Error("of a callback");
        },
      });
      await expect(trainer.fit(data, { callbacks: [failing] })).rejects.toThrow("of a callback");
      const controller = new AbortController();
      const aborting = new LambdaCallback({ onTrainBatchEnd: () => controller.abort() });
      const { stopped } = await trainer.fit(data, { callbacks: [aborting], signal: controller.signal });
      expect(stopped).toBe("aborted");
      expect((await trainer.fit(data)).epoch).toEqual([0]);
    });
  });
});

describe("evaluation and prediction beside training", () => {
  test("are refused once their batches would meet different weights", async () => {
    await withTrainers(2, async (trainer, other) => {
      const training = trainer.fit(data, { epochs: 20 });
      const message =
        "the model was trained meanwhile, so that its batches met different weights. Await training first";
      await expect(trainer.evaluate(data)).rejects.toThrow(refusal(`Trainer.evaluate: ${message}`));
      await expect(other.predict(data.x, { batchSize: 4 })).rejects.toThrow(refusal(`Trainer.predict: ${message}`));
      await training;
      await trainer.evaluate(data);
    });
  });

  test("give the answers of the weights at that moment in callbacks, and for one batch at any time", async () => {
    await withTrainers(1, async (trainer) => {
      const seen: number[] = [];
      const onEpochEnd = async (): Promise<void> => {
        seen.push((await trainer.evaluate(data))["loss"] ?? Number.NaN);
        await trainer.predict(data.x, { batchSize: 4 });
      };
      const validation = { x: data.x, y: data.y };
      const callbacks = [new LambdaCallback({ onEpochEnd })];
      const training = trainer.fit(data, { epochs: 2, validation, validationBatchSize: 16, callbacks });
      expect((await trainer.predictOnBatch(data.x)).shape).toEqual([64, 3]);
      expect(seen).toEqual((await training).history["val_loss"]);
    });
  });

  test("on single batches at once, have numbers of their own", async () => {
    await withTrainers(1, async (trainer) => {
      const half = { x: data.x.slice(0, 20), y: data.y.slice(0, 20) };
      const alone = [await trainer.testOnBatch(data.x, data.y), await trainer.testOnBatch(half)];
      expect(await Promise.all([trainer.testOnBatch(data.x, data.y), trainer.testOnBatch(half)])).toEqual(alone);
    });
  });
});
