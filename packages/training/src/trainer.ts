import type { BatchSource } from "@featuremap/datasets";
import type { Model } from "@featuremap/layers";
import { AbortedError, type HostArray, InvalidConfigError, NonFiniteError, checkOptions } from "@featuremap/tensor";
import type { CallbackList } from "./callbacks/callback-list.ts";
import type { EvaluationProgress, Progress } from "./callbacks/callback.ts";
import type { History } from "./history.ts";
import { ArrayBatches, type ModelEnds, type TrainingArrays, orderArrays } from "./data/array-batches.ts";
import type { PerName } from "./data/by-name.ts";
import { checkClassWeight, weighBatch } from "./data/class-weights.ts";
import { checkSteps, fitData, inOrder, sourceOf, withOptions } from "./data/fit-data.ts";
import { FitRun } from "./loop/fit-run.ts";
import { firstBatches } from "./data/limited-source.ts";
import { Objective } from "./loop/objective.ts";
import {
  type OutputPlan,
  inputNames,
  logDirections,
  outputNames,
  planOutputs,
  unjudgedNames,
} from "./loop/output-plan.ts";
import { PlainRun } from "./loop/plain-run.ts";
import { isSource, prepare } from "./loop/prepare.ts";
import { predictBatches } from "./loop/predict-batches.ts";
import { beginEpoch, callbackList, progressOf } from "./loop/progress.ts";
import { type PassResult, runPass } from "./loop/run-pass.ts";
import { type MeasuredBatch, evaluationStep, trainingStep } from "./loop/step.ts";
import { Totals, validationLogs } from "./loop/totals.ts";
import type { TrainingBatch, TrainingSource } from "./data/training-batch.ts";
import type { Optimizer } from "./optimizers/optimizer.ts";
import { resolveOptimizer } from "./optimizers/resolve-optimizer.ts";
import {
  type EvaluateOptions,
  type FitOptions,
  type LabelledData,
  type PredictOptions,
  type TestOnBatchOptions,
  type TrainOnBatchOptions,
  type TrainerConfig,
  evaluateOptions,
  fitOptions,
  predictOptions,
  testOnBatchOptions,
  trainOnBatchOptions,
  trainerOptions,
} from "./trainer-options.ts";
import { type OrNull, withoutNulls } from "./without-nulls.ts";

/**
 * Trains, evaluates and uses a model, on whatever device tfjs has been given.
 *
 * The model stays the caller's; the optimizer's memory is freed by {@link dispose}, and kept between calls of
 * {@link fit}, which so go on where the one before ended.
 * Source: Keras 3 `Model.compile`, `fit`, `evaluate`, `predict` and their `_on_batch` forms.
 * @differs an object beside the model, which stays as it is
 */
export class Trainer {
  readonly model: Model;
  readonly optimizer: Optimizer;
  readonly #outputs: readonly OutputPlan[];
  #batchTotals = new Totals();

  /** @throws {InvalidConfigError} an option or a name is unknown, or losses or metrics do not fit the outputs. */
  constructor(model: Model, config: TrainerConfig) {
    checkOptions("Trainer", config, trainerOptions);
    this.model = model;
    this.optimizer = resolveOptimizer(config.optimizer ?? "rmsprop");
    this.#outputs = planOutputs(model, config);
  }

  /**
   * Trains for some epochs.
   *
   * The same weights, seeds and device give the same losses.
   *
   * @differs a loss that is not finite is an error that names its step, unless `TerminateOnNaN` is among the callbacks
   * @throws {NonFiniteError} a loss is NaN or infinite, and no callback ends training there; the message names epoch
   * and step.
   * @throws {ShapeError} inputs or labels do not fit the model.
   * @throws {InvalidConfigError} an option is invalid, or the model has no weights to train.
   */
  async fit(data: LabelledData, given: OrNull<FitOptions> = {}): Promise<History> {
    checkOptions("Trainer.fit", given, fitOptions);
    const options = withoutNulls<FitOptions>(given);
    const { model, optimizer } = this;
    const { epochs = 1, initialEpoch = 0, signal } = options;
    const callbacks = callbackList("Trainer.fit", options);
    const { training: source, validation, validates } = fitData(data, options, this.#ends, model.config.seed);
    await prepare();
    const logs = logDirections(this.#outputs, validation !== undefined);
    const run = new FitRun({ model, optimizer, source, initialEpoch, epochs, callbacks: callbacks.all, logs });
    const finished: number[] = [];
    const columns: Record<string, number[]> = {};
    let end: Pick<History, "stopped" | "abortedAt"> = {};
    try {
      await callbacks.tell((each) => each.onTrainBegin(run));
      while (run.epoch < epochs && !run.stopping) {
        const { epoch } = run;
        await beginEpoch(run, callbacks);
        const training = await this.#train(source, run, callbacks, signal);
        if (training === undefined) {
          end = { stopped: "nonFinite", abortedAt: { epoch, step: run.step } };
          break;
        }
        const validated =
          validation && validates(epoch) && !training.aborted
            ? await this.#evaluate(validation, `validation after epoch ${epoch + 1}`, callbacks, signal)
            : undefined;
        if (training.aborted || validated?.aborted) {
          end = { stopped: "aborted", abortedAt: { epoch, step: training.step } };
          await callbacks.tell((each) => each.onInterrupt(run));
          break;
        }
        const numbers = run.completeEpoch({
          ...training.totals.logs,
          ...validationLogs(validated?.totals.logs ?? {}),
        });
        await callbacks.tell((each) => each.onEpochEnd(epoch, numbers, run));
        finished.push(epoch);
        for (const [name, value] of Object.entries(numbers)) (columns[name] ??= []).push(value);
        if (run.stopping) end = { stopped: "earlyStopping" };
      }
    } finally {
      await source.close?.();
    }
    optimizer.finalizeVariableValues(model.trainableWeights.map((weight) => weight.variable));
    const history: History = { epochs: finished, history: columns, ...end };
    await callbacks.tell((each) => each.onTrainEnd(history, run));
    return history;
  }

  /**
   * Loss and metrics on data, by name.
   *
   * @differs numbers come by name, as with `return_dict=True`
   * @throws {NonFiniteError} a loss is NaN or infinite; the message names the step.
   * @throws {ShapeError} inputs or labels do not fit the model.
   * @throws {AbortedError} the signal ended it.
   */
  async evaluate(data: LabelledData, given: OrNull<EvaluateOptions> = {}): Promise<Record<string, number>> {
    checkOptions("Trainer.evaluate", given, evaluateOptions);
    const options = withoutNulls<EvaluateOptions>(given);
    const { signal, batchSize, steps } = options;
    const callbacks = callbackList("Trainer.evaluate", options);
    checkSteps("Trainer.evaluate", "steps", steps);
    const whole = sourceOf(inOrder(withOptions("Trainer.evaluate", data, { batchSize })), this.#ends);
    await prepare();
    const source = steps === undefined ? whole : firstBatches(whole, steps);
    const { aborted, totals } = await this.#evaluate(source, "evaluation", callbacks, signal);
    if (aborted) throw new AbortedError("The evaluation was aborted.");
    return totals.logs;
  }

  /**
   * The output of a model that has one, in the order of the inputs: float32 `[examples, ...]`.
   *
   * @param x inputs `[examples, ...]`, or batches, whose labels are not looked at
   * @differs for models of one output; `predictAll` gives those of several
   * @throws {ShapeError} inputs do not fit the model.
   * @throws {AbortedError} the signal ended it.
   */
  async predict(
    x: PerName<HostArray> | BatchSource,
    options?: OrNull<PredictOptions>,
  ): Promise<HostArray<Float32Array>> {
    const [output, ...others] = await this.predictAll(x, options);
    if (output && others.length === 0) return output;
    throw new InvalidConfigError("Trainer.predict", "model", "of one output; predictAll takes others", this.model.name);
  }

  /** {@link predict} for a model of several outputs, in its order. */
  async predictAll(
    x: PerName<HostArray> | BatchSource,
    given: OrNull<PredictOptions> = {},
  ): Promise<HostArray<Float32Array>[]> {
    checkOptions("Trainer.predict", given, predictOptions);
    const options = withoutNulls<PredictOptions>(given);
    const { batchSize = 32, steps, signal } = options;
    const callbacks = callbackList("Trainer.predict", options);
    checkSteps("Trainer.predict", "steps", steps);
    await prepare();
    const { model, optimizer } = this;
    const inputs = isSource(x) ? x : orderArrays("x", x, this.#ends.inputs);
    return predictBatches(model, inputs, { batchSize, steps, signal, callbacks, optimizer });
  }

  /**
   * Takes one step, and says what loss and metrics were on its batch before it, by name.
   *
   * Numbers are those of this batch alone, unless `resetMetrics` is false: then they are those of all batches since the
   * last call that reset them.
   *
   * @differs numbers come by name, as with `return_dict=True`
   * @throws {NonFiniteError} the loss is NaN or infinite.
   * @throws {ShapeError} inputs or labels do not fit the model.
   */
  async trainOnBatch(
    batch: TrainingArrays,
    options: OrNull<TrainOnBatchOptions> = {},
  ): Promise<Record<string, number>> {
    checkOptions("Trainer.trainOnBatch", options, trainOnBatchOptions);
    const { classWeight, resetMetrics } = withoutNulls<TrainOnBatchOptions>(options);
    const given = this.#wholeBatch(batch);
    const weighed = classWeight ? weighBatch(given, checkClassWeight("Trainer.trainOnBatch", classWeight)) : given;
    const step = (objective: Objective): MeasuredBatch => trainingStep(objective, this.optimizer, weighed);
    return this.#single(weighed, "trainOnBatch", resetMetrics, step);
  }

  /**
   * Loss and metrics on one batch, by name.
   *
   * @differs numbers come by name, as with `return_dict=True`
   * @throws as {@link trainOnBatch}.
   */
  async testOnBatch(batch: TrainingArrays, options: TestOnBatchOptions = {}): Promise<Record<string, number>> {
    checkOptions("Trainer.testOnBatch", options, testOnBatchOptions);
    const given = this.#wholeBatch(batch);
    const step = (objective: Objective): MeasuredBatch => evaluationStep(objective, given);
    return this.#single(given, "testOnBatch", options.resetMetrics, step);
  }

  /** Begins anew with the numbers of {@link trainOnBatch} and {@link testOnBatch}. */
  resetMetrics(): void {
    this.#batchTotals = new Totals();
  }

  /**
   * The output for one batch.
   *
   * @differs for models of one output
   * @throws {ShapeError} inputs do not fit the model.
   */
  async predictOnBatch(x: PerName<HostArray>): Promise<HostArray<Float32Array>> {
    return this.predict(x, { batchSize: Number.MAX_SAFE_INTEGER });
  }

  /** Frees the optimizer's memory; the model stays. */
  dispose(): void {
    this.optimizer.dispose();
  }

  get #ends(): ModelEnds {
    const { model } = this;
    const unjudged = unjudgedNames(model, this.#outputs);
    return { inputs: inputNames(model), outputs: outputNames(model), unjudged };
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
    resetMetrics = true,
    step: (objective: Objective) => MeasuredBatch,
  ): Promise<Record<string, number>> {
    if (resetMetrics) this.resetMetrics();
    await prepare();
    const objective = new Objective(this.model, this.#outputs, batch);
    const { totals } = await runPass({
      batches: [batch],
      totals: this.#batchTotals,
      signal: undefined,
      step: () => step(objective),
      report: () => Promise.resolve(),
      place: () => place,
    });
    return totals.logs;
  }

  /** One epoch; undefined if its loss is not finite and a callback wants training to end there. */
  async #train(
    source: TrainingSource,
    run: FitRun,
    callbacks: CallbackList,
    signal: AbortSignal | undefined,
  ): Promise<PassResult | undefined> {
    const objectiveFor = this.#objectives();
    const { epoch, epochs, steps } = run;
    try {
      return await runPass({
        ...callbacks.aroundTraining(run),
        batches: source.batches(epoch),
        totals: run.totals,
        resume: { step: run.step, totals: run.resumedTotals, describe: (batch) => objectiveFor(batch).judge(batch) },
        signal,
        step: (batch) => {
          const measured = trainingStep(objectiveFor(batch), this.optimizer, batch);
          run.stepTaken();
          return measured;
        },
        goOn: () => !run.stopping,
        report: (status) => {
          const progress: Progress = { epoch, epochs, ...progressOf(status, steps, source.size) };
          return callbacks.tell((each) => each.onProgress(progress, run));
        },
        place: (step) => `epoch ${epoch + 1} of ${epochs}, step ${step} of ${steps}`,
      });
    } catch (error) {
      if (error instanceof NonFiniteError && callbacks.all.some((each) => each.onNonFiniteLoss(error, run)))
        return undefined;
      throw error;
    }
  }

  async #evaluate(
    source: TrainingSource,
    what: string,
    callbacks: CallbackList,
    signal: AbortSignal | undefined,
  ): Promise<PassResult> {
    const objectiveFor = this.#objectives();
    const run = new PlainRun(this.model, this.optimizer, source.batchCount);
    await callbacks.tell((each) => each.onTestBegin(run));
    const result = await runPass({
      ...callbacks.aroundTest(run),
      batches: source.batches(0),
      signal,
      step: (batch) => evaluationStep(objectiveFor(batch), batch),
      goOn: () => !run.stopping,
      report: (status) => {
        const progress: EvaluationProgress = progressOf(status, source.batchCount, source.size);
        return callbacks.tell((each) => each.onEvaluationProgress(progress));
      },
      place: (step) => `${what}, step ${step} of ${source.batchCount}`,
    });
    if (!result.aborted) await callbacks.tell((each) => each.onTestEnd(result.totals.logs, run));
    return result;
  }

  /** The objective for a pass, made from its first batch. */
  #objectives(): (batch: TrainingBatch) => Objective {
    let objective: Objective | undefined;
    return (batch) => (objective ??= new Objective(this.model, this.#outputs, batch));
  }
}
