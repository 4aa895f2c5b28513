import { InvalidConfigError } from "@featuremap/tensor";

/** @throws {InvalidConfigError} it is not an integer of at least `least`. */
export function checkCount(owner: string, option: string, value: unknown, least: number): asserts value is number {
  if (Number.isSafeInteger(value) && (value as number) >= least) return;
  throw new InvalidConfigError(owner, option, `an integer of at least ${least}`, value);
}

/** @throws {InvalidConfigError} it is not a function. */
export function checkFunction(owner: string, option: string, value: unknown): void {
  if (typeof value === "function") return;
  const isOperation = typeof value === "object" && value !== null && "apply" in value;
  const expected = isOperation ? "a function, such as new ImageWorkers().load({ operations: [...] })" : "a function";
  throw new InvalidConfigError(owner, option, expected, value);
}

/** @throws {InvalidConfigError} it is not a seed. */
export function checkSeed(owner: string, value: unknown): asserts value is number {
  if (Number.isInteger(value) && (value as number) >= 0 && (value as number) <= 0xffffffff) return;
  throw new InvalidConfigError(owner, "seed", "an integer in [0, 4294967295]", value);
}
