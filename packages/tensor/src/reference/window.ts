import { type Padding, convolutionOutputSize, samePadding } from "../shapes/convolution.ts";
import { InvalidConfigError, ShapeError } from "../errors.ts";

/** Where a window of some length stands on one axis, step after step. */
export interface WindowAxis {
  /** Length of the axis. */
  readonly length: number;
  /** Length of the window. */
  readonly window: number;
  /** Number of places. */
  readonly count: number;
  /** First element under the window at a place; negative, or too large at its end, where padding is covered. */
  readonly startAt: (place: number) => number;
}

/**
 * The places of a window on one axis.
 *
 * @param owner who slides, for errors
 * @throws {InvalidConfigError} the stride or the padding cannot be used.
 * @throws {ShapeError} the window is longer than the padded axis.
 */
export function slideWindow(
  owner: string,
  length: number,
  window: number,
  stride: number,
  padding: Padding | number,
): WindowAxis {
  requireInteger(owner, "stride", stride, 1);
  if (padding !== "valid" && padding !== "same" && !(Number.isInteger(padding) && padding >= 0)) {
    throw new InvalidConfigError(owner, "padding", '"valid", "same" or an integer of at least 0', padding);
  }
  const count = window === 0 ? 0 : convolutionOutputSize(length, window, stride, padding);
  if (count < 1) {
    const zeros = typeof padding === "number" ? 2 * padding : 0;
    throw new ShapeError(owner, "window", `1 to ${length + zeros} long, to fit the padded axis`, `${window}`);
  }
  const before = paddingBefore(length, window, stride, padding);
  return { length, window, count, startAt: (place) => place * stride - before };
}

/** @throws {InvalidConfigError} the value is not an integer, or smaller than `least`. */
export function requireInteger(owner: string, option: string, value: number, least: number): void {
  if (!Number.isInteger(value) || value < least) {
    throw new InvalidConfigError(owner, option, `an integer of at least ${least}`, value);
  }
}

function paddingBefore(length: number, window: number, stride: number, padding: Padding | number): number {
  if (padding === "same") return samePadding(length, window, stride).start;
  return padding === "valid" ? 0 : padding;
}

/** One number for both axes, or one for each: rows, then columns. */
export function bothAxes<Value extends string | number>(
  value: Value | readonly [rows: Value, columns: Value],
): readonly [rows: Value, columns: Value] {
  return Array.isArray(value) ? (value as readonly [Value, Value]) : [value as Value, value as Value];
}
