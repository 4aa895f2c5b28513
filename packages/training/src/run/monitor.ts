import { InvalidConfigError } from "@featuremap/tensor";
import type { TrainingRun } from "./callback.ts";
import type { Logs } from "./logs.ts";

/** Whether less or more is better; `auto` knows for losses and metrics. */
export type MonitorMode = "auto" | "min" | "max";

/** Options of `fit` that add numbers of a validation to the logs. */
export const validationOptions = "validationData, validation or validationSplit";

/** The name that is known before the first batch: of a metric of several numbers its own, for `f1_score_2` that is `f1_score`. */
function knownName(name: string, logs: TrainingRun["logs"]): string {
  return logs.has(name) ? name : name.replace(/(_\d+)+$/, "");
}

/** Whether the logs would have the number if there were a validation. */
export function lacksValidation(name: string, logs: TrainingRun["logs"]): boolean {
  if (!name.startsWith("val_") || logs.has(knownName(name, logs))) return false;
  return logs.has(knownName(name.slice("val_".length), logs));
}

/** One number of the logs that a callback watches. */
export class Monitor {
  readonly name: string;
  readonly mode: MonitorMode;
  readonly minDelta: number;
  readonly #owner: string;

  constructor(owner: string, name: string, mode: MonitorMode, minDelta: number) {
    this.#owner = owner;
    this.name = name;
    this.mode = mode;
    this.minDelta = Math.abs(minDelta);
  }

  /** @throws {InvalidConfigError} the logs will not hold the number, or `auto` cannot know which way it goes. */
  check({ logs }: TrainingRun): void {
    const known = knownName(this.name, logs);
    if (!logs.has(known)) {
      const expected = `one of ${[...logs.keys()].join(", ")}`;
      const remedy = lacksValidation(this.name, logs) ? `, unless fit is given ${validationOptions}` : "";
      throw new InvalidConfigError(this.#owner, "monitor", expected + remedy, this.name);
    }
    if (this.mode === "auto" && logs.get(known) === undefined) {
      throw new InvalidConfigError(this.#owner, "mode", `min or max, since ${this.name} is a function`, this.mode);
    }
  }

  /**
   * The number in the logs of an epoch or a batch; undefined after an epoch without a validation.
   *
   * @throws {InvalidConfigError} the metric has several numbers, of which this is none.
   */
  valueIn(logs: Logs): number | undefined {
    const value = logs[this.name];
    if (value === undefined && (!this.name.startsWith("val_") || "val_loss" in logs)) {
      throw new InvalidConfigError(this.#owner, "monitor", `one of ${Object.keys(logs).join(", ")}`, this.name);
    }
    return value;
  }

  /** Whether a value is better than another by more than `minDelta`; than none, every value is. */
  isBetter(value: number, than: number | undefined, { logs }: TrainingRun): boolean {
    if (than === undefined) return true;
    const lessIsBetter = this.mode === "auto" ? logs.get(knownName(this.name, logs)) === "down" : this.mode === "min";
    return lessIsBetter ? value + this.minDelta < than : value - this.minDelta > than;
  }
}
