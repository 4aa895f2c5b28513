import type { Model } from "@featuremap/layers";
import type { CallbackRun } from "./callback.ts";
import type { Optimizer } from "../optimizers/optimizer.ts";

/** One evaluation or prediction, as callbacks hear of it. */
export class PlainRun implements CallbackRun {
  readonly model: Model;
  readonly optimizer: Optimizer;
  readonly #source: { readonly batchCount: number };
  #stopping = false;

  constructor(model: Model, optimizer: Optimizer, source: { readonly batchCount: number }) {
    this.model = model;
    this.optimizer = optimizer;
    this.#source = source;
  }

  get steps(): number {
    return this.#source.batchCount;
  }

  get stopping(): boolean {
    return this.#stopping;
  }

  stop(): void {
    this.#stopping = true;
  }
}
