import { allowSavedTensors, useBackend } from "@featuremap/testing/backend";
import { describe, expect, test } from "vitest";
import golden from "./n1.golden.json" with { type: "json" };
import { expectCloseNumbers, stepsTolerance } from "../testing/close.ts";
import { goldenImages, goldenLabels, smallN1 } from "../testing/small-n1.ts";
import { Trainer } from "./trainer.ts";

const examples = 40;
const loss = "sparse_categorical_crossentropy";
useBackend(allowSavedTensors);

describe("a small N1 with Keras's first weights", () => {
  test("has Keras's history, evaluation and predictions after two epochs with smaller last batches", async () => {
    const model = smallN1();
    const trainer = new Trainer(model, { optimizer: "rmsprop", loss, metrics: ["accuracy"] });
    const [x, y] = [goldenImages(examples), goldenLabels(examples)];
    const { batchSize, validationBatchSize, validationSize, history: expected } = golden.fit;
    const validation = {
      x: x.slice(0, validationSize),
      y: y.slice(0, validationSize),
      batchSize: validationBatchSize,
    };
    const { epoch, history } = await trainer.fit({ x, y, batchSize }, { epochs: 2, shuffle: false, validation });

    expect(epoch).toEqual([0, 1]);
    expect(Object.keys(history)).toEqual(["loss", "accuracy", "val_loss", "val_accuracy"]);
    for (const [name, values] of Object.entries(expected)) {
      expectCloseNumbers(history[name] ?? [], values, stepsTolerance);
    }
    const evaluation = await trainer.evaluate({ x, y, batchSize });
    expectCloseNumbers(
      [evaluation["loss"] ?? Number.NaN, evaluation["accuracy"] ?? Number.NaN],
      [golden.evaluate.loss, golden.evaluate.accuracy],
      stepsTolerance,
    );
    const prediction = await trainer.predict(x.slice(0, 1));
    expect(prediction.shape).toEqual([1, 10]);
    expectCloseNumbers([...prediction.data], golden.predictionOfFirst, stepsTolerance);
    trainer.dispose();
    model.dispose();
  });
});
