import { Option } from "@featuremap/tensor";
import { isList, isWithin } from "../../config/options.ts";

/** One number for the range from its negative to itself, or the two ends of a range. */
export type Factor = number | readonly [number, number];

/** The ends of the range that is drawn from. */
export type FactorRange = readonly [lower: number, upper: number];

/** Limits of a factor, and of each of its ends. */
export interface FactorBounds {
  readonly least: number;
  readonly most: number;
  /** Whether the least itself is excluded. */
  readonly open?: boolean;
  /** Whether it is an integer. */
  readonly whole?: boolean;
}

/** A factor within bounds, as it is given. */
export function givenFactorOption({ least, most, open = false, whole = false }: FactorBounds): Option<Factor> {
  const fits = (end: unknown): boolean =>
    isWithin(end, least, most) && !(open && end === least) && (!whole || Number.isInteger(end));
  return Option.plain<Factor>({
    expected: `${whole ? "an integer" : "a number"} in ${open ? "(" : "["}${least}, ${most}], or two of them`,
    accepts: (factor) => (isList(factor) ? factor.length === 2 && factor.every(fits) : fits(factor)),
  });
}

/**
 * A factor within bounds, as the range that is drawn from.
 *
 * @param ofOne the range of a single number; by default `[-f, f]`, no lower than `least`. Source: Keras `_set_factor`.
 */
export function factorOption(
  bounds: FactorBounds,
  ofOne = (factor: number): FactorRange => rangeOf(factor, bounds.least),
): Option<Factor, FactorRange> {
  const { kind, check } = givenFactorOption(bounds);
  return new Option<Factor, FactorRange>({
    ...kind,
    check: (owner, name, given: Factor) => {
      const factor = check(owner, name, given);
      return typeof factor === "number" ? ofOne(factor) : rangeOf(factor, bounds.least);
    },
    write: (range) => range,
  });
}

/** The range of a factor: `[-f, f]`, no lower than `least`, for one number; two numbers in order. */
export function rangeOf(factor: Factor, least: number): FactorRange {
  if (typeof factor === "number") return [Math.max(-Math.abs(factor), least), Math.abs(factor)];
  const [first, second] = factor;
  return [Math.min(first, second), Math.max(first, second)];
}
