/**
 * A learning rate that depends on the steps taken so far.
 *
 * Schedules have no state, so training that goes on from saved steps goes on with their rates.
 * Source: Keras 3 `LearningRateSchedule`.
 */
export abstract class LearningRateSchedule {
  /**
   * The rate of a step.
   *
   * @param step steps taken before it: 0 for the first
   */
  abstract at(step: number): number;
}
