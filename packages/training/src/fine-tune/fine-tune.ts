import { Model } from "@featuremap/layers";
import { InvalidConfigError, type Settled, checkOptions, settleOptions } from "@featuremap/tensor";
import type { LabelledData } from "../data/to-source.ts";
import type { TrainingSource } from "../data/training-batch.ts";
import { Optimizer } from "../optimizers/optimizer.ts";
import { resolveOptimizer } from "../optimizers/resolve-optimizer.ts";
import type { History } from "../run/history.ts";
import { millisecondsOf } from "../run/every-minutes.ts";
import { say } from "../run/say.ts";
import { planOutputs } from "../step/output-plan.ts";
import { trainAlone } from "../step/sole-training.ts";
import { clock, fitModel } from "../trainer/fit-model.ts";
import { prepare } from "../trainer/prepare.ts";
import { fitOptions } from "../trainer/trainer-options.ts";
import { type FineTuneOptions, fineTuneOptions } from "./fine-tune-options.ts";
import { FrozenFeatures } from "./frozen-features.ts";
import { joinHistories } from "./join-histories.ts";
import { makeHead } from "./make-head.ts";
import { PartBackups } from "./part-backups.ts";
import { type SplitModel, splitModel } from "./split-model.ts";
import { type UnfreezePlan, freeze, unfreeze, unfreezePlan } from "./unfreeze.ts";

/** What came of {@link fineTune}. */
export interface FineTuned {
  /** The model that was given, or the base with its new head. */
  readonly model: Model;
  /** Of all epochs, those with a frozen base first. */
  readonly history: History;
  /** What was done and why. */
  readonly notes: readonly string[];
}

const owner = "fineTune";

type Settings = Settled<typeof fineTuneOptions>;

/**
 * Teaches a trained network new classes: first its head alone, while the base is frozen, then layers of the base too.
 *
 * While the base is frozen its features are computed once and kept, so that an epoch costs the head alone; BatchNormalization
 * in it works as in prediction. Layers keep the `trainable` that they end with, as in Keras. Each of the two parts has an
 * optimizer of its own. A callback that stops the first part, as `EarlyStopping` does, begins the second; the signal and the time
 * limit end both, and what was learned stays: with `BackupAndRestore` the same call goes on there, in either part. Callbacks hear of two trainings, see the whole model, and are not told of batches of pictures
 * while features are computed.
 *
 * Source: Keras, "Transfer learning and fine-tuning"; rates by depth: Howard and Ruder, ACL 2018, section 3.2.
 *
 * @param model a classifier, or with `classes` a base that gives feature maps or features; a head that it has gives way to the
 * new one
 * @param data as `fit` takes them
 * @throws {InvalidConfigError} an option is invalid, or the model has no base and head.
 * @throws as `Trainer.fit`.
 */
export async function fineTune(model: Model, data: LabelledData, options: FineTuneOptions = {}): Promise<FineTuned> {
  if (!(model instanceof Model)) throw new InvalidConfigError(owner, "model", "a model", model);
  checkOptions(owner, options, fineTuneOptions);
  const settings = settleOptions(owner, options, fineTuneOptions);
  const { classes, dropout, head } = settings;
  if (classes === undefined && head !== undefined) {
    throw new InvalidConfigError(owner, "head", "given with classes, for which a new one is made", head);
  }
  const made =
    classes === undefined
      ? { model, lastOfBase: undefined, note: undefined }
      : makeHead(model, { classes, dropout, head });
  try {
    const split = splitClassifier(made.model, settings.base ?? made.lastOfBase);
    const plan = unfreezePlan(owner, made.model, split.base, settings);
    await prepare(owner);
    const tuning = new FineTuning(made.model, split, plan, data, settings);
    if (made.note !== undefined) tuning.note(made.note);
    const history = await tuning.run();
    return { model: made.model, history, notes: tuning.notes };
  } catch (error) {
    // Nobody else has the head that was made.
    if (classes !== undefined) made.model.output.node.layer.dispose();
    throw error;
  }
}

/** @throws {InvalidConfigError} the model has several inputs or outputs, or no base and head. */
function splitClassifier(model: Model, base: string | undefined): SplitModel {
  const [{ length: inputs }, { length: outputs }] = [model.inputs, model.outputs];
  if (inputs === 1 && outputs === 1) return splitModel(owner, model, base);
  throw new InvalidConfigError(owner, "model", "one with a single input and output", `${inputs} and ${outputs}`);
}

/** One call of {@link fineTune}. */
class FineTuning {
  readonly notes: string[] = [];
  readonly #model: Model;
  readonly #split: SplitModel;
  readonly #plan: UnfreezePlan;
  readonly #data: LabelledData;
  readonly #settings: Settings;
  readonly #backups: PartBackups;
  /** When the time is over, in milliseconds; undefined where it is not limited. */
  readonly #deadline: number | undefined;

  constructor(model: Model, split: SplitModel, plan: UnfreezePlan, data: LabelledData, settings: Settings) {
    this.#model = model;
    this.#split = split;
    this.#plan = plan;
    this.#data = data;
    this.#settings = settings;
    this.#backups = new PartBackups(owner, settings.callbacks);
    const { timeLimit } = settings;
    this.#deadline = timeLimit && clock() + millisecondsOf(owner, "timeLimit", timeLimit);
  }

  async run(): Promise<History> {
    const { initialEpoch, freezeEpochs, epochs } = this.#settings;
    const frozenUntil = Math.min(freezeEpochs, epochs);
    let history: History = { epoch: [], history: {} };
    const begin = Math.max(initialEpoch, frozenUntil);
    if (initialEpoch < frozenUntil && !(begin < epochs && (await this.#backups.hasSecond()))) {
      history = await this.#trainHead(initialEpoch, frozenUntil);
      if (history.stopped !== undefined && history.stopped !== "earlyStopping") return history;
    }
    if (begin < epochs) return joinHistories(history, await this.#trainAll(begin, epochs));
    await this.#backups.endFirst();
    return history;
  }

  async #trainHead(initialEpoch: number, epochs: number): Promise<History> {
    const { learningRate, headLearningRate = 10 * learningRate, cacheFeatures } = this.#settings;
    freeze(this.#split.base);
    const options = this.#fitOptions({ initialEpoch, epochs, callbacks: this.#backups.first });
    const features = cacheFeatures ? this.#features(options) : undefined;
    try {
      return await this.#fit({ options, features, learningRate: headLearningRate });
    } finally {
      await features?.close();
    }
  }

  async #trainAll(initialEpoch: number, epochs: number): Promise<History> {
    const { layers, rateFactors: factors } = this.#plan;
    unfreeze(this.#model, this.#split.base, layers);
    this.note(`From epoch ${initialEpoch + 1} on ${layers.length} layers of the base learn too.`);
    const options = this.#fitOptions({ initialEpoch, epochs, callbacks: this.#backups.second });
    return this.#fit({ options, learningRate: this.#settings.learningRate, factors });
  }

  #features(options: Settled<typeof fitOptions>): FrozenFeatures {
    const { loss, metrics, cacheBytes, cacheFolder, copies, onFeatures } = this.#settings;
    return new FrozenFeatures(owner, {
      model: this.#model,
      split: this.#split,
      frozenUntil: options.epochs,
      pictures: this.#data,
      plan: { loss, metrics },
      options,
      keeping: { cacheBytes, cacheFolder, copies, onFeatures, onNote: (text) => this.note(text) },
    });
  }

  async #fit({ options, features, learningRate, factors }: Part): Promise<History> {
    const { loss, metrics } = this.#settings;
    const model = this.#model;
    const optimizer = makeOptimizer(this.#settings.optimizer, learningRate);
    try {
      if (factors !== undefined) optimizer.scaleLearningRates(factors);
      const outputs = planOutputs(model, { loss, metrics });
      const instead = features && ((source: TrainingSource) => features.choice(source));
      return await trainAlone(owner, { model, optimizer }, () =>
        fitModel({ model, optimizer, outputs, data: this.#data, options, instead }),
      );
    } finally {
      optimizer.dispose();
    }
  }

  #fitOptions(part: Pick<Settings, "initialEpoch" | "epochs" | "callbacks">): Settled<typeof fitOptions> {
    const left = this.#deadline === undefined ? undefined : Math.max(this.#deadline - clock(), 1e-6);
    const time = left === undefined ? {} : { timeLimit: { minutes: left / 60_000 } };
    const given = Object.keys(fitOptions)
      .filter((name) => Object.hasOwn(this.#settings, name))
      .map((name) => [name, this.#settings[name as keyof Settings]]);
    return settleOptions(owner, { ...Object.fromEntries(given), ...time, ...part }, fitOptions);
  }

  note(text: string): void {
    this.notes.push(text);
    this.#settings.onNote?.(text);
    if (this.#settings.verbose !== 0) say(text);
  }
}

/** One of the two parts of training. */
interface Part {
  readonly options: Settled<typeof fitOptions>;
  readonly features?: FrozenFeatures | undefined;
  readonly learningRate: number;
  readonly factors?: ReadonlyMap<string, number>;
}

function makeOptimizer(choice: Settings["optimizer"], learningRate: number): Optimizer {
  if (typeof choice !== "function") {
    if (typeof choice !== "string") {
      throw new InvalidConfigError(owner, "optimizer", "a name, or a function that makes one", choice);
    }
    const optimizer = resolveOptimizer(choice);
    optimizer.learningRate = learningRate;
    return optimizer;
  }
  const optimizer: unknown = choice(learningRate);
  if (optimizer instanceof Optimizer) return optimizer;
  throw new InvalidConfigError(owner, "what optimizer gives", "an optimizer", optimizer);
}
