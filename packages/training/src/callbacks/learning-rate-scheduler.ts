import type { PlainOptions } from "../config/configured.ts";
import { settleConfig } from "../config/settle-config.ts";
import { Callback, type TrainingRun } from "../run/callback.ts";
import type { Logs } from "../run/logs.ts";
import { say } from "../run/say.ts";
import { functionOption } from "../config/kinds.ts";
import { verboseOption } from "./callback-options.ts";
import { refuseSchedule } from "./reduce-lr-on-plateau.ts";

/** The learning rate of an epoch, counted from 0; `learningRate` is that of the epoch before. */
export type EpochSchedule = (epoch: number, learningRate: number) => number;

export interface LearningRateSchedulerConfig {
  readonly schedule: EpochSchedule;
  /** 1 reports each epoch's rate on the console. Default: 0. */
  readonly verbose?: 0 | 1;
}

/**
 * Sets the learning rate at the beginning of every epoch, and records it as `learning_rate`.
 *
 * For a rate that changes with every step, give the optimizer a {@link LearningRateSchedule}.
 * Source: Keras 3 `LearningRateScheduler`.
 */
export class LearningRateScheduler extends Callback {
  static override readonly className: string = "LearningRateScheduler";
  static readonly options: PlainOptions<LearningRateSchedulerConfig> = {
    schedule: functionOption<EpochSchedule>(),
    verbose: verboseOption,
  };
  readonly schedule: EpochSchedule;
  readonly verbose: number;

  /** @throws {InvalidConfigError} `schedule` is not a function, or an option is unknown. */
  constructor(config: EpochSchedule | LearningRateSchedulerConfig) {
    super();
    const given = typeof config === "function" ? { schedule: config } : config;
    ({ schedule: this.schedule, verbose: this.verbose } = settleConfig(LearningRateScheduler, given));
  }

  /** @throws {InvalidConfigError} the optimizer has a schedule, which decides the learning rate. */
  override onTrainBegin(run: TrainingRun): void {
    refuseSchedule("LearningRateScheduler", run);
  }

  /** @throws {InvalidConfigError} the schedule does not give a number of at least 0. */
  override onEpochBegin(epoch: number, { optimizer }: TrainingRun): void {
    optimizer.learningRate = this.schedule(epoch, optimizer.learningRate);
    if (this.verbose > 0) {
      say(`Epoch ${epoch + 1}: LearningRateScheduler setting learning rate to ${optimizer.learningRate}.`);
    }
  }

  override onEpochEnd(_epoch: number, _logs: Logs, run: TrainingRun): void {
    run.record("learning_rate", run.optimizer.learningRate);
  }
}
