import { type HostArray, Option, type Shape, ShapeError, formatShape } from "@featuremap/tensor";
import { anyNumberOption } from "../config/kinds.ts";
import { modeOption, monitorOption, verboseOption } from "./callback-options.ts";
import type { PlainOptions } from "../config/configured.ts";
import { settleConfig } from "../config/settle-config.ts";
import type { History } from "../run/history.ts";
import type { Logs } from "../run/logs.ts";
import { Callback, type TrainingRun } from "../run/callback.ts";
import type { CallbackState } from "../run/callback-state.ts";
import { Monitor, type MonitorMode } from "../run/monitor.ts";
import { say } from "../run/say.ts";

export interface EarlyStoppingConfig {
  /** The number of the logs to watch. Default: `val_loss`. */
  readonly monitor?: string;
  /** The least improvement that counts; its sign does not matter. Default: 0. */
  readonly minDelta?: number;
  /** Epochs without improvement after which training ends. Default: 0. */
  readonly patience?: number;
  /** Whether better is less or more; `auto` knows for losses and metrics. Default: `auto`. */
  readonly mode?: MonitorMode;
  /** Value that must be beaten for the patience to start anew. Default: none. */
  readonly baseline?: number | null;
  /** Whether to restore the weights of the best epoch when training ends, early or not. Default: false. */
  readonly restoreBestWeights?: boolean;
  /** The first epoch to watch, counted from 0. Default: 0. */
  readonly startFromEpoch?: number;
  /** 1 reports on the console when training ends. Default: 0. */
  readonly verbose?: 0 | 1;
}

/**
 * Ends training when a number of the logs has stopped improving.
 *
 * If the user's signal ends training, the weights stay as they are. Instances can be used again.
 * Source: Keras 3 `EarlyStopping`, which only warns if there is no such number.
 * @differs an unknown `monitor` is an error, not a warning
 */
export class EarlyStopping extends Callback {
  static override readonly className: string = "EarlyStopping";
  static readonly options: PlainOptions<EarlyStoppingConfig> = {
    monitor: monitorOption,
    minDelta: anyNumberOption().default(0),
    patience: Option.integer(0).default(0),
    verbose: verboseOption,
    mode: modeOption,
    baseline: anyNumberOption().orNull(),
    restoreBestWeights: Option.flag().default(false),
    startFromEpoch: Option.integer(0).default(0),
  };
  readonly monitor: string;
  readonly minDelta: number;
  readonly patience: number;
  readonly mode: MonitorMode;
  readonly baseline: number | undefined;
  readonly restoreBestWeights: boolean;
  readonly startFromEpoch: number;
  readonly verbose: number;
  readonly #watched: Monitor;
  #best: number | undefined;
  #bestEpoch = 0;
  #bestWeights: HostArray[] | undefined;
  #stoppedEpoch: number | undefined;
  #wait = 0;
  #weights: readonly { readonly shape: Shape }[] = [];

  /** @throws {InvalidConfigError} an option is unknown or outside its range. */
  constructor(config: EarlyStoppingConfig = {}) {
    super();
    const { minDelta, baseline, ...settled } = settleConfig(EarlyStopping, config);
    this.minDelta = Math.abs(minDelta);
    this.baseline = baseline ?? undefined;
    ({ monitor: this.monitor, mode: this.mode, verbose: this.verbose } = settled);
    ({ patience: this.patience, startFromEpoch: this.startFromEpoch } = settled);
    this.restoreBestWeights = settled.restoreBestWeights;
    this.#watched = new Monitor("EarlyStopping", this.monitor, this.mode, this.minDelta);
  }

  /** The best value so far; undefined before the first. */
  get best(): number | undefined {
    return this.#best;
  }

  /** The epoch of {@link best}, counted from 0. */
  get bestEpoch(): number {
    return this.#bestEpoch;
  }

  /** The epoch after which this callback ended training, counted from 0; undefined if it did not. */
  get stoppedEpoch(): number | undefined {
    return this.#stoppedEpoch;
  }

  /** @throws {InvalidConfigError} the logs will not hold `monitor`. */
  override onTrainBegin(run: TrainingRun): void {
    this.#watched.check(run);
    this.#weights = run.model.built ? run.model.weights : [];
    this.#best = undefined;
    this.#bestEpoch = 0;
    this.#bestWeights = undefined;
    this.#stoppedEpoch = undefined;
    this.#wait = 0;
  }

  override async onEpochEnd(epoch: number, logs: Logs, run: TrainingRun): Promise<void> {
    const current = this.#watched.valueIn(logs);
    if (current === undefined || epoch < this.startFromEpoch) return;
    this.#wait += 1;
    if (this.#watched.isBetter(current, this.#best, run)) {
      this.#best = current;
      this.#bestEpoch = epoch;
      if (this.restoreBestWeights) this.#bestWeights = await run.model.getWeights();
      if (this.#watched.isBetter(current, this.baseline, run)) this.#wait = 0;
      return;
    }
    // As in Keras, the very first epoch never ends training.
    if (this.#wait >= this.patience && epoch > 0) {
      this.#stoppedEpoch = epoch;
      run.stop();
      if (this.verbose > 0) say(`Epoch ${epoch + 1}: early stopping`);
    }
  }

  override onTrainEnd({ stopped }: History, { model }: TrainingRun): void {
    if (this.#bestWeights && stopped !== "aborted") {
      model.setWeights(this.#bestWeights);
      if (this.verbose > 0) say(`Restoring model weights from the end of the best epoch: ${this.#bestEpoch + 1}.`);
    }
    this.#bestWeights = undefined;
  }

  override saveState(): CallbackState {
    const best = this.#best === undefined ? {} : { best: this.#best };
    return { values: { wait: this.#wait, bestEpoch: this.#bestEpoch, ...best }, arrays: this.#bestWeights ?? [] };
  }

  /** @throws {ShapeError} the best weights are not those of the model. */
  override restoreState({ values, arrays = [] }: CallbackState): void {
    const shapes = (list: readonly { readonly shape: Shape }[]): string =>
      list.map(({ shape }) => formatShape(shape)).join(" ");
    if (arrays.length > 0 && shapes(arrays) !== shapes(this.#weights)) {
      throw new ShapeError("EarlyStopping", "best weights", shapes(this.#weights), shapes(arrays));
    }
    this.#best = values["best"];
    this.#bestEpoch = values["bestEpoch"] ?? 0;
    this.#wait = values["wait"] ?? 0;
    this.#bestWeights = arrays.length > 0 ? [...arrays] : undefined;
  }
}
