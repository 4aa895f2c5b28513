import { AbortedError, FormatError, InvalidConfigError, type OptionNames, checkOptions } from "@featuremap/tensor";

/** How to read a file from the disk or over HTTP. */
export interface ReadOptions {
  /** Bytes that it may have at most. Default: 1 GiB. */
  readonly limit?: number | undefined;
  /** What the caller's users call the limit, for the error. Default: `limit`. */
  readonly limitName?: string | undefined;
  /** Stops reading. */
  readonly signal?: AbortSignal | undefined;
  /** Called as bytes arrive; `total` is undefined while the length is not known. */
  readonly onProgress?: ((loaded: number, total: number | undefined) => void) | undefined;
}

const names: OptionNames<ReadOptions> = { limit: true, limitName: true, signal: true, onProgress: true };

/** @throws {InvalidConfigError} an option is unknown or not what it may be. */
export function checkReadOptions(owner: string, options: ReadOptions, more: Readonly<Record<string, true>> = {}): void {
  checkOptions(owner, options, { ...names, ...more });
  const { limit, signal, onProgress } = options;
  if (limit !== undefined && !(typeof limit === "number" && limit >= 0)) {
    throw new InvalidConfigError(owner, "limit", "a number of bytes", limit);
  }
  if (signal !== undefined && !(signal instanceof AbortSignal)) {
    throw new InvalidConfigError(owner, "signal", "an AbortSignal", signal);
  }
  if (onProgress !== undefined && typeof onProgress !== "function") {
    throw new InvalidConfigError(owner, "onProgress", "a function", onProgress);
  }
}

/** @throws {FormatError} so many bytes are more than the limit. */
export function checkSize(source: string, size: number, options: ReadOptions): void {
  checkReadOptions("checkSize", options);
  const { limit = 2 ** 30, limitName = "limit" } = options;
  if (size > limit) throw new FormatError(source, "size", `at most ${limit} bytes (${limitName})`, `${size} or more`);
}

/** @throws {AbortedError} the signal was raised. */
export function throwIfAborted(source: string, signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new AbortedError(`Reading ${source} was stopped.`, { cause: signal.reason });
}
