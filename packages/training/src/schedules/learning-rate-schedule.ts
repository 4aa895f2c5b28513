import { type OptionNames, checkOptions } from "@featuremap/tensor";

/** What every schedule takes beside its own options. */
export interface ScheduleConfig {
  /** What to call it; nothing depends on it. Default: Keras's name for it. */
  readonly name?: string;
}

/** For subclasses to list their own options beside. */
export const scheduleOptions: OptionNames<ScheduleConfig> = { name: true };

/**
 * A learning rate that depends on the steps taken so far.
 *
 * Schedules have no state, so training that goes on from saved steps goes on with their rates.
 * Source: Keras 3 `LearningRateSchedule`.
 */
export abstract class LearningRateSchedule {
  readonly name: string;

  /**
   * @param known the options that there are; any, if it is absent
   * @param name the default
   * @throws {InvalidConfigError} an option is unknown.
   */
  constructor(config: ScheduleConfig = {}, known?: Readonly<Record<string, true>>, name?: string) {
    checkOptions(this.constructor.name, config, known);
    this.name = config.name ?? name ?? this.constructor.name;
  }

  /**
   * The rate of a step.
   *
   * @param step steps taken before it: 0 for the first
   */
  abstract at(step: number): number;
}
