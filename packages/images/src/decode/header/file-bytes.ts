import { InvalidConfigError, isTypedArray } from "@featuremap/tensor";

/** @throws {InvalidConfigError} it is something else, such as a path. */
export function requireFileBytes(owner: string, bytes: unknown): void {
  if (isTypedArray(bytes, "Uint8Array")) return;
  throw new InvalidConfigError(owner, "bytes", "a file's bytes (a Uint8Array)", bytes);
}
