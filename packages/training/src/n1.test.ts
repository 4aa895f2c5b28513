import { expectNoTensorLeaks } from "@featuremap/testing/tensors";
import { setBackend } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, test } from "vitest";
import golden from "./n1.golden.json" with { type: "json" };
import type { OptimizerName } from "./optimizers/resolve-optimizer.ts";
import { expectCloseNumbers, operationTolerance, stepsTolerance } from "./testing/close.ts";
import { goldenImages, goldenLabels, smallN1 } from "./testing/small-n1.ts";
import { Trainer } from "./trainer.ts";

const examples = 40;
const loss = "sparse_categorical_crossentropy";
beforeAll(async () => {
  await import("@tensorflow/tfjs-backend-cpu");
  await setBackend("cpu");
});
expectNoTensorLeaks();

describe("a small N1 with Keras's first weights", () => {
  test.for(Object.entries(golden.firstSteps))(
    "has Keras's losses in the first 5 steps of %s",
    async ([name, expected]) => {
      const model = smallN1();
      const trainer = new Trainer(model, { optimizer: name as OptimizerName, loss });
      const losses: number[] = [];
      for (let step = 0; step < expected.length; step++) {
        const [start, end] = [step * golden.batchSize, (step + 1) * golden.batchSize];
        const part = { x: goldenImages(examples).slice(start, end), y: goldenLabels(examples).slice(start, end) };
        const { history } = await trainer.fit(part, { epochs: 1 });
        losses.push(...(history["loss"] ?? []));
      }
      expectCloseNumbers(losses, expected, stepsTolerance);
      trainer.dispose();
      model.dispose();
    },
  );

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
    const { epochs, history } = await trainer.fit({ x, y, batchSize }, { epochs: 2, validation });

    expect(epochs).toEqual([0, 1]);
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

  test("predicts before training as Keras's first loss implies", async () => {
    const model = smallN1();
    const trainer = new Trainer(model, { optimizer: "sgd", loss });
    const size = golden.batchSize;
    const labels = goldenLabels(size).data;
    const prediction = await trainer.predict(goldenImages(size), { batchSize: 3 });
    const mean = labels.reduce((sum, label, row) => sum - Math.log(prediction.at(row, label)), 0) / size;
    expectCloseNumbers([mean], [golden.firstSteps.sgd[0] ?? Number.NaN], operationTolerance);
    model.dispose();
  });
});
