import { InvalidConfigError } from "@featuremap/tensor";

/** @throws {InvalidConfigError} an epoch had no batch, or not as many as the source had said. */
export function checkCount(owner: string, count: number, expected: number | undefined): void {
  if (count === (expected ?? Math.max(count, 1))) return;
  const wanted = expected === undefined ? "one batch or more" : `${expected} batches, as batchCount says`;
  throw new InvalidConfigError(owner, "data", wanted, `${count}`);
}
