import { Dense, Sequential } from "@featuremap/layers";
import { HostArray } from "@featuremap/tensor";
import { allowSavedTensors, useBackend } from "@featuremap/testing/backend";
import { describe, expect, test } from "vitest";
import { Slow } from "../testing/slow-source.ts";
import { sectors } from "../testing/tiny-problem.ts";
import { withTrainer } from "../testing/with-trainer.ts";

useBackend(allowSavedTensors);

describe("evaluate", () => {
  test("takes the loss from logits where the model ends in softmax, as Keras does", async () => {
    const model = new Sequential([new Dense({ units: 3, activation: "softmax", inputShape: [2] })]);
    const data = { x: HostArray.from([[1, 0]]), y: new HostArray(Int32Array.of(1), [1]) };
    await withTrainer(
      async (trainer) => {
        model.setWeights([
          HostArray.from([
            [100, 0, 0],
            [0, 0, 0],
          ]),
          HostArray.from([0, 0, 0]),
        ]);
        // Probabilities would be clipped at 1e-7, which is a loss of 16.1.
        expect(await trainer.evaluate(data)).toEqual({ loss: 100, accuracy: 0 });
      },
      {},
      model,
    );
  });

  test("takes the loss from logits where the model ends in sigmoid", async () => {
    const model = new Sequential([new Dense({ units: 1, activation: "sigmoid", inputShape: [2] })]);
    const data = { x: HostArray.from([[1, 0]]), y: new HostArray(Int32Array.of(0), [1]) };
    await withTrainer(
      async (trainer) => {
        model.setWeights([HostArray.from([[80], [0]]), HostArray.from([0])]);
        expect(await trainer.evaluate(data)).toEqual({ loss: 80, accuracy: 0 });
      },
      { loss: "binary_crossentropy" },
      model,
    );
  });
});

describe("predict", () => {
  test("gives outputs in the order of the inputs, from arrays and from batches", async () => {
    await withTrainer(async (trainer) => {
      const atOnce = await trainer.predict(sectors(64).x, { batchSize: 64 });
      expect(atOnce.shape).toEqual([64, 3]);
      expect(await trainer.predict(sectors(64).x, { batchSize: 7 })).toEqual(atOnce);
      expect(await trainer.predict(new Slow())).toEqual(atOnce);
    });
  });

  test("takes pixels as numbers", async () => {
    await withTrainer(async (trainer) => {
      const bytes = new HostArray(Uint8Array.of(3, 200), [1, 2]);
      expect(await trainer.predict(bytes)).toEqual(await trainer.predict(HostArray.from([[3, 200]])));
    });
  });
});
