import type { Model } from "@featuremap/layers";
import type { CallbackRun } from "../callbacks/callback.ts";
import type { Optimizer } from "../optimizers/optimizer.ts";

/** One evaluation or prediction, as callbacks hear of it. */
export class PlainRun implements CallbackRun {
  readonly model: Model;
  readonly optimizer: Optimizer;
  readonly steps: number;
  #stopping = false;

  constructor(model: Model, optimizer: Optimizer, steps: number) {
    this.model = model;
    this.optimizer = optimizer;
    this.steps = steps;
  }

  get stopping(): boolean {
    return this.#stopping;
  }

  stop(): void {
    this.#stopping = true;
  }
}
