import { classNameOf } from "../config/class-name.ts";
import { Configured, type PlainOptions } from "../config/configured.ts";
import { nameOption } from "../config/kinds.ts";

/** What every schedule takes beside its own options. */
export interface ScheduleConfig {
  /** What to call it; nothing depends on it. Default: Keras's name for it. */
  readonly name?: string;
}

/** For subclasses to declare their own options beside, as their `static options`. */
export const scheduleOptions: PlainOptions<ScheduleConfig> = { name: nameOption };

/**
 * A learning rate that depends on the steps taken so far.
 *
 * Schedules have no state, so training that goes on from saved steps goes on with their rates.
 * Source: Keras 3 `LearningRateSchedule`.
 */
export abstract class LearningRateSchedule extends Configured {
  static override readonly className: string = "LearningRateSchedule";
  readonly name: string;

  /** @throws {InvalidConfigError} an option is unknown. */
  constructor(config: ScheduleConfig = {}) {
    super();
    this.name = this.settle(config, scheduleOptions).name;
  }

  protected override usualName(): string {
    return classNameOf(this);
  }

  /**
   * The rate of a step.
   *
   * @param step steps taken before it: 0 for the first
   */
  abstract at(step: number): number;
}
