import { flagName } from "../../options/names.ts";
import { formatCounted, formatDuration, formatMetric } from "../../terminal/format.ts";
import { formatTable } from "../../terminal/table.ts";
import { shownValue } from "./shown-value.ts";
import type { TrialRow } from "./trials/trial-row.ts";

/** Trials as a table, in the order they are given. @param options that differ from trial to trial */
export function sweepTable(rows: readonly TrialRow[], options: readonly string[]): string[] {
  const head = ["trial", ...options.map(flagName), "epochs", "val_accuracy", "val_loss", "time", "state"];
  return formatTable([
    head,
    ...rows.map((row) => [
      String(row.trial),
      ...options.map((name) => trialValue(row, name)),
      epochsText(row),
      metricText(row.val_accuracy),
      metricText(row.val_loss),
      row.seconds === undefined ? "-" : formatDuration(row.seconds),
      row.state,
    ]),
  ]);
}

/** "trial 3 (learning-rate 0.01, model small)" */
export function trialTitle(row: TrialRow): string {
  return `trial ${row.trial} (${valuesText(row)})`;
}

/** "learning-rate 0.01, model small" */
export function valuesText(row: TrialRow): string {
  return Object.keys(row.values)
    .map((name) => `${flagName(name)} ${trialValue(row, name)}`)
    .join(", ");
}

/** What became of a trial, in a sentence. */
export function outcomeText(row: TrialRow): string {
  const { state, val_accuracy, val_loss, epochs, epochsPlanned, reason } = row;
  if (state === "failed") return `failed: ${reason ?? "for no known reason"}`;
  if (epochs === undefined) return state;
  const judged = `val_accuracy ${metricText(val_accuracy)}, val_loss ${metricText(val_loss)}`;
  return `${judged} after ${epochs} of ${formatCounted(epochsPlanned, "epoch")}${state === "completed" ? "" : `, ${state}`}`;
}

function trialValue({ values }: TrialRow, name: string): string {
  return values[name] === undefined ? "-" : shownValue(name, values[name]);
}

function epochsText({ epochs = 0, epochsPlanned }: TrialRow): string {
  return `${epochs}/${epochsPlanned}`;
}

function metricText(value: number | undefined): string {
  return value === undefined || Number.isNaN(value) ? "-" : formatMetric(value);
}
