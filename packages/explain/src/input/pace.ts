import { AbortedError, InvalidConfigError, type OptionNames } from "@featuremap/tensor";
import { requireCount } from "./check-values.ts";

/** How much is computed at a time, and how to follow it. */
export interface PaceOptions {
  /** Images that are computed at once. Default: 32. More need more memory. */
  readonly batchSize?: number | undefined;
  /** Stops the work between two batches, which then rejects with an AbortedError. */
  readonly signal?: AbortSignal | undefined;
  /** Called after each batch with how much is done and how much there is, which is undefined where nobody knows yet. */
  readonly onProgress?: ((done: number, total: number | undefined) => void) | undefined;
}

export const paceOptions: OptionNames<PaceOptions> = { batchSize: true, signal: true, onProgress: true };

/** {@link PaceOptions}, checked. */
export interface Pace {
  readonly batchSize: number;
  /** @throws {AbortedError} the caller asked to stop. */
  check(): void;
  /** Reports, and lets others have the thread: a page draws, a button that aborts is heard. */
  report(done: number, total: number | undefined): Promise<void>;
}

/** @throws {InvalidConfigError} an option is of another kind. */
export function readPace(owner: string, { batchSize = 32, signal, onProgress }: PaceOptions): Pace {
  if (signal !== undefined && !isSignal(signal))
    throw new InvalidConfigError(owner, "signal", "an AbortSignal", signal);
  if (onProgress !== undefined && typeof onProgress !== "function") {
    throw new InvalidConfigError(owner, "onProgress", "a function", onProgress);
  }
  const check = (): void => {
    if (signal?.aborted === true) throw new AbortedError(`${owner}: stopped by its signal.`, { cause: signal.reason });
  };
  return {
    batchSize: requireCount(owner, "batchSize", batchSize),
    check,
    report: async (done, total) => {
      onProgress?.(done, total);
      if (done !== total) await new Promise((resolve) => setTimeout(resolve, 0));
    },
  };
}

/** By what is read of it: one of a frame or a test runner is not an instance of this realm's class. */
function isSignal(value: unknown): value is AbortSignal {
  return typeof value === "object" && value !== null && typeof Reflect.get(value, "aborted") === "boolean";
}

/** `[from, to)` of each batch. */
export function* batchesOf(count: number, batchSize: number): Iterable<readonly [from: number, to: number]> {
  for (let from = 0; from < count; from += batchSize) yield [from, Math.min(from + batchSize, count)];
}
