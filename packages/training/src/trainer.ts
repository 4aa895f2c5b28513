import type { Batch, BatchSource } from "@featuremap/datasets";
import { type Model, registerGradients } from "@featuremap/layers";
import { AbortedError, type HostArray, InvalidConfigError, type OptionNames, checkOptions } from "@featuremap/tensor";
import { ready } from "@tensorflow/tfjs-core";
import type { Callback, EvaluationProgress, Progress, TrainingRun } from "./callbacks/callback.ts";
import type { History } from "./history.ts";
import { ArrayBatches, type TrainingArrays } from "./loop/array-batches.ts";
import { Objective } from "./loop/objective.ts";
import { predictBatches } from "./loop/predict-batches.ts";
import { type PassResult, type PassStatus, runPass } from "./loop/run-pass.ts";
import { evaluationStep, trainingStep } from "./loop/step.ts";
import type { Logs } from "./loop/totals.ts";
import type { Loss } from "./losses/loss.ts";
import { type LossName, resolveLoss } from "./losses/resolve-loss.ts";
import type { Direction, Metric } from "./metrics/metric.ts";
import { type MetricName, type MetricRequest, requestMetrics } from "./metrics/resolve-metric.ts";
import type { Optimizer } from "./optimizers/optimizer.ts";
import { type OptimizerName, resolveOptimizer } from "./optimizers/resolve-optimizer.ts";

/** Data with labels: batches from `@featuremap/datasets`, or arrays in memory. */
export type LabelledData = BatchSource | TrainingArrays;

/** What Keras's `compile` takes. Names stand for the object with its defaults. */
export interface TrainerConfig {
  readonly optimizer: OptimizerName | Optimizer;
  readonly loss: LossName | Loss;
  /** Default: none. */
  readonly metrics?: readonly (MetricName | Metric)[];
}

export interface FitOptions {
  /** The epoch before which training ends, counted from 0; the number of epochs, if `initialEpoch` is 0. */
  readonly epochs: number;
  /** The first epoch, to go on where an earlier call ended. Default: 0. */
  readonly initialEpoch?: number;
  /** Data on which the model is evaluated after each epoch. */
  readonly validation?: LabelledData;
  readonly callbacks?: readonly Callback[];
  /** Ends training after the step under way; weights and history so far are kept. */
  readonly signal?: AbortSignal;
}

export interface EvaluateOptions {
  /** Hear of the progress. */
  readonly callbacks?: readonly Callback[];
  readonly signal?: AbortSignal;
}

export interface PredictOptions {
  /** For arrays; batch sources have their own. Default: 32. */
  readonly batchSize?: number;
  readonly signal?: AbortSignal;
}

const trainerOptions: OptionNames<TrainerConfig> = { optimizer: true, loss: true, metrics: true };
const fitOptions: OptionNames<FitOptions> = {
  epochs: true,
  initialEpoch: true,
  validation: true,
  callbacks: true,
  signal: true,
};
const evaluateOptions: OptionNames<EvaluateOptions> = { callbacks: true, signal: true };
const predictOptions: OptionNames<PredictOptions> = { batchSize: true, signal: true };

/**
 * Trains, evaluates and uses a model, on whatever device tfjs has been given.
 *
 * The model stays the caller's; the optimizer's memory is freed by {@link dispose}, and kept between calls of
 * {@link fit}, which so go on where the one before ended.
 * Source: Keras 3 `Model.compile`, `fit`, `evaluate` and `predict`.
 */
export class Trainer {
  readonly model: Model;
  readonly optimizer: Optimizer;
  readonly loss: Loss;
  readonly #metrics: readonly MetricRequest[];

  /** @throws {InvalidConfigError} an option or a name is unknown, or two metrics have one name. */
  constructor(model: Model, config: TrainerConfig) {
    checkOptions("Trainer", config, trainerOptions);
    const { optimizer, loss, metrics = [] } = config;
    this.model = model;
    this.optimizer = resolveOptimizer(optimizer);
    this.loss = resolveLoss(loss);
    this.#metrics = requestMetrics(metrics);
  }

  /**
   * Trains for some epochs.
   *
   * The same weights, seeds and device give the same losses.
   *
   * @throws {NonFiniteError} a loss is NaN or infinite; the message names epoch and step.
   * @throws {ShapeError} inputs or labels do not fit the model.
   * @throws {InvalidConfigError} an option is invalid, or the model has no weights to train.
   */
  async fit(data: LabelledData, options: FitOptions): Promise<History> {
    checkOptions("Trainer.fit", options, fitOptions);
    const { epochs, initialEpoch = 0, callbacks = [], signal } = options;
    checkEpochs(initialEpoch, epochs);
    const source = batchesOf(data);
    const validation = options.validation && batchesOf(options.validation);
    await prepare();
    const state = { stopping: false };
    const run: TrainingRun = {
      model: this.model,
      optimizer: this.optimizer,
      initialEpoch,
      epochs,
      steps: source.batchCount,
      logs: this.#logDirections(validation !== undefined),
      stop: () => {
        state.stopping = true;
      },
    };
    const finished: number[] = [];
    const columns: Record<string, number[]> = {};
    let end: Pick<History, "stopped" | "abortedAt"> = {};

    for (const callback of callbacks) await callback.onTrainBegin(run);
    for (let epoch = initialEpoch; epoch < epochs && !state.stopping; epoch++) {
      for (const callback of callbacks) await callback.onEpochBegin(epoch, run);
      const training = await this.#train(source, epoch, run, callbacks, signal, () => !state.stopping);
      const validated =
        validation && !training.aborted
          ? await this.#evaluate(validation, `validation after epoch ${epoch + 1}`, callbacks, signal)
          : undefined;
      if (training.aborted || validated?.aborted) {
        end = { stopped: "aborted", abortedAt: { epoch, step: training.step } };
        break;
      }
      const logs = { ...training.totals.logs, ...prefixed(validated?.totals.logs ?? {}) };
      finished.push(epoch);
      for (const [name, value] of Object.entries(logs)) (columns[name] ??= []).push(value);
      for (const callback of callbacks) await callback.onEpochEnd(epoch, logs, run);
      if (state.stopping) end = { stopped: "earlyStopping" };
    }
    const history: History = { epochs: finished, history: columns, ...end };
    for (const callback of callbacks) await callback.onTrainEnd(history, run);
    return history;
  }

  /**
   * Loss and metrics on data, by name.
   *
   * @throws {NonFiniteError} a loss is NaN or infinite; the message names the step.
   * @throws {ShapeError} inputs or labels do not fit the model.
   * @throws {AbortedError} the signal ended it.
   */
  async evaluate(data: LabelledData, options: EvaluateOptions = {}): Promise<Record<string, number>> {
    checkOptions("Trainer.evaluate", options, evaluateOptions);
    const { callbacks = [], signal } = options;
    const source = batchesOf(data);
    await prepare();
    const { aborted, totals } = await this.#evaluate(source, "evaluation", callbacks, signal);
    if (aborted) throw new AbortedError("The evaluation was aborted.");
    return totals.logs;
  }

  /**
   * The model's outputs, in the order of the inputs: float32 `[examples, ...]`.
   *
   * @param data inputs `[examples, ...]`, or batches, whose labels are not looked at
   * @throws {ShapeError} inputs do not fit the model.
   * @throws {AbortedError} the signal ended it.
   */
  async predict(data: HostArray | BatchSource, options: PredictOptions = {}): Promise<HostArray<Float32Array>> {
    checkOptions("Trainer.predict", options, predictOptions);
    const { batchSize = 32, signal } = options;
    await ready();
    return predictBatches(this.model, data, batchSize, signal);
  }

  /** Frees the optimizer's memory; the model stays. */
  dispose(): void {
    this.optimizer.dispose();
  }

  async #train(
    source: BatchSource,
    epoch: number,
    run: TrainingRun,
    callbacks: readonly Callback[],
    signal: AbortSignal | undefined,
    goOn: () => boolean,
  ): Promise<PassResult> {
    const objectiveFor = this.#objectives();
    const { epochs, steps } = run;
    return runPass({
      batches: source.batches(epoch),
      signal,
      step: (batch) => {
        const objective = objectiveFor(batch);
        return trainingStep(objective, this.optimizer, objective.trainableWeights, batch);
      },
      report: async (status) => {
        const progress: Progress = { epoch, epochs, ...progressOf(status, steps, source.size) };
        for (const callback of callbacks) await callback.onProgress(progress, run);
        return goOn();
      },
      place: (step) => `epoch ${epoch + 1} of ${epochs}, step ${step} of ${steps}`,
    });
  }

  async #evaluate(
    source: BatchSource,
    what: string,
    callbacks: readonly Callback[],
    signal: AbortSignal | undefined,
  ): Promise<PassResult> {
    const objectiveFor = this.#objectives();
    return runPass({
      batches: source.batches(0),
      signal,
      step: (batch) => evaluationStep(objectiveFor(batch), batch),
      report: async (status) => {
        const progress: EvaluationProgress = progressOf(status, source.batchCount, source.size);
        for (const callback of callbacks) await callback.onEvaluationProgress(progress);
        return true;
      },
      place: (step) => `${what}, step ${step} of ${source.batchCount}`,
    });
  }

  /** The objective for a pass, made from its first batch. */
  #objectives(): (batch: Batch) => Objective {
    let objective: Objective | undefined;
    return (batch) => (objective ??= new Objective(this.model, this.loss, this.#metrics, batch));
  }

  #logDirections(validated: boolean): ReadonlyMap<string, Direction> {
    const own: [string, Direction][] = [
      ["loss", "down"],
      ...this.#metrics.map(({ name, direction }): [string, Direction] => [name, direction]),
    ];
    return new Map(validated ? [...own, ...own.map(([name, direction]) => [`val_${name}`, direction] as const)] : own);
  }
}

async function prepare(): Promise<void> {
  await ready();
  registerGradients();
}

function batchesOf(data: LabelledData): BatchSource {
  const source = "batches" in data ? data : new ArrayBatches(data);
  if (source.batchCount < 1) throw new InvalidConfigError("Trainer", "data", "one batch or more", "none");
  return source;
}

function progressOf({ step, seconds, totals }: PassStatus, steps: number, size: number): EvaluationProgress {
  const imagesPerSecond = totals.examples / seconds;
  const secondsLeft = Math.max(size - totals.examples, 0) / imagesPerSecond;
  return { step, steps, imagesPerSecond, loss: totals.loss, metrics: totals.metrics, secondsLeft };
}

function prefixed(logs: Logs): Logs {
  return Object.fromEntries(Object.entries(logs).map(([name, value]) => [`val_${name}`, value]));
}

function checkEpochs(initialEpoch: number, epochs: number): void {
  if (!Number.isInteger(epochs) || epochs < 1) {
    throw new InvalidConfigError("Trainer.fit", "epochs", "an integer of at least 1", epochs);
  }
  if (!Number.isInteger(initialEpoch) || initialEpoch < 0 || initialEpoch >= epochs) {
    throw new InvalidConfigError("Trainer.fit", "initialEpoch", `an integer in [0, ${epochs})`, initialEpoch);
  }
}
