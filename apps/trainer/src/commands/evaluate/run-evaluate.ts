import { resolve } from "node:path";
import { evaluate } from "./evaluate.ts";
import type { Invocation } from "../invocation.ts";
import { exitCodes } from "../../terminal/exit-codes.ts";
import { formatCount } from "../../terminal/format.ts";
import { runInterruptibly } from "../../terminal/interruption.ts";
import { printJson, printLine } from "../../terminal/print.ts";
import { createProgressLine } from "../../terminal/progress-line.ts";
import { shownPath } from "../../terminal/shown-path.ts";
import { evaluationLines } from "./evaluation-lines.ts";
import { namedModel } from "../named-model.ts";
import { progressState } from "../../training/progress-state.ts";

/** Characters of a line where no terminal says how many. */
const usualColumns = 100;

/**
 * `featuremap evaluate <bundle> [data]`
 *
 * A signal ends it at once, as it does `predict`; where a report is written, after the batch under way, and nothing half is left.
 */
export async function runEvaluate(invocation: Invocation<"evaluate">): Promise<number> {
  const { options, terminal } = invocation;
  if (!options.report && options.out === undefined) return judge(invocation, undefined);
  return runInterruptibly(terminal, ({ signal }) => judge(invocation, signal));
}

async function judge(
  { words, options, terminal, folder }: Invocation<"evaluate">,
  signal: AbortSignal | undefined,
): Promise<number> {
  const [named = "", data] = words;
  const { output, error } = terminal;
  const { json, report: isReported, out, ...settings } = options;
  const { bundle, run } = await namedModel(named, { terminal, folder });
  const line = createProgressLine(output);
  const result = await evaluate({
    bundle,
    run,
    shown: shownPath(run?.path ?? bundle, folder),
    data,
    signal,
    ...settings,
    ...(isReported || out !== undefined
      ? { report: { out: out && resolve(folder, out), beside: run?.path ?? folder } }
      : {}),
    onNote(note) {
      line.clear();
      printLine(error, `featuremap: ${note}`);
    },
    onProgress(progress) {
      if (json) printJson(output, { event: "progress", ...progress });
      else line.update(progressState("Testing", progress));
    },
    onReportProgress({ stage, done, total }) {
      if (json) return;
      const details = `${stage} ${formatCount(done)}/${formatCount(total)}`;
      line.update({ heading: "Writing the report", done, total, details });
    },
  }).finally(() => line.clear());
  if (json) printJson(output, { event: "end", ...result });
  else for (const text of evaluationLines(result, output.columns || usualColumns, folder)) printLine(output, text);
  return exitCodes.success;
}
