import { NonFiniteError } from "@featuremap/tensor";
import { concat1d, tidy } from "@tensorflow/tfjs-core";
import { giveWay } from "./give-way.ts";
import { Pace } from "./pace.ts";
import { readAhead } from "./read-ahead.ts";
import type { MeasuredBatch } from "./step.ts";
import { Totals } from "./totals.ts";
import type { TrainingBatch } from "./training-batch.ts";

/** Time in milliseconds between two reports. */
const reportInterval = 250;

/** How far a pass is. */
export interface PassStatus {
  /** Steps whose results have been read. */
  readonly step: number;
  /** Since the pass began. */
  readonly seconds: number;
  readonly totals: Totals;
}

/** A way through data, one batch after another. */
export interface Pass {
  readonly batches: AsyncIterable<TrainingBatch> | Iterable<TrainingBatch>;
  /** Sends a batch's work to the device. */
  step(batch: TrainingBatch): MeasuredBatch;
  /** Ends the pass after the step under way. */
  readonly signal: AbortSignal | undefined;
  /** Hears of a read at most four times a second, and of the last one. Says whether the pass shall go on. */
  report(status: PassStatus): Promise<boolean>;
  /** Where a step stands, for an error: `epoch 1 of 2, step 17 of 938`. */
  place(step: number): string;
}

export interface PassResult extends PassStatus {
  /** Whether the signal ended the pass. */
  readonly aborted: boolean;
}

/**
 * Steps through a pass. Losses stay on the device until a few times a second all that wait are read at once.
 *
 * @throws {NonFiniteError} the loss of a step is NaN or infinite; the message names that step.
 */
export async function runPass(pass: Pass): Promise<PassResult> {
  const start = performance.now();
  const pace = new Pace(start);
  const totals = new Totals();
  let step = 0;
  let lastReport = Number.NEGATIVE_INFINITY;
  let waiting: MeasuredBatch[] = [];
  let aborted = false;
  const status = (): PassStatus => ({ step, seconds: (performance.now() - start) / 1000, totals });

  const read = async (): Promise<void> => {
    const batches = waiting;
    waiting = [];
    for (const [index, numbers] of (await readTogether(batches)).entries()) {
      step += 1;
      const [loss = Number.NaN] = numbers;
      if (!Number.isFinite(loss)) throw nonFinite(loss, pass.place(step));
      totals.add(batches[index] as MeasuredBatch, numbers);
    }
    pace.hasRead(batches.length, performance.now());
  };

  try {
    for await (const batch of readAhead(pass.batches)) {
      aborted = pass.signal?.aborted ?? false;
      if (aborted) break;
      waiting.push(pass.step(batch));
      if (pace.readIsDue(waiting.length, performance.now())) {
        await read();
        if (performance.now() - lastReport >= reportInterval) {
          lastReport = performance.now();
          if (!(await pass.report(status()))) break;
        }
      }
      if (pace.pauseIsDue(performance.now())) {
        await giveWay();
        pace.paused(performance.now());
      }
    }
    await read();
    if (step > 0) await pass.report(status());
    return { ...status(), aborted };
  } finally {
    for (const { numbers } of waiting) numbers.dispose();
  }
}

/** The numbers of all batches in one read; frees them on the device. */
async function readTogether(batches: readonly MeasuredBatch[]): Promise<Float32Array[]> {
  if (batches.length === 0) return [];
  const tensors = batches.map(({ numbers }) => numbers);
  const joined = tidy(() => concat1d(tensors));
  for (const tensor of tensors) tensor.dispose();
  try {
    const all = (await joined.data()) as Float32Array;
    const length = all.length / batches.length;
    return batches.map((_, index) => all.subarray(index * length, (index + 1) * length));
  } finally {
    joined.dispose();
  }
}

function nonFinite(loss: number, place: string): NonFiniteError {
  const remedy = "Lower the learning rate, or look for inputs that are not finite.";
  return new NonFiniteError(`The loss became ${Number.isNaN(loss) ? "NaN" : "infinite"} in ${place}. ${remedy}`);
}
