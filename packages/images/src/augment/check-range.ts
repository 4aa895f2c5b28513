import { InvalidConfigError } from "@featuremap/tensor";

/** From, to. */
export type Range = readonly [lower: number, upper: number];

/** @throws {InvalidConfigError} the value is neither true nor false. */
export function requireFlag(owner: string, option: string, value: boolean): boolean {
  if (typeof value === "boolean") return value;
  throw new InvalidConfigError(owner, option, "true or false", value);
}

/** @throws {InvalidConfigError} the value is not a finite number in [lowest, highest]. */
export function requireNumber(
  owner: string,
  option: string,
  value: number,
  lowest: number,
  highest: number = Number.POSITIVE_INFINITY,
): number {
  if (typeof value === "number" && Number.isFinite(value) && value >= lowest && value <= highest) return value;
  const bounds = Number.isFinite(highest) ? `in [${lowest}, ${highest}]` : `of at least ${lowest}`;
  throw new InvalidConfigError(
    owner,
    option,
    Number.isFinite(lowest) ? `a number ${bounds}` : "a finite number",
    value,
  );
}

/** @throws {InvalidConfigError} the value is not two finite numbers in [lowest, highest], the first not above the second. */
export function requireRange(
  owner: string,
  option: string,
  value: Range,
  lowest: number,
  highest: number = Number.POSITIVE_INFINITY,
): Range {
  const isRange =
    Array.isArray(value) &&
    value.length === 2 &&
    value.every((bound) => Number.isFinite(bound) && bound >= lowest && bound <= highest) &&
    value[0] <= value[1];
  if (isRange) return value;
  const bounds = Number.isFinite(highest)
    ? ` in [${lowest}, ${highest}]`
    : Number.isFinite(lowest)
      ? ` of at least ${lowest}`
      : "";
  throw new InvalidConfigError(owner, option, `[lower, upper], numbers${bounds}`, value);
}

/** Keras's factors: a number f stands for [-f, f]. */
export function requireFactor(owner: string, option: string, value: number | Range): Range {
  if (typeof value !== "number") return requireRange(owner, option, value, Number.NEGATIVE_INFINITY);
  requireNumber(owner, option, value, 0);
  return [-value, value];
}

/** @throws {InvalidConfigError} the value is not a probability. */
export function requireProbability(owner: string, option: string, value: number): number {
  return requireNumber(owner, option, value, 0, 1);
}

/** Pixels on a side of what an operation makes: more would not fit into memory. */
const longestSide = 16_384;

/** @throws {InvalidConfigError} the value is not `[height, width]` in whole pixels. */
export function requireSize(
  owner: string,
  option: string,
  value: readonly [height: number, width: number],
): readonly [number, number] {
  const isSide = (side: number): boolean => Number.isInteger(side) && side >= 1 && side <= longestSide;
  if (Array.isArray(value) && value.length === 2 && value.every(isSide)) return value;
  throw new InvalidConfigError(owner, option, `[height, width], integers in [1, ${longestSide}]`, value);
}
