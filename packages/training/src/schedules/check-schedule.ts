import { InvalidConfigError } from "@featuremap/tensor";

/** The value, if it is a finite number. @throws {InvalidConfigError} it is not. */
export function checkFinite(owner: string, option: string, value: number): number {
  if (Number.isFinite(value)) return value;
  throw new InvalidConfigError(owner, option, "a finite number", value);
}

/** The value, if it is finite and above 0. @throws {InvalidConfigError} it is not. */
export function checkPositive(owner: string, option: string, value: number): number {
  if (value > 0 && Number.isFinite(value)) return value;
  throw new InvalidConfigError(owner, option, "a positive number", value);
}
