import type { OptionNames } from "@featuremap/tensor";
import { checkOptions } from "../config/check-options.ts";
import { classNameOf } from "../config/class-name.ts";

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
  /** What it is called in errors and saved states. Give your own subclasses one: minifiers rename classes. */
  static readonly className: string = "LearningRateSchedule";
  readonly name: string;

  /**
   * @param known the options that there are; any, if it is absent
   * @param name the default
   * @throws {InvalidConfigError} an option is unknown.
   */
  constructor(given?: ScheduleConfig, known?: Readonly<Record<string, true>>, name?: string) {
    // Who names options asks for some.
    const config = known === undefined ? (given ?? {}) : (given as ScheduleConfig);
    checkOptions(classNameOf(this), config, known);
    this.name = config.name ?? name ?? classNameOf(this);
  }

  /**
   * The rate of a step.
   *
   * @param step steps taken before it: 0 for the first
   */
  abstract at(step: number): number;
}
