import { Dense, Dropout, Sequential } from "@featuremap/layers";
import { type FixedShape, HostArray } from "@featuremap/tensor";
import "@tensorflow/tfjs-backend-cpu";
import { type Tensor, abs, mean, setBackend, sub, sum } from "@tensorflow/tfjs-core";
import { Adam, BackupAndRestore, Callback, type CallbackState, Loss, Metric, Trainer } from "../index.ts";

/** A program of a user's own with a loss, a metric and callbacks of its own: what a bundler minifies. */

class Distance extends Loss {
  static override readonly className: string = "Distance";

  override call(target: Tensor, output: Tensor): Tensor {
    return mean(abs(sub(target, output)), -1);
  }

  override checkTarget(_target: HostArray, _output: FixedShape): void {}
}

class Bias extends Metric {
  static override readonly className: string = "Bias";

  constructor() {
    super("bias", undefined);
  }

  override length(): number {
    return 1;
  }

  override measure(target: Tensor, output: Tensor): Tensor {
    return sum(sub(output, target), [0]);
  }

  override count([batch = 0]: FixedShape): number {
    return batch;
  }

  override result(sums: Float64Array, count: number): number {
    return (sums[0] ?? 0) / count;
  }
}

/** Counts batches, and ends the process's run after so many. */
class Counter extends Callback {
  static override readonly className: string = "Counter";
  readonly #last: number;
  #seen = 0;

  constructor(last = Number.POSITIVE_INFINITY) {
    super();
    this.#last = last;
  }

  override onTrainBatchBegin(): void {
    if (this.#seen === this.#last) throw new Error("power is off");
    this.#seen += 1;
  }

  override saveState(): CallbackState {
    return { values: { seen: this.#seen } };
  }

  override restoreState({ values }: CallbackState): void {
    this.#seen = values["seen"] ?? 0;
  }

  get seen(): number {
    return this.#seen;
  }
}

/** The same under another name: a backup of the one must not go to the other. */
class OtherCounter extends Counter {
  static override readonly className: string = "OtherCounter";
}

export interface Rest {
  readonly epochs: readonly number[];
  readonly logs: Readonly<Record<string, readonly number[]>>;
  readonly weights: readonly (readonly number[])[];
  readonly seen: number;
}

/** The names that the classes have at run time, which a minifier changes. */
export const namesAtRunTime: readonly string[] = [Distance, Bias, Counter, OtherCounter, Adam].map(({ name }) => name);

/** What an error calls an optimizer that is given an unknown option. */
export function refusal(): string {
  try {
    return new Adam({ betta: 1 } as object).name;
  } catch (error) {
    return String(error);
  }
}

/**
 * Trains in a folder, and goes on with what was interrupted there.
 *
 * @param last the batch that is not trained any more
 * @param isOther whether batches are counted by the class of the other name
 */
export async function train(
  backupDir: string,
  { last, isOther = false }: { last?: number; isOther?: boolean } = {},
): Promise<Rest> {
  await setBackend("cpu");
  const layers = [new Dense({ units: 4, inputShape: [2] }), new Dropout({ rate: 0.2 }), new Dense({ units: 1 })];
  const model = new Sequential(layers, { seed: 2 });
  const trainer = new Trainer(model, { optimizer: new Adam(), loss: new Distance(), metrics: [new Bias()] });
  const counter = isOther ? new OtherCounter(last) : new Counter(last);
  const x = new HostArray(
    Float32Array.from({ length: 32 }, (_, index) => Math.sin(index)),
    [16, 2],
  );
  const y = new HostArray(
    Float32Array.from({ length: 16 }, (_, index) => Math.cos(index)),
    [16, 1],
  );
  try {
    const backup = new BackupAndRestore({ backupDir, saveFreq: 1 });
    const { epoch, history } = await trainer.fit(
      { x, y, seed: 1 },
      { epochs: 3, batchSize: 4, callbacks: [backup, counter] },
    );
    const weights = (await model.getWeights()).map(({ data }) => [...data]);
    return { epochs: epoch, logs: history, weights, seen: counter.seen };
  } finally {
    trainer.dispose();
    model.dispose();
  }
}
