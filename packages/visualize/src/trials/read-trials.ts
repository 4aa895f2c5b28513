import { InvalidConfigError } from "@featuremap/tensor";
import { requireRecord } from "../svg/drawing-options.ts";

/** A training with settings of its own. */
export interface TrialPoint {
  /** What it was tried with, by the names of options. */
  readonly values: Readonly<Record<string, number | string>>;
  /** How good it was; undefined, or no number, where it has no result. */
  readonly score?: number | undefined;
}

/** An option with its value in each trial that has one and a score. */
export interface TriedOption {
  readonly name: string;
  readonly points: readonly { readonly trial: number; readonly value: number | string; readonly score: number }[];
}

/** Options in the order in which trials name them. @throws {InvalidConfigError} these are not trials. */
export function readTrials(owner: string, trials: unknown): readonly TriedOption[] {
  if (!Array.isArray(trials)) throw new InvalidConfigError(owner, "trials", "a list of trials", trials);
  const options = new Map<string, { trial: number; value: number | string; score: number }[]>();
  for (const [index, each] of [...(trials as readonly unknown[])].entries()) {
    const trial = requireRecord(owner, `trials[${index}]`, "{ values, score }", each);
    const values = requireRecord(owner, `trials[${index}].values`, "numbers and strings by name", trial["values"]);
    const score = trial["score"] ?? Number.NaN;
    if (typeof score !== "number") {
      throw new InvalidConfigError(owner, `trials[${index}].score`, "a number, or undefined", score);
    }
    for (const [name, value] of Object.entries(values)) {
      if (typeof value !== "string" && !(typeof value === "number" && Number.isFinite(value))) {
        throw new InvalidConfigError(owner, `trials[${index}].values.${name}`, "a finite number or a string", value);
      }
      const points = options.get(name) ?? [];
      options.set(name, points);
      if (Number.isFinite(score)) points.push({ trial: index + 1, value, score });
    }
  }
  return [...options].map(([name, points]) => ({ name, points }));
}
