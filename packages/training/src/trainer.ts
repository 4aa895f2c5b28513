import type { BatchSource } from "@featuremap/datasets";
import { type Model, registerGradients } from "@featuremap/layers";
import { AbortedError, type HostArray, InvalidConfigError, NonFiniteError, checkOptions } from "@featuremap/tensor";
import { ready } from "@tensorflow/tfjs-core";
import type { Callback, EvaluationProgress, Progress, TrainingRun } from "./callbacks/callback.ts";
import type { History } from "./history.ts";
import { ArrayBatches, type ModelEnds, type TrainingArrays, isArray } from "./loop/array-batches.ts";
import { type PerName, orderByName } from "./loop/by-name.ts";
import { checkClassWeight, weighBatch } from "./loop/class-weights.ts";
import { checkSteps, fitData, sourceOf, withOptions } from "./loop/fit-data.ts";
import { firstBatches } from "./loop/limited-source.ts";
import { Objective } from "./loop/objective.ts";
import { type OutputPlan, inputNames, logDirections, outputNames, planOutputs } from "./loop/output-plan.ts";
import { predictBatches } from "./loop/predict-batches.ts";
import { type PassResult, type PassStatus, runPass } from "./loop/run-pass.ts";
import { evaluationStep, trainingStep } from "./loop/step.ts";
import { validationLogs } from "./loop/totals.ts";
import type { TrainingBatch, TrainingSource } from "./loop/training-batch.ts";
import type { Optimizer } from "./optimizers/optimizer.ts";
import { resolveOptimizer } from "./optimizers/resolve-optimizer.ts";
import {
  type EvaluateOptions,
  type FitOptions,
  type LabelledData,
  type PredictOptions,
  type TrainOnBatchOptions,
  type TrainerConfig,
  evaluateOptions,
  fitOptions,
  predictOptions,
  trainOnBatchOptions,
  trainerOptions,
} from "./trainer-options.ts";

/**
 * Trains, evaluates and uses a model, on whatever device tfjs has been given.
 *
 * The model stays the caller's; the optimizer's memory is freed by {@link dispose}, and kept between calls of
 * {@link fit}, which so go on where the one before ended.
 * Source: Keras 3 `Model.compile`, `fit`, `evaluate`, `predict` and their `_on_batch` forms.
 */
export class Trainer {
  readonly model: Model;
  readonly optimizer: Optimizer;
  readonly #outputs: readonly OutputPlan[];

  /** @throws {InvalidConfigError} an option or a name is unknown, or losses or metrics do not fit the outputs. */
  constructor(model: Model, config: TrainerConfig) {
    checkOptions("Trainer", config, trainerOptions);
    this.model = model;
    this.optimizer = resolveOptimizer(config.optimizer);
    this.#outputs = planOutputs(model, config);
  }

  /**
   * Trains for some epochs.
   *
   * The same weights, seeds and device give the same losses.
   *
   * @throws {NonFiniteError} a loss is NaN or infinite, and no callback ends training there; the message names epoch
   * and step.
   * @throws {ShapeError} inputs or labels do not fit the model.
   * @throws {InvalidConfigError} an option is invalid, or the model has no weights to train.
   */
  async fit(data: LabelledData, options: FitOptions): Promise<History> {
    checkOptions("Trainer.fit", options, fitOptions);
    const { epochs, initialEpoch = 0, callbacks = [], signal } = options;
    const { training: source, validation, validates } = fitData(data, options, this.#ends);
    await prepare();
    const state = { stopping: false, first: initialEpoch, logs: {} as Record<string, number> };
    const run: TrainingRun = {
      model: this.model,
      optimizer: this.optimizer,
      initialEpoch,
      epochs,
      steps: source.batchCount,
      logs: logDirections(this.#outputs, validation !== undefined),
      stop: () => {
        state.stopping = true;
      },
      record: (name, value) => {
        state.logs[name] = value;
      },
      resumeAt: (epoch) => {
        state.first = Math.max(state.first, epoch);
      },
    };
    const finished: number[] = [];
    const columns: Record<string, number[]> = {};
    let end: Pick<History, "stopped" | "abortedAt"> = {};
    try {
      for (const callback of callbacks) await callback.onTrainBegin(run);
      for (let epoch = state.first; epoch < epochs && !state.stopping; epoch++) {
        for (const callback of callbacks) await callback.onEpochBegin(epoch, run);
        const training = await this.#train(source, epoch, run, callbacks, signal, () => !state.stopping);
        if (training === undefined) {
          end = { stopped: "nonFinite" };
          break;
        }
        const validated =
          validation && validates(epoch) && !training.aborted
            ? await this.#evaluate(validation, `validation after epoch ${epoch + 1}`, callbacks, signal)
            : undefined;
        if (training.aborted || validated?.aborted) {
          end = { stopped: "aborted", abortedAt: { epoch, step: training.step } };
          break;
        }
        state.logs = { ...training.totals.logs, ...validationLogs(validated?.totals.logs ?? {}) };
        for (const callback of callbacks) await callback.onEpochEnd(epoch, state.logs, run);
        finished.push(epoch);
        for (const [name, value] of Object.entries(state.logs)) (columns[name] ??= []).push(value);
        if (state.stopping) end = { stopped: "earlyStopping" };
      }
    } finally {
      await source.close?.();
    }
    this.optimizer.finalizeVariableValues(this.model.trainableWeights.map((weight) => weight.variable));
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
    const { callbacks = [], signal, batchSize, steps } = options;
    checkSteps("Trainer.evaluate", "steps", steps);
    const whole = sourceOf(withOptions("Trainer.evaluate", data, { batchSize }), this.#ends);
    await prepare();
    const source = steps === undefined ? whole : firstBatches(whole, steps);
    const { aborted, totals } = await this.#evaluate(source, "evaluation", callbacks, signal);
    if (aborted) throw new AbortedError("The evaluation was aborted.");
    return totals.logs;
  }

  /**
   * The output of a model that has one, in the order of the inputs: float32 `[examples, ...]`.
   *
   * @param data inputs `[examples, ...]`, or batches, whose labels are not looked at
   * @throws {ShapeError} inputs do not fit the model.
   * @throws {AbortedError} the signal ended it.
   */
  async predict(data: PerName<HostArray> | BatchSource, options?: PredictOptions): Promise<HostArray<Float32Array>> {
    const [output, ...others] = await this.predictAll(data, options);
    if (output && others.length === 0) return output;
    throw new InvalidConfigError("Trainer.predict", "model", "of one output; predictAll takes others", this.model.name);
  }

  /** {@link predict} for a model of several outputs, in its order. */
  async predictAll(
    data: PerName<HostArray> | BatchSource,
    options: PredictOptions = {},
  ): Promise<HostArray<Float32Array>[]> {
    checkOptions("Trainer.predict", options, predictOptions);
    const { batchSize = 32, steps, signal } = options;
    checkSteps("Trainer.predict", "steps", steps);
    await ready();
    const inputs = isSource(data) ? data : orderByName("Trainer", "x", data, isArray, this.#ends.inputs);
    return predictBatches(this.model, inputs, { batchSize, steps, signal });
  }

  /**
   * Takes one step, and says what loss and metrics were on its batch before it.
   *
   * Numbers are those of this batch alone, while Keras's metrics go on from call to call.
   *
   * @throws {NonFiniteError} the loss is NaN or infinite.
   * @throws {ShapeError} inputs or labels do not fit the model.
   */
  async trainOnBatch(batch: TrainingArrays, options: TrainOnBatchOptions = {}): Promise<Record<string, number>> {
    checkOptions("Trainer.trainOnBatch", options, trainOnBatchOptions);
    const { classWeight } = options;
    const given = this.#wholeBatch(batch);
    const weighed = classWeight ? weighBatch(given, checkClassWeight("Trainer.trainOnBatch", classWeight)) : given;
    return this.#single(weighed, "trainOnBatch", (objective) => trainingStep(objective, this.optimizer, weighed));
  }

  /** Loss and metrics on one batch. @throws as {@link trainOnBatch}. */
  async testOnBatch(batch: TrainingArrays): Promise<Record<string, number>> {
    const given = this.#wholeBatch(batch);
    return this.#single(given, "testOnBatch", (objective) => evaluationStep(objective, given));
  }

  /** The output for one batch. @throws {ShapeError} inputs do not fit the model. */
  async predictOnBatch(x: PerName<HostArray>): Promise<HostArray<Float32Array>> {
    return this.predict(x, { batchSize: Number.MAX_SAFE_INTEGER });
  }

  /** Frees the optimizer's memory; the model stays. */
  dispose(): void {
    this.optimizer.dispose();
  }

  get #ends(): ModelEnds {
    return { inputs: inputNames(this.model), outputs: outputNames(this.model) };
  }

  #wholeBatch(arrays: TrainingArrays): TrainingBatch {
    const batchSize = Number.MAX_SAFE_INTEGER;
    const [batch] = new ArrayBatches({ ...arrays, batchSize, shuffle: false }, this.#ends).batches(0);
    if (batch) return batch;
    throw new InvalidConfigError("Trainer", "x", "one example or more", "none");
  }

  async #single(
    batch: TrainingBatch,
    place: string,
    step: (objective: Objective) => ReturnType<typeof evaluationStep>,
  ): Promise<Record<string, number>> {
    await prepare();
    const objective = new Objective(this.model, this.#outputs, batch);
    const { totals } = await runPass({
      batches: [batch],
      signal: undefined,
      step: () => step(objective),
      report: () => Promise.resolve(true),
      place: () => place,
    });
    return totals.logs;
  }

  /** One epoch; undefined if its loss is not finite and a callback wants training to end there. */
  async #train(
    source: TrainingSource,
    epoch: number,
    run: TrainingRun,
    callbacks: readonly Callback[],
    signal: AbortSignal | undefined,
    goOn: () => boolean,
  ): Promise<PassResult | undefined> {
    const objectiveFor = this.#objectives();
    const { epochs, steps } = run;
    try {
      return await runPass({
        batches: source.batches(epoch),
        signal,
        step: (batch) => trainingStep(objectiveFor(batch), this.optimizer, batch),
        report: async (status) => {
          const progress: Progress = { epoch, epochs, ...progressOf(status, steps, source.size) };
          for (const callback of callbacks) await callback.onProgress(progress, run);
          return goOn();
        },
        place: (step) => `epoch ${epoch + 1} of ${epochs}, step ${step} of ${steps}`,
      });
    } catch (error) {
      if (error instanceof NonFiniteError && callbacks.some((each) => each.onNonFiniteLoss(error, run)))
        return undefined;
      throw error;
    }
  }

  async #evaluate(
    source: TrainingSource,
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
  #objectives(): (batch: TrainingBatch) => Objective {
    let objective: Objective | undefined;
    return (batch) => (objective ??= new Objective(this.model, this.#outputs, batch));
  }
}

async function prepare(): Promise<void> {
  await ready();
  registerGradients();
}

function isSource(data: PerName<HostArray> | BatchSource): data is BatchSource {
  return "batches" in data && typeof data.batches === "function";
}

function progressOf({ step, seconds, totals }: PassStatus, steps: number, size: number): EvaluationProgress {
  const imagesPerSecond = totals.examples / seconds;
  const secondsLeft = Math.max(size - totals.examples, 0) / imagesPerSecond;
  return { step, steps, imagesPerSecond, loss: totals.loss, metrics: totals.metrics, secondsLeft };
}
