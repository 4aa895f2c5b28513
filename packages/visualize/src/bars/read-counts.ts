import { InvalidConfigError } from "@featuremap/tensor";
import { requireRecord } from "../svg/drawing-options.ts";

/** How many there are of each: by name; or by name within each series, such as the splits of a data set. */
export type Counts = Readonly<Record<string, number>> | Readonly<Record<string, Readonly<Record<string, number>>>>;

export interface CountTable {
  readonly labels: readonly string[];
  readonly series: readonly { readonly name: string; readonly values: readonly number[] }[];
}

/** @throws {InvalidConfigError} they are not counts by name. */
export function readCounts(owner: string, option: string, counts: Counts): CountTable {
  const expected = "counts by name, or by series and name";
  const given = Object.entries(requireRecord(owner, option, expected, counts));
  if (given.some(([, value]) => typeof value === "number")) {
    const values = given.map(([name, value]) => checkCount(owner, `${option}.${name}`, value));
    return { labels: given.map(([name]) => name), series: [{ name: "", values }] };
  }
  const series = given.map(([name, value]) => ({
    name,
    counts: requireRecord(owner, `${option}.${name}`, expected, value),
  }));
  const labels = [...new Set(series.flatMap((each) => Object.keys(each.counts)))];
  return {
    labels,
    series: series.map(({ name, counts: own }) => ({
      name,
      values: labels.map((label) => {
        const value = Object.hasOwn(own, label) ? own[label] : 0;
        return checkCount(owner, `${option}.${name}.${label}`, value);
      }),
    })),
  };
}

function checkCount(owner: string, option: string, value: unknown): number {
  if (typeof value === "number" && value >= 0 && value < Number.POSITIVE_INFINITY) return value;
  throw new InvalidConfigError(owner, option, "a finite number of at least 0", value);
}
