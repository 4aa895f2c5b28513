import { BatchNormalization, Dense, Dropout, Sequential } from "@featuremap/layers";
import { loadWeights } from "@featuremap/formats";
import { HostArray } from "@featuremap/tensor";
import { temporaryFolder } from "@featuremap/testing/temporary-folder";
import { allowSavedTensors, useBackend } from "@featuremap/testing/backend";
import { describe, expect, test } from "vitest";
import { Adam } from "../optimizers/adam.ts";
import { SGD } from "../optimizers/sgd.ts";
import { expectCloseNumbers, stepsTolerance } from "../testing/close.ts";
import { sectors } from "../testing/tiny-problem.ts";
import { Trainer } from "../trainer/trainer.ts";
import type { FitOptions } from "../trainer/trainer-options.ts";
import { BackupAndRestore } from "./backup/backup-and-restore.ts";
import type { Callback } from "../run/callback.ts";
import { EarlyStopping } from "./early-stopping.ts";
import { LambdaCallback } from "./lambda-callback.ts";
import { ModelCheckpoint } from "./model-checkpoint.ts";
import { SwapEMAWeights } from "./swap-ema-weights.ts";
import golden from "./swap-ema-weights.golden.json" with { type: "json" };

useBackend(allowSavedTensors);

const folder = temporaryFolder("test");

test.for(golden.cases)("with swapOnEpoch $swapOnEpoch gives Keras's numbers", async (each) => {
  const { swapOnEpoch, start, history, atEpochEnds, end } = each;
  const layers = [new Dense({ units: 3, activation: "tanh", inputShape: [2] }), new Dense({ units: 1 })];
  const model = new Sequential(layers);
  model.setWeights(start.map((values) => HostArray.from(values)));
  const optimizer = new SGD({ learningRate: 0.1, useEma: true, emaMomentum: 0.9 });
  const trainer = new Trainer(model, { optimizer, loss: "mse" });
  const [x, y] = [HostArray.from(golden.x), HostArray.from(golden.y)];
  const found: HostArray[][] = [];
  const recorder = new LambdaCallback({ onEpochEnd: async () => void found.push(await model.getWeights()) });
  const options = { epochs: 4, batchSize: 4, shuffle: false, validationData: { x, y } };
  const fitted = await trainer.fit(
    { x, y },
    { ...options, callbacks: [new SwapEMAWeights({ swapOnEpoch }), recorder] },
  );
  for (const [name, values] of Object.entries(history)) {
    expectCloseNumbers(fitted.history[name] ?? [], values, stepsTolerance);
  }
  const flat = (weights: readonly HostArray[]): number[] => weights.flatMap(({ data }) => [...data]);
  const flatGolden = (weights: readonly (number | number[] | number[][])[]): number[] =>
    weights.flatMap((values) => [values].flat(2));
  for (const [epoch, weights] of found.entries()) {
    expectCloseNumbers(flat(weights), flatGolden(atEpochEnds[epoch] ?? []), stepsTolerance);
  }
  expect(found).toHaveLength(atEpochEnds.length);
  expectCloseNumbers(flat(await model.getWeights()), flatGolden(end), stepsTolerance);
  trainer.dispose();
  model.dispose();
});

function meansTrainer(): Trainer {
  const layers = [
    new Dense({ units: 6, activation: "tanh", inputShape: [2] }),
    new BatchNormalization(),
    new Dropout({ rate: 0.2 }),
    new Dense({ units: 3, activation: "softmax" }),
  ];
  const optimizer = new Adam({ learningRate: 0.05, useEma: true, emaMomentum: 0.9 });
  return new Trainer(new Sequential(layers, { seed: 1 }), { optimizer, loss: "sparseCategoricalCrossentropy" });
}

async function run<Result>(work: (trainer: Trainer) => Promise<Result>): Promise<Result> {
  const trainer = meansTrainer();
  try {
    return await work(trainer);
  } finally {
    trainer.dispose();
    trainer.model.dispose();
  }
}

const data = sectors(40, { seed: 3 });
const validation = sectors(24);
const fit = (trainer: Trainer, options: FitOptions) => trainer.fit(data, { epochs: 4, batchSize: 8, ...options });

describe("a training", () => {
  /** What others in the list do at the end of an epoch is done with the means. */
  const list = (swapOnEpoch: boolean): Callback[] => [
    new SwapEMAWeights({ swapOnEpoch }),
    new EarlyStopping({ patience: 9, restoreBestWeights: true }),
    new BackupAndRestore({ backupDir: folder.path("backup"), saveFreq: swapOnEpoch ? "epoch" : 3 }),
  ];

  test.for([
    [true, 5],
    [true, 12],
    [true, 15],
    [false, 7],
    [false, 10],
  ] as const)("with swapOnEpoch %s goes on after batch %i to the bit", async ([swapOnEpoch, at]) => {
    const outcome = async (callbacks: Callback[]) =>
      run(async (trainer) => {
        const { history } = await fit(trainer, { callbacks, validation });
        return { history, weights: await trainer.model.getWeights() };
      });
    const whole = await outcome(list(swapOnEpoch));
    let seen = 0;
    const powerOff = new LambdaCallback({
      onTrainBatchBegin: () => {
        if (seen++ === at) throw new Error("power is off");
      },
    });
    await expect(outcome([...list(swapOnEpoch), powerOff])).rejects.toThrow("power is off");
    const rest = await outcome(list(swapOnEpoch));
    expect(rest.weights).toEqual(whole.weights);
    for (const [name, values] of Object.entries(rest.history)) {
      expect(values).toEqual(whole.history[name]?.slice(-values.length));
    }
  });

  test("ends with the means, whoever ends it", async () => {
    const ended = async (...callbacks: Callback[]) =>
      run(async (trainer) => {
        const early = new EarlyStopping({ monitor: "loss", minDelta: 100, patience: 1 });
        const { stopped } = await fit(trainer, { callbacks: [...callbacks, early] });
        return { stopped, weights: await trainer.model.getWeights() };
      });
    const plain = await ended();
    expect(plain.stopped).toBe("earlyStopping");
    expect(await ended(new SwapEMAWeights({ swapOnEpoch: true }))).toEqual(plain);
  });

  test("that goes on without the callback is refused, for it would train the means", async () => {
    const [backup, swap] = [folder.path("backup"), new SwapEMAWeights({ swapOnEpoch: true })];
    const powerOff = new LambdaCallback({
      onEpochBegin: (epoch) => {
        if (epoch === 1) throw new Error("power is off");
      },
    });
    const kept = (): Callback => new BackupAndRestore({ backupDir: backup });
    await expect(run((trainer) => fit(trainer, { callbacks: [swap, kept(), powerOff] }))).rejects.toThrow(
      "power is off",
    );
    await expect(run((trainer) => fit(trainer, { callbacks: [kept()] }))).rejects.toThrow(
      "callbacks must be SwapEMAWeights, BackupAndRestore, as in the training that was interrupted",
    );
  });
});

test("ModelCheckpoint behind it saves the means that were validated", async () => {
  await run(async (trainer) => {
    const filepath = folder.path("best.safetensors");
    const checkpoint = new ModelCheckpoint({ filepath, saveBestOnly: true, saveWeightsOnly: true });
    const swap = new SwapEMAWeights({ swapOnEpoch: true });
    const { history } = await fit(trainer, { callbacks: [swap, checkpoint], validation });
    await loadWeights(trainer.model, filepath);
    const { loss } = await trainer.evaluate(validation, { batchSize: 8 });
    expect(loss).toBe(Math.min(...(history["val_loss"] ?? [])));
  });
});

describe("evaluate and predict", () => {
  test("see the means, and leave weights as they were, also where an error ends them", async () => {
    await run(async (trainer) => {
      const raw: HostArray[][] = [];
      const keep = new LambdaCallback({
        onTrainBatchEnd: async (_batch, _logs, { model }) => void raw.push(await model.getWeights()),
      });
      await fit(trainer, { callbacks: [keep] });
      const means = await trainer.model.getWeights();
      // One more epoch, in which the weights leave their means behind.
      const seen: Record<string, number>[] = [];
      const looking = new LambdaCallback({
        onEpochEnd: async (_epoch, _logs, { model }) => {
          const weights = await model.getWeights();
          const callbacks = [new SwapEMAWeights()];
          seen.push(await trainer.evaluate(validation, { callbacks }), await trainer.evaluate(validation));
          const [ofMeans, ofWeights] = [await trainer.predict(data.x, { callbacks }), await trainer.predict(data.x)];
          expect(ofMeans).not.toEqual(ofWeights);
          const failing = new LambdaCallback({
            onTestBatchEnd: () => {
              throw new Error("no more");
            },
          });
          const failed = trainer.evaluate(validation, { callbacks: [...callbacks, failing] });
          await expect(failed).rejects.toThrow("no more");
          const signal = AbortSignal.abort();
          await expect(trainer.evaluate(validation, { callbacks, signal })).rejects.toMatchObject({ code: "ABORTED" });
          await expect(trainer.predict(data.x, { callbacks, signal })).rejects.toMatchObject({ code: "ABORTED" });
          expect(await model.getWeights()).toEqual(weights);
        },
      });
      await fit(trainer, { epochs: 1, callbacks: [looking] });
      expect(seen[0]).toEqual(await trainer.evaluate(validation));
      expect(seen[1]).not.toEqual(seen[0]);
      expect(means).not.toEqual(raw.at(-1));
    });
  });

  test("refuse an optimizer without means, as fit does", async () => {
    const model = new Sequential([new Dense({ units: 3, inputShape: [2] })]);
    const trainer = new Trainer(model, { optimizer: "adam", loss: "mse" });
    const [callbacks, y] = [[new SwapEMAWeights()], new HostArray(new Float32Array(120), [40, 3])];
    for (const refused of [
      trainer.fit({ x: data.x, y }, { callbacks }),
      trainer.evaluate({ x: data.x, y }, { callbacks }),
      trainer.predict(data.x, { callbacks }),
    ]) {
      await expect(refused).rejects.toThrow("SwapEMAWeights: useEma of Adam must be true: new Adam({ useEma: true })");
    }
    trainer.dispose();
    model.dispose();
  });

  test("a step that would train the means is refused", async () => {
    await run(async (trainer) => {
      await trainer.trainOnBatch(data);
      trainer.optimizer.swapMovingMeans(trainer.model.trainableWeights.map(({ variable }) => variable));
      await expect(trainer.trainOnBatch(data)).rejects.toThrow("Adam: the weights hold their moving means");
    });
  });
});
