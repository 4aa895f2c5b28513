import { Dense, Sequential } from "@featuremap/layers";
import { allowSavedTensors, useBackend } from "@featuremap/testing/backend";
import { describe, expect, test } from "vitest";
import { Trainer } from "../trainer/trainer.ts";

useBackend(allowSavedTensors);

const x = [[0], [1], [2], [3]];

async function withTrainer(
  {
    units,
    loss,
    built = true,
  }: { units: number; loss: "sparseCategoricalCrossentropy" | "bce" | "mse"; built?: boolean },
  use: (trainer: Trainer) => Promise<void>,
): Promise<void> {
  const activation = { sparseCategoricalCrossentropy: "softmax", bce: "sigmoid", mse: "linear" } as const;
  const inputShape = built ? { inputShape: [1] } : {};
  const model = new Sequential([new Dense({ units, activation: activation[loss], ...inputShape })], { seed: 1 });
  const trainer = new Trainer(model, { optimizer: "sgd", loss });
  try {
    await use(trainer);
  } finally {
    trainer.dispose();
    model.dispose();
  }
}

describe("class weights", () => {
  test.for([
    ["sparseCategoricalCrossentropy", 3, 3, true],
    ["sparseCategoricalCrossentropy", 3, 7, false],
    ["bce", 1, 2, true],
  ] as const)("for %s over %d units, class %d does not exist", async ([loss, units, label, built]) => {
    await withTrainer({ units, loss, built }, async (trainer) => {
      const refusal = {
        code: "INVALID_CONFIG",
        message: `Trainer: classWeight must be for classes in [0, ${Math.max(units, 2)}), received ${label}.`,
      };
      const classWeight = { 0: 1, [label]: 2 };
      await expect(trainer.fit(x, [0, 1, 0, 1], { classWeight })).rejects.toMatchObject(refusal);
      await expect(trainer.trainOnBatch(x, [0, 1, 0, 1], { classWeight })).rejects.toMatchObject(refusal);
    });
  });

  test("a class without examples may have one, and so may any label of a regression", async () => {
    await withTrainer({ units: 3, loss: "sparseCategoricalCrossentropy" }, async (trainer) => {
      expect((await trainer.fit(x, [0, 1, 0, 1], { classWeight: { 2: 5 } })).epoch).toEqual([0]);
    });
    await withTrainer({ units: 1, loss: "mse" }, async (trainer) => {
      expect((await trainer.fit(x, [0, 5, 0, 5], { classWeight: { 5: 2 } })).epoch).toEqual([0]);
    });
  });

  test.for([{ 0: -1 }, { 0: Number.NaN }, { 0: Number.POSITIVE_INFINITY }, { [-1]: 1 }, { 0.5: 1 }])(
    "%j are refused",
    async (classWeight) => {
      await withTrainer({ units: 3, loss: "sparseCategoricalCrossentropy" }, async (trainer) => {
        const fitted = trainer.fit(x, [0, 1, 0, 1], { classWeight });
        await expect(fitted).rejects.toMatchObject({ code: "INVALID_CONFIG", option: "classWeight" });
      });
    },
  );
});

describe("sample weights", () => {
  test.for([-1, Number.NaN, Number.POSITIVE_INFINITY])("of %d are refused, with their place", async (weight) => {
    const sampleWeight = [1, 1, weight, 1];
    const refusal = {
      code: "INVALID_CONFIG",
      option: "sampleWeight",
      message: expect.stringContaining(`must be 0 or a positive number (at [2] too), received ${weight}.`),
    };
    await withTrainer({ units: 1, loss: "mse" }, async (trainer) => {
      const y = [0, 1, 0, 1];
      await expect(trainer.fit(x, y, { sampleWeight })).rejects.toMatchObject(refusal);
      await expect(trainer.fit([{ x, y, sampleWeight }])).rejects.toMatchObject(refusal);
      await expect(trainer.evaluate(x, y, { sampleWeight })).rejects.toMatchObject(refusal);
      await expect(trainer.trainOnBatch(x, y, { sampleWeight })).rejects.toMatchObject(refusal);
    });
  });

  test("of 0 for all are fine: the loss is 0, as Keras's", async () => {
    await withTrainer({ units: 1, loss: "mse" }, async (trainer) => {
      const { history } = await trainer.fit(x, [0, 1, 0, 1], { sampleWeight: [0, 0, 0, 0] });
      expect(history["loss"]).toEqual([0]);
    });
  });
});
