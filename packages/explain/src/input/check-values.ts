import { InvalidConfigError } from "@featuremap/tensor";

/** @throws {InvalidConfigError} it is not an integer of at least 1. */
export function requireCount(owner: string, option: string, value: unknown): number {
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= 1) return value;
  throw new InvalidConfigError(owner, option, "an integer of at least 1", value);
}

/** @throws {InvalidConfigError} it is not a finite number. */
export function requireNumber(owner: string, option: string, value: unknown): number {
  if (typeof value === "number" && Number.isFinite(value)) return value;
  throw new InvalidConfigError(owner, option, "a finite number", value);
}
