import type { ReadOptions } from "@featuremap/files";
import { FormatError } from "@featuremap/tensor";
import type { LoadingOptions } from "../model-files/read-model-files.ts";
import { mostLoaded } from "../reading/address-reader.ts";

/** Counts the bytes of files that are loaded side by side, and holds all of them together to one limit. */
export class LoadingProgress {
  readonly #limit: number | undefined;
  readonly #signal: AbortSignal;
  readonly #onProgress: LoadingOptions["onProgress"];
  readonly #files: { loaded: number; total: number | undefined }[] = [];
  /** How many files there will be. */
  expected = 1;

  constructor(limit: number | undefined, signal: AbortSignal, onProgress: LoadingOptions["onProgress"]) {
    this.#limit = limit;
    this.#signal = signal;
    this.#onProgress = onProgress;
  }

  /** How to read the next file. */
  next(source: string): ReadOptions {
    const file: { loaded: number; total: number | undefined } = { loaded: 0, total: undefined };
    this.#files.push(file);
    return {
      limit: this.#limit,
      limitName: "limits.weightsBytes",
      signal: this.#signal,
      onProgress: (loaded, total) => {
        Object.assign(file, { loaded, total });
        this.#report(source);
      },
    };
  }

  #report(source: string): void {
    const sum = (numbers: readonly (number | undefined)[]): number | undefined =>
      numbers.reduce<number | undefined>(
        (all, each) => (all === undefined || each === undefined ? undefined : all + each),
        0,
      );
    const loadedBytes = sum(this.#files.map(({ loaded }) => loaded)) ?? 0;
    const limit = this.#limit ?? mostLoaded;
    if (loadedBytes > limit) {
      throw new FormatError(source, "size", `at most ${limit} bytes (limits.weightsBytes)`, `${loadedBytes} or more`);
    }
    const isComplete = this.#files.length === this.expected;
    this.#onProgress?.({
      loadedBytes,
      totalBytes: isComplete ? sum(this.#files.map(({ total }) => total)) : undefined,
    });
  }
}
