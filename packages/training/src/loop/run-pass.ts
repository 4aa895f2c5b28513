import { type FixedShape, NonFiniteError } from "@featuremap/tensor";
import { concat1d, tidy } from "@tensorflow/tfjs-core";
import { giveWay } from "./give-way.ts";
import type { JudgedOutput } from "../step/objective.ts";
import { Pace } from "./pace.ts";
import { type EndSignal, readAhead } from "./read-ahead.ts";
import type { MeasuredBatch } from "../step/step.ts";
import { type Logs, type TotalsState } from "../run/logs.ts";
import { Totals } from "../step/totals.ts";
import type { TrainingBatch } from "../data/training-batch.ts";

/** Time in milliseconds between two reports. */
const reportInterval = 250;

/** How far a pass is. */
export interface PassStatus {
  /** Steps whose results have been read. */
  readonly step: number;
  /** Since the pass began. */
  readonly seconds: number;
  /** Examples since the pass began. */
  readonly examples: number;
  readonly totals: Totals;
  /** Share of that time in which no batch was there, in [0, 1]; 0 where nobody is told. */
  readonly waiting: number;
}

/** Where a pass that was interrupted goes on. */
export interface PassResume {
  /** Batches that were done. */
  readonly step: number;
  readonly totals: TotalsState | undefined;
  /** What a batch will be judged by, for the sums to go on. */
  describe(batch: TrainingBatch): { readonly outputs: readonly JudgedOutput[]; readonly shapes: readonly FixedShape[] };
}

/** A way through data, one batch after another. */
export interface Pass {
  /** The batches from one on, counted from 0. */
  batches(from: number): AsyncIterable<TrainingBatch> | Iterable<TrainingBatch>;
  /** Takes the sums. Default: new ones. */
  readonly totals?: Totals;
  readonly resume?: PassResume;
  /** Sends a batch's work to the device. */
  step(batch: TrainingBatch): MeasuredBatch;
  /** Before a batch, counted from 0; absent where nobody hears of it. */
  readonly before?: ((batch: number) => Promise<void>) | undefined;
  /** After a batch's work is sent. @param readLogs waits for the device, and gives the numbers so far */
  readonly after?: ((batch: number, readLogs: () => Promise<Logs>) => Promise<void>) | undefined;
  /** Asked after each batch. Default: yes. */
  readonly goOn?: () => boolean;
  /** Ends the pass after the step under way. */
  readonly signal: EndSignal | undefined;
  /** Hears of a read at most four times a second, and of the last one; absent where nobody does. */
  readonly report?: ((status: PassStatus) => Promise<void>) | undefined;
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
  const { totals = new Totals(), resume, before, after, report } = pass;
  const skipped = resume?.step ?? 0;
  const doneBefore = resume?.totals?.examples ?? 0;
  // The last one that was done tells how sums go on, even where it was the last of all.
  const first = Math.max(skipped - 1, 0);
  let [sent, step] = [first, skipped];
  let lastReport = Number.NEGATIVE_INFINITY;
  let waiting: MeasuredBatch[] = [];
  let aborted = false;
  let [waited, asked] = [0, start];
  const status = (): PassStatus => {
    const milliseconds = performance.now() - start;
    const share = milliseconds > 0 ? Math.min(waited / milliseconds, 1) : 0;
    return { step, seconds: milliseconds / 1000, examples: totals.examples - doneBefore, totals, waiting: share };
  };

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
  const readLogs = async (): Promise<Logs> => {
    await read();
    return totals.logs;
  };

  const leave = (): void => {
    aborted = true;
  };

  try {
    for await (const batch of readAhead(pass.batches(first), pass.signal, leave)) {
      if (report) waited += performance.now() - asked;
      if (sent < skipped) {
        sent += 1;
        restoreTotals(totals, resume, batch);
        asked = performance.now();
        continue;
      }
      aborted = pass.signal?.aborted ?? false;
      if (aborted) break;
      if (before) await before(sent);
      waiting.push(pass.step(batch));
      // The device has its own copy, or none at all: tensors do not outlive the step.
      batch.release?.();
      if (after) await after(sent, readLogs);
      sent += 1;
      if (pass.goOn?.() === false) break;
      if (pace.readIsDue(waiting.length, performance.now())) {
        await read();
      }
      if (report && waiting.length === 0 && performance.now() - lastReport >= reportInterval) {
        lastReport = performance.now();
        await report(status());
        if (pass.goOn?.() === false) break;
      }
      if (pace.pauseIsDue(performance.now())) {
        await giveWay();
        pace.paused(performance.now());
      }
      if (report) asked = performance.now();
    }
    await read();
    if (report && step > skipped) await report(status());
    return { ...status(), aborted };
  } finally {
    for (const { numbers } of waiting) numbers.dispose();
  }
}

function restoreTotals(totals: Totals, resume: PassResume | undefined, batch: TrainingBatch): void {
  if (resume?.totals === undefined) return;
  const { outputs, shapes } = resume.describe(batch);
  totals.restore(resume.totals, outputs, shapes);
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
