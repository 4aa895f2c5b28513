import { InvalidConfigError, Option } from "@featuremap/tensor";
import type { PlainOptions } from "../config/configured.ts";
import { settleConfig } from "../config/settle-config.ts";
import type { Logs } from "../run/logs.ts";
import { classNameOf } from "../config/class-name.ts";
import { anyNumberOption, fractionOption } from "../config/kinds.ts";
import { modeOption, monitorOption, verboseOption } from "./callback-options.ts";
import { Callback, type TrainingRun } from "../run/callback.ts";
import type { CallbackState } from "../run/callback-state.ts";
import { Monitor, type MonitorMode } from "../run/monitor.ts";
import { say } from "../run/say.ts";

export interface ReduceLROnPlateauConfig {
  /** The number of the logs to watch. Default: `val_loss`. */
  readonly monitor?: string;
  /** The factor by which the learning rate is reduced, in [0, 1). Default: 0.1. */
  readonly factor?: number;
  /** Epochs without improvement after which it is reduced. Default: 10. */
  readonly patience?: number;
  /** Whether better is less or more; `auto` knows for losses and metrics. Default: `auto`. */
  readonly mode?: MonitorMode;
  /** The least improvement that counts. Default: 0.0001. */
  readonly minDelta?: number;
  /** Epochs after a reduction that do not count. Default: 0. */
  readonly cooldown?: number;
  /** The lowest learning rate. Default: 0. */
  readonly minLr?: number;
  /** 1 reports on the console when the rate is lowered. Default: 0. */
  readonly verbose?: 0 | 1;
}

/**
 * Lowers the learning rate when a number of the logs has stopped improving; the rate of each epoch is recorded as
 * `learning_rate`.
 *
 * Source: Keras 3 `ReduceLROnPlateau`, which only warns if there is no such number.
 * @differs an unknown `monitor` is an error, not a warning
 */
export class ReduceLROnPlateau extends Callback {
  static override readonly className: string = "ReduceLROnPlateau";
  static readonly options: PlainOptions<ReduceLROnPlateauConfig> = {
    monitor: monitorOption,
    factor: fractionOption().default(0.1),
    patience: Option.nonNegative().default(10),
    verbose: verboseOption,
    mode: modeOption,
    minDelta: anyNumberOption().default(1e-4),
    cooldown: Option.nonNegative().default(0),
    minLr: Option.nonNegative().default(0),
  };
  readonly monitor: string;
  readonly factor: number;
  readonly patience: number;
  readonly cooldown: number;
  readonly minLr: number;
  readonly verbose: number;
  readonly #watched: Monitor;
  #best: number | undefined;
  #wait = 0;
  #cooling = 0;

  /** @throws {InvalidConfigError} an option is unknown or outside its range. */
  constructor(config: ReduceLROnPlateauConfig = {}) {
    super();
    const { mode, minDelta, ...settled } = settleConfig(ReduceLROnPlateau, config);
    ({ monitor: this.monitor, factor: this.factor, patience: this.patience } = settled);
    ({ cooldown: this.cooldown, minLr: this.minLr, verbose: this.verbose } = settled);
    this.#watched = new Monitor("ReduceLROnPlateau", this.monitor, mode, minDelta);
  }

  /** @throws {InvalidConfigError} the logs will not hold `monitor`, or a schedule decides the learning rate. */
  override onTrainBegin(run: TrainingRun): void {
    this.#watched.check(run);
    refuseSchedule("ReduceLROnPlateau", run);
    this.#best = undefined;
    this.#wait = 0;
    this.#cooling = 0;
  }

  override onEpochEnd(epoch: number, logs: Logs, run: TrainingRun): void {
    const { optimizer } = run;
    run.record("learning_rate", optimizer.learningRate);
    const current = this.#watched.valueIn(logs);
    if (current === undefined) return;
    if (this.#cooling > 0) {
      this.#cooling -= 1;
      this.#wait = 0;
    }
    if (this.#watched.isBetter(current, this.#best, run)) {
      this.#best = current;
      this.#wait = 0;
      return;
    }
    if (this.#cooling > 0) return;
    this.#wait += 1;
    if (this.#wait < this.patience || optimizer.learningRate <= this.minLr) return;
    optimizer.learningRate = Math.max(optimizer.learningRate * this.factor, this.minLr);
    if (this.verbose > 0) {
      say(`Epoch ${epoch + 1}: ReduceLROnPlateau reducing learning rate to ${optimizer.learningRate}.`);
    }
    this.#cooling = this.cooldown;
    this.#wait = 0;
  }

  override saveState(): CallbackState {
    const best = this.#best === undefined ? {} : { best: this.#best };
    return { values: { wait: this.#wait, cooling: this.#cooling, ...best } };
  }

  override restoreState({ values }: CallbackState): void {
    this.#best = values["best"];
    this.#wait = values["wait"] ?? 0;
    this.#cooling = values["cooling"] ?? 0;
  }
}

/** @throws {InvalidConfigError} the optimizer has a schedule, so a callback cannot decide the learning rate. */
export function refuseSchedule(owner: string, { optimizer }: TrainingRun): void {
  if (optimizer.schedule === undefined) return;
  const name = classNameOf(optimizer.schedule);
  throw new InvalidConfigError(owner, "learningRate of the optimizer", "a number", name);
}
