import { basename } from "node:path";
import { plotTrials } from "@featuremap/visualize";
import { flagName } from "../../options/names.ts";
import { writePlot } from "../../drawing/write-plot.ts";
import { shownValue } from "./shown-value.ts";
import type { SweepPaths } from "./sweep-files.ts";
import type { Objective, TrialRow } from "./trials/trial-row.ts";

/** Draws the scores of trials over what they were tried with. @returns names of the files */
export async function writeSweepPlot(
  { plot }: Pick<SweepPaths, "plot">,
  rows: readonly TrialRow[],
  { objective, title }: { readonly objective: Objective; readonly title: string },
): Promise<string[]> {
  const trials = rows.map(({ values, ...row }) => ({ values: shown(values), score: row[objective] }));
  const options = { title, width: 960, scoreName: objective, lowerIsBetter: objective === "val_loss" };
  const files = await writePlot(plot, (theme) => plotTrials(trials, { ...options, theme }));
  return files.map((file) => basename(file));
}

function shown(values: TrialRow["values"]): Record<string, number | string> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      flagName(name),
      typeof value === "number" ? value : shownValue(name, value),
    ]),
  );
}
