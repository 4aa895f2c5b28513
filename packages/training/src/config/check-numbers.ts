import { InvalidConfigError } from "@featuremap/tensor";

/** The value, if it is finite and not negative. @throws {InvalidConfigError} it is not. */
export function checkNotNegative(owner: string, option: string, value: number): number {
  if (value >= 0 && Number.isFinite(value)) return value;
  throw new InvalidConfigError(owner, option, "0 or a positive number", value);
}

/** The value, if it is an integer of at least that much. @throws {InvalidConfigError} it is not. */
export function checkInteger(owner: string, option: string, value: number, least: number): number {
  if (Number.isInteger(value) && value >= least) return value;
  throw new InvalidConfigError(owner, option, `an integer of at least ${least}`, value);
}
