import { Model } from "@featuremap/layers";
import {
  AbortedError,
  type HostArray,
  InvalidConfigError,
  checkOptions,
  refuseMethods,
  settleOptions,
} from "@featuremap/tensor";
import type { ArrayData } from "../data/array-data.ts";
import type { TrainingArrays } from "../data/kinds/array-batches.ts";
import type { PerName, SomePerName } from "../data/by-name.ts";
import { callArguments } from "../data/call-arguments.ts";
import { checkClassWeight, weighBatch } from "../data/class-weights.ts";
import { inOrder } from "./fit-data.ts";
import { clock, endsOf, fitModel } from "./fit-model.ts";
import { type InputData, type LabelledData, toSource } from "../data/to-source.ts";
import { firstBatches } from "../data/limited-source.ts";
import type { ModelEnds } from "../data/ordered-arrays.ts";
import type { TrainingBatch } from "../data/training-batch.ts";
import type { History } from "../run/history.ts";
import { Objective } from "../step/objective.ts";
import { type OutputPlan, planOutputs, requireLoss } from "../step/output-plan.ts";
import { predictBatches } from "../loop/single/predict-batches.ts";
import { callbackList } from "./call-options.ts";
import { prepare } from "./prepare.ts";
import { evaluateEpoch } from "../loop/single/evaluation.ts";
import { takeLoneStep } from "../loop/single/lone-step.ts";
import { soleProcess } from "../step/gradient-exchange.ts";
import { refuseTraining, trainAlone } from "../step/sole-training.ts";
import { type MeasuredBatch, evaluationStep, trainingStep } from "../step/step.ts";
import { Totals } from "../step/totals.ts";
import type { Optimizer } from "../optimizers/optimizer.ts";
import { resolveOptimizer } from "../optimizers/resolve-optimizer.ts";
import {
  type ArrayEvaluateOptions,
  type ArrayFitOptions,
  type EvaluateOptions,
  type FitOptions,
  type OrNull,
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

/** What to write in place of methods of Keras's models that are not a trainer's. */
const methodsElsewhere = {
  compile: "new Trainer(model, { optimizer, loss, metrics }), which takes what compile does",
  save: "await saveBundle(trainer.model, folder, { preprocessing, labels }) of @featuremap/formats",
  summary: "console.log(trainer.model.summary())",
};

/**
 * Trains, evaluates and uses a model, on whatever device tfjs has been given.
 *
 * The model stays the caller's; the optimizer's memory is freed by {@link dispose}, and kept between calls of
 * {@link fit}, which so go on where the one before ended.
 * Source: Keras 3 `Model.compile`, `fit`, `evaluate`, `predict` and their `_on_batch` forms.
 * @differs a separate object; the model stays as it is
 */
export class Trainer {
  readonly model: Model;
  readonly optimizer: Optimizer;
  /** What it was made of. */
  readonly config: TrainerConfig;
  readonly #outputs: readonly OutputPlan[];
  #batchTotals = new Totals();

  static {
    refuseMethods("Trainer", this.prototype, methodsElsewhere);
  }

  /** @throws {InvalidConfigError} an option or a name is unknown, or losses or metrics do not fit the outputs. */
  constructor(model: Model, config: TrainerConfig = {}) {
    if (!(model instanceof Model)) {
      throw new InvalidConfigError("Trainer", "model", "a model, such as new Sequential([...])", model);
    }
    checkOptions("Trainer", config, trainerOptions);
    this.model = model;
    this.config = config;
    this.optimizer = resolveOptimizer(config.optimizer ?? "rmsprop");
    this.#outputs = planOutputs(model, config);
  }

  /**
   * Trains for some epochs.
   *
   * Takes `(data, options)` or, as Keras does, `(x, y, options)`. Of arrays and of a data set every epoch has an order of
   * its own; batches come as they are. The same weights, seeds, device and number of threads give the same losses.
   *
   * @differs a loss that is not finite is an error that names the step, unless `TerminateOnNaN` is among the callbacks
   * @throws {NonFiniteError} a loss is NaN or infinite, and no callback ends training there; the message names epoch
   * and step.
   * @throws {ShapeError} inputs or labels do not fit the model.
   * @throws {InvalidConfigError} an option is invalid, the trainer has no loss, or the model has no weights to train.
   * @throws {NotReadyError} no device is open, or another training of this model, or with this optimizer, is under way.
   */
  async fit(x: PerName<ArrayData>, y: SomePerName<ArrayData>, options?: OrNull<ArrayFitOptions>): Promise<History>;
  async fit(data: LabelledData, options?: OrNull<FitOptions>): Promise<History>;
  async fit(...given: readonly unknown[]): Promise<History> {
    return trainAlone("Trainer.fit", this, () => this.#fit(given));
  }

  async #fit(given: readonly unknown[]): Promise<History> {
    const { data, options } = callArguments("Trainer.fit", given, fitOptions);
    const { model, optimizer } = this;
    return fitModel({ model, optimizer, outputs: this.#outputs, data, options });
  }

  /**
   * Loss and metrics on data, by name. Takes `(data, options)` or `(x, y, options)`.
   *
   * @differs returns numbers by name, as with `return_dict=True`
   * @throws {NonFiniteError} a loss is NaN or infinite; the message names the step.
   * @throws {ShapeError} inputs or labels do not fit the model.
   * @throws {InvalidConfigError} an option is invalid, or the trainer has no loss.
   * @throws {NotReadyError} no device is open, or `fit` moved the weights meanwhile; in a callback it waits.
   * @throws {AbortedError} the signal ended it.
   */
  async evaluate(
    x: PerName<ArrayData>,
    y: SomePerName<ArrayData>,
    options?: OrNull<ArrayEvaluateOptions>,
  ): Promise<Record<string, number>>;
  async evaluate(data: LabelledData, options?: OrNull<EvaluateOptions>): Promise<Record<string, number>>;
  async evaluate(...given: readonly unknown[]): Promise<Record<string, number>> {
    const owner = "Trainer.evaluate";
    const { data, options } = callArguments(owner, given, evaluateOptions);
    const { model, optimizer } = this;
    const { batchSize, steps, signal } = options;
    const outputs = requireLoss(owner, this.#outputs);
    const callbacks = callbackList(owner, options);
    const whole = inOrder(owner, await toSource(data, { owner, ends: this.#ends }), batchSize);
    await prepare(owner);
    const source = steps === undefined ? whole : firstBatches(whole, steps);
    const parts = { model, optimizer, outputs, source, callbacks, signal, clock };
    const { aborted, totals } = await evaluateEpoch(parts, { owner, what: "evaluation" });
    if (aborted) throw new AbortedError("The evaluation was aborted.");
    return totals.logs;
  }

  /**
   * The output of a model that has one, in the order of the inputs: float32 `[examples, ...]`.
   *
   * @param x inputs `[examples, ...]`, or batches, whose labels are not looked at
   * @differs for models with one output; `predictAll` returns all outputs
   * @throws {ShapeError} inputs do not fit the model.
   * @throws {InvalidConfigError} an option is invalid, or `x` is not data.
   * @throws {NotReadyError} no device is open, or `fit` moved the weights meanwhile; in a callback it waits.
   * @throws {AbortedError} the signal ended it.
   */
  async predict(x: InputData, options?: OrNull<PredictOptions>): Promise<HostArray<Float32Array>> {
    const [output, ...others] = await this.predictAll(x, options);
    if (output && others.length === 0) return output;
    throw new InvalidConfigError("Trainer.predict", "model", "of one output; predictAll takes others", this.model.name);
  }

  /** {@link predict} for a model of several outputs, in its order. */
  async predictAll(x: InputData, given: OrNull<PredictOptions> = {}): Promise<HostArray<Float32Array>[]> {
    const owner = "Trainer.predict";
    checkOptions(owner, given, predictOptions);
    const options = settleOptions(owner, given, predictOptions);
    const { batchSize, steps, signal } = options;
    const callbacks = callbackList(owner, options);
    const source = inOrder(owner, await toSource(x, { owner, ends: this.#ends, inputsOnly: true }), batchSize);
    await prepare(owner);
    const { model, optimizer } = this;
    return predictBatches(model, source, { steps, signal, callbacks, optimizer });
  }

  /**
   * Takes one step, and says what loss and metrics were on its batch before it, by name.
   *
   * Takes `({ x, y }, options)` or `(x, y, options)`. Numbers are those of this batch alone, unless `resetMetrics` is
   * false: then they are those of all batches since the last call that reset them.
   *
   * @differs returns numbers by name, as with `return_dict=True`
   * @throws {NonFiniteError} the loss is NaN or infinite.
   * @throws {ShapeError} inputs or labels do not fit the model.
   * @throws {InvalidConfigError} an option is invalid, or the trainer has no loss.
   * @throws {NotReadyError} no device is open, or `fit` is under way.
   */
  async trainOnBatch(
    x: PerName<ArrayData>,
    y: SomePerName<ArrayData>,
    options?: OrNull<TrainOnBatchOptions>,
  ): Promise<Record<string, number>>;
  async trainOnBatch(batch: TrainingArrays, options?: OrNull<TrainOnBatchOptions>): Promise<Record<string, number>>;
  async trainOnBatch(...given: readonly unknown[]): Promise<Record<string, number>> {
    const owner = "Trainer.trainOnBatch";
    refuseTraining(owner, this);
    const { data, options } = callArguments(owner, given, trainOnBatchOptions);
    const { classWeight, resetMetrics } = options;
    const batch = await this.#wholeBatch(owner, data);
    const weighed = classWeight ? weighBatch(batch, checkClassWeight(owner, classWeight)) : batch;
    const step = (objective: Objective): MeasuredBatch => trainingStep(objective, this.optimizer, weighed, soleProcess);
    return this.#single(weighed, "trainOnBatch", resetMetrics, step);
  }

  /**
   * Loss and metrics on one batch, by name. Takes what {@link trainOnBatch} does.
   *
   * @differs returns numbers by name, as with `return_dict=True`
   * @throws as {@link trainOnBatch}.
   */
  async testOnBatch(
    x: PerName<ArrayData>,
    y: SomePerName<ArrayData>,
    options?: OrNull<TestOnBatchOptions>,
  ): Promise<Record<string, number>>;
  async testOnBatch(batch: TrainingArrays, options?: OrNull<TestOnBatchOptions>): Promise<Record<string, number>>;
  async testOnBatch(...given: readonly unknown[]): Promise<Record<string, number>> {
    const owner = "Trainer.testOnBatch";
    const { data, options } = callArguments(owner, given, testOnBatchOptions);
    const batch = await this.#wholeBatch(owner, data);
    const step = (objective: Objective): MeasuredBatch => evaluationStep(objective, batch);
    return this.#single(batch, "testOnBatch", options.resetMetrics, step);
  }

  /** Begins anew with the numbers of {@link trainOnBatch} and {@link testOnBatch}. */
  resetMetrics(): void {
    this.#batchTotals = new Totals();
  }

  /**
   * The output for one batch.
   *
   * @differs for models with one output
   * @throws {ShapeError} inputs do not fit the model.
   */
  async predictOnBatch(x: PerName<ArrayData>): Promise<HostArray<Float32Array>> {
    return this.predict(x, { batchSize: Number.MAX_SAFE_INTEGER });
  }

  /** Frees the optimizer's memory; the model stays. */
  dispose(): void {
    this.optimizer.dispose();
  }

  get #ends(): ModelEnds {
    return endsOf(this.model, this.#outputs);
  }

  async #wholeBatch(owner: string, data: unknown): Promise<TrainingBatch> {
    requireLoss(owner, this.#outputs);
    const batch = (await toSource(data, { owner, ends: this.#ends })).whole();
    if (batch) return batch;
    throw new InvalidConfigError(owner, "data", "one batch: { x, y }, or called with (x, y)", data);
  }

  async #single(
    batch: TrainingBatch,
    method: string,
    resetMetrics: boolean,
    step: (objective: Objective) => MeasuredBatch,
  ): Promise<Record<string, number>> {
    if (resetMetrics) this.resetMetrics();
    // Another call may begin anew with the numbers while this one waits.
    const totals = this.#batchTotals;
    await prepare(`Trainer.${method}`);
    const objective = new Objective(this.model, this.#outputs, batch);
    return takeLoneStep({ method, size: batch.size, totals, clock, step: () => step(objective) });
  }
}
