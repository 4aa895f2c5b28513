import { InvalidConfigError } from "@featuremap/tensor";
import type { TrainingRun } from "./callback.ts";

/** Whether less or more is better; `auto` knows for losses and metrics. */
export type MonitorMode = "auto" | "min" | "max";

/** Options of `fit` that add numbers of a validation to the logs. */
export const validationOptions = "validationData, validation or validationSplit";

/** Whether the logs would have the number if there were a validation. */
export function lacksValidation(name: string, logs: TrainingRun["logs"]): boolean {
  return !logs.has(name) && name.startsWith("val_") && logs.has(name.slice("val_".length));
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
    if (!logs.has(this.name)) {
      const expected = `one of ${[...logs.keys()].join(", ")}`;
      const remedy = lacksValidation(this.name, logs) ? `, unless fit is given ${validationOptions}` : "";
      throw new InvalidConfigError(this.#owner, "monitor", expected + remedy, this.name);
    }
    if (this.mode === "auto" && logs.get(this.name) === undefined) {
      throw new InvalidConfigError(this.#owner, "mode", `min or max, since ${this.name} is a function`, this.mode);
    }
  }

  /** Whether a value is better than another by more than `minDelta`; than none, every value is. */
  isBetter(value: number, than: number | undefined, { logs }: TrainingRun): boolean {
    if (than === undefined) return true;
    const lessIsBetter = this.mode === "auto" ? logs.get(this.name) === "down" : this.mode === "min";
    return lessIsBetter ? value + this.minDelta < than : value - this.minDelta > than;
  }
}
