import { type Tick, formatNumber, linearTicks, logarithmicTicks, roundNeighbours } from "./ticks.ts";

/** Where values lie between the ends of an axis: 0 at its start, 1 at its end. */
export interface Scale {
  readonly low: number;
  readonly high: number;
  readonly ticks: readonly Tick[];
  readonly position: (value: number) => number;
}

/** The largest number that an axis reaches: sums and differences of two are finite. */
const farthest = 1e300;

/**
 * A linear axis from a round number to a round number.
 *
 * @param ticks how many marks it may have, roughly
 */
export function linearScale(low: number, high: number, ticks: number): Scale {
  const marks = linearTicks(...apart(low, high), ticks);
  const [from, to] = [marks[0]?.value ?? 0, marks.at(-1)?.value ?? 1];
  return { low: from, high: to, ticks: marks, position: (value) => (clip(value) - from) / (to - from) };
}

/** A linear axis from 0, of things that are counted: marked at integers. */
export function countScale(most: number, ticks: number): Scale {
  const scale = linearScale(0, most, ticks);
  const whole = scale.ticks.filter(({ value }) => Number.isInteger(value));
  return { ...scale, ticks: whole.map(({ value }) => ({ value, label: formatNumber(value, 1) })) };
}

/** A linear axis that ends where the values end, marked at round numbers between. */
export function tightScale(low: number, high: number, ticks: number): Scale {
  const [from, to] = apart(low, high);
  const marks = linearTicks(from, to, ticks).filter(({ value }) => value >= from && value <= to);
  return { low: from, high: to, ticks: marks, position: (value) => (clip(value) - from) / (to - from) };
}

/** A logarithmic axis whose ends are round numbers; both are above 0. */
export function logarithmicScale(low: number, high: number, ticks: number): Scale {
  const [[from], [, to]] = [roundNeighbours(clipAboveZero(low)), roundNeighbours(clipAboveZero(high))];
  return from < to ? tightLogarithmicScale(from, to, ticks) : tightLogarithmicScale(from / 2, to * 2, ticks);
}

/** A logarithmic axis that ends where the values end. */
export function tightLogarithmicScale(low: number, high: number, ticks: number): Scale {
  const [least, most] = [clipAboveZero(low), clipAboveZero(high)];
  const [from, to] = most / least > 1.05 ? [least, most] : [least / 1.5, most * 1.5];
  const span = Math.log(to) - Math.log(from);
  const marks = logarithmicTicks(from, to, ticks);
  // Within one step of 1, 2, 5 there may be no mark: round numbers of a linear axis serve.
  const few = marks.length < 2 ? tightScale(from, to, ticks).ticks : marks;
  return {
    low: from,
    high: to,
    ticks: few,
    position: (value) => (Math.log(clipAboveZero(value)) - Math.log(from)) / span,
  };
}

/** Ends of an axis that differ, also around a single value. */
function apart(low: number, high: number): [number, number] {
  const [from, to] = [clip(low), clip(high)];
  if (to - from > Math.max(Math.abs(from), Math.abs(to)) * 1e-9 + 1e-300) return [from, to];
  const margin = Math.abs(from) < 1e-12 ? 1 : Math.abs(from) * 0.1;
  return [from - margin, to + margin];
}

function clip(value: number): number {
  return Math.min(Math.max(value, -farthest), farthest);
}

/** The logarithm of a number closer to zero is not to be told from its neighbours'. */
function clipAboveZero(value: number): number {
  return Math.min(Math.max(value, 1 / farthest), farthest);
}
