import { Dense, Input, Model } from "@featuremap/layers";
import { HostArray } from "@featuremap/tensor";
import { allowSavedTensors, useBackend } from "@featuremap/testing/backend";
import { Tensor, abs, mean, pow, sub } from "@tensorflow/tfjs-core";
import { describe, expect, test, vi } from "vitest";
import type { Callback } from "../run/callback.ts";
import { LambdaCallback } from "../callbacks/lambda-callback.ts";
import golden from "./fit.golden.json" with { type: "json" };
import * as training from "../index.ts";
import type { LossFunction } from "../losses/function-loss.ts";
import { MeanLoss } from "../metrics/mean-loss.ts";
import { Metric } from "../metrics/metric.ts";
import { MetricStream } from "../metrics/metric-stream.ts";
import { SGD } from "../optimizers/sgd.ts";
import { expectCloseNumbers, operationTolerance, stepsTolerance } from "../testing/close.ts";
import { Trainer } from "./trainer.ts";
import type { FitOptions, TrainerConfig } from "./trainer-options.ts";

useBackend(allowSavedTensors);

/** An object of one of the package's classes by its name. */
function made(name: string, options: object): object {
  const type: unknown = Object.entries(training).find(([key]) => key === name)?.[1];
  if (typeof type !== "function") throw new Error(`no class ${name}`);
  return Reflect.construct(type, [options]) as object;
}

test.for(golden.names)("$class is called what Keras calls it, or as it is asked to be", (kind) => {
  expect(made(kind.class, kind.options)).toMatchObject({ name: kind.name });
  expect(made(kind.class, { ...kind.options, name: "mine" })).toMatchObject({ name: "mine" });
});

describe("a metric with sample weights", () => {
  const { data, cases } = golden.weightedMetrics;
  test.for(cases)("$metric of $data with $options is Keras's", async ({ metric: name, options, data: key, result }) => {
    const thing = made(name, options);
    const metric = thing instanceof Metric ? thing : new MeanLoss({ loss: thing as training.Loss });
    const stream = new MetricStream(metric);
    for (const { target, output, sampleWeight } of data[key as keyof typeof data]) {
      const labels = HostArray.from(target);
      const y = key === "labels" ? new HostArray(Int32Array.from(labels.data), labels.shape) : labels;
      await stream.updateState(y, HostArray.from(output), HostArray.from(sampleWeight));
    }
    expectCloseNumbers([stream.result()].flat(), [result].flat(), operationTolerance);
  });

  test("without weights is what it is without weighting", async () => {
    const stream = new MetricStream(new training.BinaryAccuracy());
    const [target, output] = [HostArray.from([[1], [0]]), HostArray.from([[0.9], [0.8]])];
    await stream.updateState(target, output, HostArray.from([1, 1]));
    expect(stream.result()).toBe(0.5);
  });
});

const x = HostArray.from(golden.fits.x);
const labels = new HostArray(Int32Array.from(golden.fits.labels), [golden.fits.labels.length]);
const amounts = HostArray.from(golden.fits.amounts);
const weights = HostArray.from(golden.fits.weights);
const others = HostArray.from(golden.fits.others);
const sparse = "sparse_categorical_crossentropy";
const cubed: LossFunction = (yTrue, yPred) => mean(pow(abs(sub(yTrue, yPred)), 3), -1);
const both = { kind: sparse, amount: "mse" } as const;

function network(several: boolean, start: readonly (readonly number[] | readonly (readonly number[])[])[]): Model {
  const input = Input({ shape: [2], name: "points" });
  const hidden = new Dense({ units: 4, activation: "tanh", name: "hidden" }).apply(input);
  const kind = new Dense({ units: 3, activation: "softmax", name: "kind" }).apply(hidden);
  const amount = new Dense({ units: 1, name: "amount" }).apply(hidden);
  const model = new Model({ inputs: input, outputs: several ? [kind, amount] : kind });
  model.setWeights(start.map((values) => HostArray.from(values)));
  return model;
}

interface Kind {
  readonly several?: true;
  readonly config: Omit<TrainerConfig, "optimizer">;
  readonly sampleWeight?: HostArray | readonly HostArray[];
  readonly options?: FitOptions;
}
const kinds: Readonly<Record<string, Kind>> = {
  "sample weights": {
    config: { loss: sparse, metrics: ["accuracy"], weightedMetrics: ["accuracy", sparse] },
    sampleWeight: weights,
  },
  "class weights": {
    config: { loss: sparse, weightedMetrics: ["accuracy"] },
    options: { classWeight: { 0: 2, 1: 0.5 } },
  },
  "no weights": { config: { loss: sparse, weightedMetrics: ["accuracy"] } },
  "validation with weights": {
    config: { loss: sparse, weightedMetrics: ["accuracy"] },
    sampleWeight: weights,
    options: { validationData: { x, y: labels, sampleWeight: others } },
  },
  "several outputs": {
    several: true,
    config: {
      loss: both,
      metrics: { amount: ["mae"] },
      weightedMetrics: { kind: ["accuracy"], amount: ["mae", "mse"] },
    },
    sampleWeight: weights,
  },
  "weights of each output": {
    several: true,
    config: { loss: both, lossWeights: { kind: 2, amount: 0.5 }, weightedMetrics: [["accuracy"], ["mae"]] },
    sampleWeight: [weights, others],
  },
  "own functions": { several: true, config: { loss: { kind: sparse, amount: cubed }, metrics: { amount: [cubed] } } },
};

test.for(golden.fits.cases)("fit with $name has Keras's history", async ({ name, start, history: expected }) => {
  const { several = false, config, sampleWeight, options } = kinds[name] ?? { config: { loss: sparse } };
  const model = network(several, start);
  const trainer = new Trainer(model, { ...config, optimizer: new SGD({ learningRate: 0.2 }) });
  const data = { x, y: several ? [labels, amounts] : labels, ...(sampleWeight ? { sampleWeight } : {}) };
  const { history } = await trainer.fit(data, { epochs: 2, batchSize: 4, shuffle: false, ...options });
  expect(Object.keys(history).toSorted()).toEqual(Object.keys(expected).toSorted());
  for (const [key, values] of Object.entries(expected)) expectCloseNumbers(history[key] ?? [], values, stepsTolerance);
  trainer.dispose();
  model.dispose();
});

/** Writes down what it hears, as the golden file has it. */
function listener(heard: string[], stopAt?: string): Callback {
  const note = (event: string, run: training.CallbackRun): void => {
    heard.push(event);
    if (event === stopAt) run.stop();
  };
  return new LambdaCallback({
    onTrainBegin: (run) => note("onTrainBegin", run),
    onTrainEnd: (_history, run) => note("onTrainEnd", run),
    onEpochBegin: (epoch, run) => note(`onEpochBegin ${epoch}`, run),
    onEpochEnd: (epoch, _logs, run) => note(`onEpochEnd ${epoch}`, run),
    onTrainBatchBegin: (batch, run) => note(`onTrainBatchBegin ${batch}`, run),
    onTrainBatchEnd: (batch, _logs, run) => note(`onTrainBatchEnd ${batch}`, run),
    onTestBegin: (run) => note("onTestBegin", run),
    onTestEnd: (_logs, run) => note("onTestEnd", run),
    onTestBatchBegin: (batch, run) => note(`onTestBatchBegin ${batch}`, run),
    onTestBatchEnd: (batch, _logs, run) => note(`onTestBatchEnd ${batch}`, run),
    onPredictBegin: (run) => note("onPredictBegin", run),
    onPredictEnd: (run) => note("onPredictEnd", run),
    onPredictBatchBegin: (batch, run) => note(`onPredictBatchBegin ${batch}`, run),
    onPredictBatchEnd: (batch, _outputs, run) => note(`onPredictBatchEnd ${batch}`, run),
  });
}

/** Runs with a small trainer, disposed afterwards. */
async function withTrainer(use: (trainer: Trainer) => Promise<void>): Promise<void> {
  const model = network(false, golden.fits.cases[0]?.start ?? []);
  const trainer = new Trainer(model, { optimizer: "sgd", loss: sparse, metrics: ["accuracy"] });
  await use(trainer);
  trainer.dispose();
  model.dispose();
}

describe("callbacks hear what Keras's hear, in its order:", () => {
  const { events } = golden;
  const validation = { x: x.slice(0, 6), y: labels.slice(0, 6) };
  test.for([
    ["fit", undefined],
    ["stopped in a batch", "onTrainBatchEnd 1"],
    ["stopped after an epoch", "onEpochEnd 0"],
  ] as const)("%s", ([name, stopAt]) =>
    withTrainer(async (trainer) => {
      const heard: string[] = [];
      const options = { epochs: 2, batchSize: 4, validation, callbacks: [listener(heard, stopAt)] };
      const { epoch } = await trainer.fit({ x, y: labels }, options);
      expect({ heard, epochs: epoch, steps: trainer.optimizer.iterations }).toEqual(events[name]);
    }),
  );

  test("evaluate and predict", () =>
    withTrainer(async (trainer) => {
      const heard: string[] = [];
      await trainer.evaluate({ x, y: labels }, { batchSize: 4, callbacks: [listener(heard)] });
      expect(heard.splice(0)).toEqual(events.evaluate.heard);
      await trainer.predict(x, { batchSize: 4, callbacks: [listener(heard)] });
      expect(heard).toEqual(events.predict.heard);
    }));
});

describe("batches", () => {
  test("come with the numbers so far, and predictions with their outputs", () =>
    withTrainer(async (trainer) => {
      const logs: training.Logs[] = [];
      const shapes: (readonly number[] | undefined)[] = [];
      const callbacks = [
        new LambdaCallback({
          onTrainBatchEnd: (_batch, numbers) => void logs.push(numbers),
          onPredictBatchEnd: (_batch, [output]) => void shapes.push(output?.shape),
        }),
      ];
      const { history } = await trainer.fit({ x, y: labels }, { batchSize: 5, callbacks });
      expect(logs.map((each) => Object.keys(each))).toEqual(Array.from({ length: 3 }, () => ["loss", "accuracy"]));
      expect(logs[2]).toEqual({ loss: history["loss"]?.[0], accuracy: history["accuracy"]?.[0] });
      await trainer.predict(x, { batchSize: 5, callbacks });
      expect(shapes).toEqual([
        [5, 3],
        [5, 3],
        [2, 3],
      ]);
    }));

  test("are not read from the device where no callback asks for their numbers", () =>
    withTrainer(async (trainer) => {
      const reads = async (...callbacks: readonly Callback[]): Promise<number> => {
        const read = vi.spyOn(Tensor.prototype, "data");
        // Time stands still, so that nothing but callbacks makes the loop read.
        const clock = vi.spyOn(performance, "now").mockReturnValue(1);
        await trainer.fit({ x, y: labels }, { epochs: 5, batchSize: 2, callbacks });
        clock.mockRestore();
        const count = read.mock.calls.length;
        read.mockRestore();
        return count;
      };
      const none = await reads();
      expect(none).toBeLessThanOrEqual(10);
      expect(await reads(new LambdaCallback({ onTrainBatchBegin: () => {} }))).toBe(none);
      const quiet = { onTrainBatchEnd: () => {}, readsBatchLogs: () => false };
      expect(await reads(new LambdaCallback(quiet))).toBe(none);
      expect(await reads(new LambdaCallback({ onTrainBatchEnd: () => {} }))).toBeGreaterThanOrEqual(30);
    }));
});

describe("what is not a loss, a metric or a callback", () => {
  test.for([
    ["loss", { loss: training.Huber }, "new Huber()"],
    ["metrics", { loss: sparse, metrics: [training.AUC] }, "new AUC()"],
    ["weightedMetrics", { loss: sparse, weightedMetrics: ["accurate"] }, "accuracy"],
  ] as const)("is refused as %s", ([option, config, message]) => {
    const model = network(false, golden.fits.cases[0]?.start ?? []);
    const make = (): unknown => Reflect.construct(Trainer, [model, { optimizer: "sgd", ...config }]);
    expect(make).toThrow(expect.objectContaining({ code: "INVALID_CONFIG", option }));
    expect(make).toThrow(message);
    model.dispose();
  });

  test("is refused among callbacks, and no function is watched without saying which way it goes", () =>
    withTrainer(async (trainer) => {
      const callbackLike = { onEpochEnd: () => {} } as unknown as Callback;
      const fit = (options: FitOptions): Promise<unknown> => trainer.fit({ x, y: labels }, options);
      await expect(fit({ callbacks: [callbackLike] })).rejects.toMatchObject({ option: "callbacks" });
      await expect(fit({ validation: { x, y: labels }, validationData: { x, y: labels } })).rejects.toMatchObject({
        option: "validationData",
      });
      const model = network(true, golden.fits.cases[4]?.start ?? []);
      const other = new Trainer(model, { optimizer: "sgd", loss: both, metrics: { amount: [cubed] } });
      const callbacks = [new training.EarlyStopping({ monitor: "amount_cubed" })];
      await expect(other.fit({ x, y: [labels, amounts] }, { callbacks })).rejects.toMatchObject({ option: "mode" });
      model.dispose();
    }));
});

test("numbers of single batches go on from call to call where they are not reset", () =>
  withTrainer(async (trainer) => {
    const [first, second] = [0, 6].map((from) => ({ x: x.slice(from, from + 6), y: labels.slice(from, from + 6) }));
    if (!first || !second) throw new Error("no data");
    const [one, other] = [await trainer.testOnBatch(first), await trainer.testOnBatch(second)];
    await trainer.testOnBatch(first);
    const all = await trainer.testOnBatch(second, { resetMetrics: false });
    expect(all["loss"]).toBeCloseTo(((one["loss"] ?? 0) + (other["loss"] ?? 0)) / 2, 6);
    trainer.resetMetrics();
    expect(await trainer.testOnBatch(second, { resetMetrics: false })).toEqual(other);
  }));

test("verbose says how training and evaluation go", () =>
  withTrainer(async (trainer) => {
    const lines = vi.spyOn(console, "log").mockImplementation(() => {});
    await trainer.fit({ x, y: labels }, { epochs: 2, batchSize: 4, verbose: 2, validationSplit: 0.25 });
    await trainer.evaluate({ x, y: labels }, { verbose: 1 });
    const said = lines.mock.calls.map(([line]) => String(line));
    lines.mockRestore();
    const numbers = String.raw`loss: [\d.]+ - accuracy: [\d.]+`;
    const validated = String.raw` - val_loss: [\d.]+ - val_accuracy: [\d.]+`;
    const line = String.raw`^3/3 - \d+s - \d+ms/step - ${numbers}${validated}$`;
    const [one, first, two, second, evaluated, ...more] = said;
    expect([one, two, more]).toEqual(["Epoch 1/2", "Epoch 2/2", []]);
    for (const each of [first, second]) expect(each).toMatch(new RegExp(line));
    expect(evaluated).toMatch(new RegExp(String.raw`^1/1 - \d+s - \d+ms/step - ${numbers}$`));
  }));
