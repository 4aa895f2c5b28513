import { join } from "node:path";
import type { SweepOptions, SweepPlan, SweepResult } from "./sweep.ts";
import { flagName } from "../../options/names.ts";
import { sweepable } from "../../options/commands/sweep.ts";
import { plainRow } from "./sweep-files.ts";
import type { TrialRow } from "./trials/trial-row.ts";
import { formatCount, formatCounted } from "../../terminal/format.ts";
import { createLiveTable } from "../../terminal/live-table.ts";
import { printJson, printLine } from "../../terminal/print.ts";
import { createProgressLine } from "../../terminal/progress-line.ts";
import { shellWord } from "../../terminal/shell-word.ts";
import { shownPath } from "../../terminal/shown-path.ts";
import type { TextStream } from "../../terminal/terminal.ts";
import { trainingState } from "../../training/progress-state.ts";
import { outcomeText, sweepTable, trialTitle, valuesText } from "./sweep-table.ts";

type Hooks = Pick<
  SweepOptions,
  "onStart" | "onTrial" | "onProgress" | "onEpoch" | "onNote" | "onResult" | "onDownload"
>;

/** What a sweep tells its user, from the first line to the last. */
export interface SweepReport extends Hooks {
  /** A signal asks for a stop. @param byKey whether it was Ctrl-C, which can be pressed again */
  onStopping(byKey: boolean): void;
  onEnd(result: SweepResult): void;
  /** Leaves the terminal clean for the error. */
  onFailure(): void;
}

/** One JSON object a line: `start`, `progress`, `epoch`, `note`, `trial` and `end`. */
export function jsonSweepReport(output: TextStream): SweepReport {
  const plain = (rows: readonly TrialRow[]): TrialRow[] => rows.map((row) => plainRow(row, sweepable));
  return {
    onStart: ({ trials, ...plan }) => printJson(output, { event: "start", ...plan, trials: plain(trials) }),
    onProgress: (trial, progress) => printJson(output, { event: "progress", trial, ...progress }),
    onEpoch: (trial, { metrics, ...epoch }) => printJson(output, { event: "epoch", trial, ...epoch, ...metrics }),
    onNote: (trial, text) => printJson(output, { event: "note", trial, text }),
    onResult: (row) => printJson(output, { event: "trial", ...plainRow(row, sweepable) }),
    onStopping() {},
    onEnd: ({ trials, best, ...result }) =>
      printJson(output, {
        event: "end",
        ...result,
        best: best && { ...plainRow(best, sweepable), model: best.model },
        trials: plain(trials),
      }),
    onFailure() {},
  };
}

/** Rows that are drawn again while trials train. */
const mostLive = 12;

/** Lines for people; on a terminal with a table that is always in order, the best first. */
export function textSweepReport(output: TextStream): SweepReport {
  const line = createProgressLine(output);
  const table = createLiveTable(output);
  const isLive = output.isTTY === true;
  let plan: SweepPlan | undefined;
  let title = "";
  let rows: readonly TrialRow[] = [];
  const print = (...texts: readonly string[]): void => {
    line.clear();
    table.clear();
    for (const text of texts) printLine(output, text);
    draw();
  };
  const draw = (): void => {
    const judged = rows.filter(({ state, epochs }) => state === "completed" || epochs !== undefined);
    if (!isLive || plan === undefined || judged.length === 0) return;
    line.clear();
    const more = judged.length > mostLive ? [`... and ${judged.length - mostLive} more`] : [];
    table.draw([...sweepTable(judged.slice(0, mostLive), plan.options), ...more]);
  };
  return {
    onDownload(loaded, total = Number.NaN) {
      const of = total > 0 ? ` of ${formatCount(total / 1e6)}` : "";
      line.update({ heading: "Downloading", done: loaded, total, details: `${formatCount(loaded / 1e6)}${of} MB` });
    },
    onStart(started) {
      line.clear();
      for (const text of planLines(started)) printLine(output, text);
      plan = started;
      rows = started.trials;
      draw();
    },
    onTrial(row) {
      title = `Trial ${row.trial}/${plan?.trials.length ?? row.trial}`;
      if (!isLive) printLine(output, `${title}: ${valuesText(row)}`);
    },
    onProgress: (_, progress) =>
      line.update(trainingState(`${title}, epoch ${progress.epoch + 1}/${progress.epochs}`, progress)),
    onNote: (_, text) => print(`${title}: ${text}`),
    onResult(row, all) {
      rows = all;
      if (!isLive) printLine(output, `Trial ${row.trial}: ${outcomeText(row)}`);
      else if (row.state === "failed") print(`Trial ${row.trial} (${valuesText(row)}) ${outcomeText(row)}`);
      else draw();
    },
    onStopping: (byKey) => print(`Stopping after this step${byKey ? "; press Ctrl-C again to quit at once" : ""}.`),
    onEnd(result) {
      line.clear();
      table.clear();
      for (const text of endLines(result, plan)) printLine(output, text);
    },
    onFailure() {
      line.clear();
    },
  };
}

function planLines(plan: SweepPlan): string[] {
  const { data, imagesAre, trainImages, validationImages, trials, options, objective, seed, rungs, folder } = plan;
  return [
    `Sweep of ${data}: ${formatCounted(trials.length, "trial")} of ${options.map(flagName).join(", ")}; seed ${seed}`,
    `Data: ${formatCount(trainImages)} ${imagesAre} for training, ${formatCount(validationImages)} for validation, ` +
      `by whose ${objective} trials are compared`,
    ...(rungs === undefined
      ? []
      : [
          `Halving: ${rungs.map((rung) => `${formatCount(rung.trials)} to epoch ${formatCount(rung.epochs)}`).join(", then ")}`,
        ]),
    folder === undefined
      ? "A dry run: nothing is trained, and nothing is written"
      : `${plan.resumed ? "Going on in" : "Writing to"} ${shownPath(folder)}`,
  ];
}

function endLines({ stopped, trials, best, folder, files }: SweepResult, plan: SweepPlan | undefined): string[] {
  const options = plan?.options ?? [];
  const lines = sweepTable(trials, options);
  for (const row of trials) if (row.state === "failed") lines.push(`Trial ${row.trial} ${outcomeText(row)}`);
  if (folder === undefined) return lines;
  const run = best === null ? "" : shellWord(shownPath(join(folder, best.run)));
  lines.push(
    best === null
      ? "No trial has finished, so none is the best."
      : `Best: ${trialTitle(best)}, ${outcomeText(best)}: ${shownPath(best.model)}`,
  );
  lines.push(`Wrote ${files.join(", ")} to ${shownPath(folder)}`);
  if (stopped) lines.push(`Continue with: featuremap sweep --resume ${shellWord(shownPath(folder))}`);
  else if (best !== null) lines.push(`Look closer with: featuremap train --resume ${run} --report`);
  return lines;
}
