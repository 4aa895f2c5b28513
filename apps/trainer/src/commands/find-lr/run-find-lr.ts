import { type FindLrPlan, type FindLrResult, findLr } from "./find-lr.ts";
import type { Invocation } from "../invocation.ts";
import { exitCodes } from "../../terminal/exit-codes.ts";
import { formatCount, formatMetric } from "../../terminal/format.ts";
import { runInterruptibly } from "../../terminal/interruption.ts";
import { printJson, printLine } from "../../terminal/print.ts";
import { createProgressLine } from "../../terminal/progress-line.ts";
import { shownPath } from "../../terminal/shown-path.ts";
import { formatTable } from "../../terminal/table.ts";
import { deviceLine } from "../../device/device-line.ts";

/** `featuremap find-lr <data>` */
export async function runFindLr({ words, options, terminal }: Invocation<"find-lr">): Promise<number> {
  const [data = ""] = words;
  const { json, ...settings } = options;
  const { output } = terminal;
  const line = createProgressLine(output);
  const print = (texts: readonly string[]): void => {
    line.clear();
    for (const text of texts) printLine(output, text);
  };
  const hooks = json
    ? {
        onStart: (plan: FindLrPlan) => printJson(output, { event: "start", ...plan }),
        onStep: (step: object) => printJson(output, { event: "step", ...step }),
        onNote: (text: string) => printJson(output, { event: "note", text }),
      }
    : {
        onStart: (plan: FindLrPlan) => print(planLines(plan)),
        onNote: (text: string) => print([text]),
        onStep: ({ step, steps, learningRate, smoothedLoss }: Parameters<StepHook>[0]) =>
          line.update({
            heading: "Searching",
            done: step,
            total: steps,
            details: [`${step}/${steps}`, `rate ${rateText(learningRate)}`, `loss ${formatMetric(smoothedLoss)}`],
          }),
      };
  return runInterruptibly(terminal, async ({ signal }) => {
    try {
      const result = await findLr({ ...settings, ...hooks, data, signal });
      if (json) printJson(output, { event: "end", ...result });
      else print(resultLines(result));
    } finally {
      line.clear();
    }
    return exitCodes.success;
  });
}

type StepHook = NonNullable<Parameters<typeof findLr>[0]["onStep"]>;

function planLines(plan: FindLrPlan): string[] {
  const { data, imagesAre, trainImages, classes, network, networkReason, optimizer, batchSize, steps, seed } = plan;
  return [
    `Finding a learning rate on ${data}: ${formatCount(trainImages)} ${imagesAre}, ${classes} classes, seed ${seed}`,
    `Network: ${network} (${networkReason}), ${optimizer}, batches of ${formatCount(batchSize)}`,
    `Rates: ${rateText(plan.minLearningRate)} to ${rateText(plan.maxLearningRate)} in ${formatCount(steps)} steps`,
    deviceLine(plan.device),
  ];
}

/** Rows of the table. */
const shown = 10;

function resultLines(result: FindLrResult): string[] {
  const { learningRates, losses, smoothedLosses, suggestion, suggestions, diverged, folder, files } = result;
  const { length } = learningRates;
  const rows = Array.from({ length: Math.min(shown, length) }, (_, row) =>
    Math.round((row * (length - 1)) / Math.max(Math.min(shown, length) - 1, 1)),
  ).map((index) => [
    rateText(learningRates[index] ?? Number.NaN),
    formatMetric(losses[index] ?? Number.NaN),
    formatMetric(smoothedLosses[index] ?? Number.NaN),
  ]);
  const ways = Object.entries(meanings).map(([name, meaning]) => {
    const rate = suggestions[name as keyof typeof meanings];
    return [name, rate === null ? "-" : String(rate), ` ${meaning}`];
  });
  return [
    ...formatTable([["rate", "loss", "smoothed"], ...rows]),
    diverged
      ? `The loss left all bounds at ${rateText(learningRates.at(-1) ?? Number.NaN)}.`
      : "The loss stayed within bounds up to the last rate.",
    ...alignLeft(ways),
    suggestion === null
      ? "The loss never fell, so no rate is suggested. Try more --steps or another range."
      : `Suggestion: --learning-rate ${suggestion}, as --learning-rate auto takes it`,
    `Wrote ${files.join(", ")} to ${shownPath(folder)}`,
  ];
}

/** fastai's names. */
const meanings = {
  steep: "where the loss fell fastest",
  valley: "the middle of the longest valley",
  minimum: "a tenth of the rate with the lowest loss",
} as const;

function alignLeft(rows: readonly (readonly string[])[]): string[] {
  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map(([name = "", rate = "", meaning = ""]) =>
    `${name.padEnd(widths[0] ?? 0)}  ${rate.padEnd(widths[1] ?? 0)} ${meaning}`.trimEnd(),
  );
}

function rateText(rate: number): string {
  return rate < 1e-3 ? rate.toExponential(1) : String(Number(rate.toPrecision(3)));
}
