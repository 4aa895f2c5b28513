import type { Invocation } from "../invocation.ts";
import { UsageError, exitCodes } from "../../terminal/exit-codes.ts";
import { type ExportResult, exportBundle } from "./export.ts";
import { formatBytes, formatCount, formatCounted, formatMetric } from "../../terminal/format.ts";
import { runInterruptibly } from "../../terminal/interruption.ts";
import { printJson, printLine } from "../../terminal/print.ts";
import { createProgressLine } from "../../terminal/progress-line.ts";
import { shownPath } from "../../terminal/shown-path.ts";
import { progressState } from "../../training/progress-state.ts";
import { namedModel } from "../named-model.ts";

/** `featuremap export <bundle> --out <folder>` */
export async function runExport(invocation: Invocation<"export">): Promise<number> {
  const { out, dtype } = invocation.options;
  if (out === undefined) throw new UsageError("export: --out must name the folder or page to write.");
  if (dtype === "float32" && judges(invocation)) {
    throw new UsageError(
      "export: --data, --part, --limit, --data-folder and --max-loss judge a model with --dtype float16 or int8.",
    );
  }
  return runInterruptibly(invocation.terminal, ({ signal }) => write(invocation, out, signal));
}

/** Whether an option asks for the model to be judged. */
function judges({ options: { data, part, limit, dataFolder, maxLoss } }: Invocation<"export">): boolean {
  return [data, part, limit, dataFolder, maxLoss].some((value) => value !== undefined);
}

async function write(invocation: Invocation<"export">, out: string, signal: AbortSignal): Promise<number> {
  const { words, options, terminal, folder } = invocation;
  const [named = ""] = words;
  const { output, error } = terminal;
  const { json, out: _out, maxLoss, ...settings } = options;
  const { bundle, run } = await namedModel(named, { terminal, folder });
  const line = createProgressLine(output);
  const result = await exportBundle({
    bundle,
    run,
    shown: shownPath(run?.path ?? bundle, folder),
    out,
    judge: judges(invocation),
    maxLoss,
    signal,
    ...settings,
    onNote(note) {
      line.clear();
      printLine(error, `featuremap: ${note}`);
    },
    onProgress(progress) {
      if (!json) line.update(progressState("Testing", progress));
    },
  }).finally(() => line.clear());
  if (json) printJson(output, { event: "export", ...result });
  else for (const text of exportLines(result, out)) printLine(output, text);
  return exitCodes.success;
}

function exportLines({ parameters, stored, judged }: ExportResult, out: string): string[] {
  const written = `Wrote the model (${formatCount(parameters)} weights) to ${out}`;
  if (stored === undefined) return [written];
  const { dtype, bytes } = stored;
  const lines = [`${written} as ${dtype}: ${formatBytes(bytes.before)} became ${formatBytes(bytes.after)}`];
  if (judged === undefined) return [...lines, "Not judged; --data names pictures to compare its answers on"];
  const { accuracy, images, dataset } = judged;
  const change = `${formatMetric(accuracy.before)} before, ${formatMetric(accuracy.after)} after`;
  return [...lines, `Accuracy on ${formatCounted(images, "picture")} of ${dataset}: ${change}`];
}
