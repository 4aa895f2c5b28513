import type { EvaluationProgress } from "@featuremap/training";
import { isAbsolute } from "node:path";
import { formatCount, formatCounted, formatMetric } from "../../terminal/format.ts";
import { printJson, printLine } from "../../terminal/print.ts";
import { createProgressLine } from "../../terminal/progress-line.ts";
import { shownPath } from "../../terminal/shown-path.ts";
import type { TextStream } from "../../terminal/terminal.ts";
import type { EpochResult, TrainHooks, TrainPlan, TrainResult } from "../../training/train-types.ts";
import { deviceLine } from "../../device/device-line.ts";
import { createEpochTable } from "./epoch-table.ts";
import { progressState, trainingState } from "../../training/progress-state.ts";
import { shellWord } from "../../terminal/shell-word.ts";

/** What a training tells its user, from the first line to the last. */
export interface TrainReport extends Required<TrainHooks> {
  onDownload(loaded: number, total: number | undefined): void;
  onStart(plan: TrainPlan): void;
  onEvaluationProgress(progress: EvaluationProgress): void;
  onEpoch(epoch: EpochResult): void;
  /** A signal asks for a stop. @param byKey whether it was Ctrl-C, which can be pressed again */
  onStopping(byKey: boolean): void;
  onEnd(result: TrainResult): void;
  /** Leaves the terminal clean for the error. */
  onFailure(): void;
}

/** One JSON object a line: `start`, `features`, `progress`, `evaluation`, `epoch` and `end`. */
export function jsonTrainReport(output: TextStream): TrainReport {
  return {
    onDownload() {},
    onStart: (plan) => printJson(output, { event: "start", ...plan }),
    onProgress: (progress) => printJson(output, { event: "progress", ...progress }),
    onEvaluationProgress: (progress) => printJson(output, { event: "evaluation", ...progress }),
    onFeatures: (done, total) => printJson(output, { event: "features", done, total }),
    onEpoch: ({ metrics, ...epoch }) => printJson(output, { event: "epoch", ...epoch, ...metrics }),
    onNote: (text) => printJson(output, { event: "note", text }),
    onReportProgress() {},
    onStopping() {},
    onEnd: (result) => printJson(output, { event: "end", ...result }),
    onFailure() {},
  };
}

/** Lines for people, with a live progress bar and a table of epochs on a terminal. */
export function textTrainReport(output: TextStream): TrainReport {
  const line = createProgressLine(output);
  let table = createEpochTable(output, "test");
  let epochs = 0;
  let isDry = false;
  let heading = "";
  return {
    onDownload(loaded, total = Number.NaN) {
      const details = `${megabytes(loaded)}${total > 0 ? ` of ${megabytes(total)}` : ""} MB`;
      line.update({ heading: "Downloading", done: loaded, total, details });
    },
    onStart(plan) {
      epochs = plan.epochs;
      isDry = plan.dryRun;
      table = createEpochTable(output, plan.validationImages > 0 ? "validation" : "test");
      line.clear();
      for (const text of planLines(plan)) printLine(output, text);
    },
    onProgress(progress) {
      heading = `Epoch ${progress.epoch + 1}/${epochs}`;
      line.update(trainingState(heading, progress));
    },
    onEvaluationProgress: (progress) =>
      line.update(progressState(heading === "" ? "Testing" : `${heading}, testing`, progress)),
    onFeatures(done, total) {
      line.update({
        heading: "Computing features",
        done,
        total,
        details: `${formatCount(done)}/${formatCount(total)} images`,
      });
    },
    onEpoch(epoch) {
      line.clear();
      table.row(epoch);
    },
    onNote(text) {
      line.clear();
      printLine(output, text);
    },
    onReportProgress({ stage, done, total }) {
      line.update({
        heading: "Writing the report",
        done,
        total,
        details: `${stage} ${formatCount(done)}/${formatCount(total)}`,
      });
    },
    onStopping(byKey) {
      line.clear();
      const hint = byKey ? "; press Ctrl-C again to quit at once, with nothing kept since the last checkpoint" : "";
      printLine(output, `Stopping after this step${hint}.`);
    },
    onEnd(result) {
      line.clear();
      if (isDry)
        printLine(
          output,
          `All works: ${formatCounted(result.steps, "step was", "steps were")} taken, and nothing was kept.`,
        );
      else for (const text of endLines(result)) printLine(output, text);
    },
    onFailure: () => line.clear(),
  };
}

function planLines(plan: TrainPlan): string[] {
  const { trainImages, validationImages, testImages, imagesAre, imageSize, classes } = plan;
  const [height, width] = imageSize;
  const parts = [
    `${formatCount(trainImages)} to learn from`,
    ...(validationImages > 0 ? [`${formatCount(validationImages)} for validation`] : []),
    ...(testImages > 0 ? [`${formatCount(testImages)} for testing`] : []),
  ];
  return [
    `Training ${plan.data}: ${formatCount(trainImages)} ${imagesAre}, ${formatCount(plan.parameters)} weights, seed ${plan.seed}`,
    `Data: ${classes} classes; ${parts.join(", ")}; ${width} x ${height} pixels (${plan.imageSizeReason})`,
    `Network: ${shownNetwork(plan.network)} (${plan.networkReason})`,
    ...freezingLines(plan),
    ...featureLines(plan),
    deviceLine(plan.device),
    plan.dryRun
      ? "A dry run: nothing is kept"
      : `${plan.resumed ? "Going on in" : "Writing to"} ${shownPath(plan.run)}`,
  ];
}

/** A saved model is called by its path. */
function shownNetwork(name: string): string {
  return isAbsolute(name) ? shownPath(name) : name;
}

function freezingLines(plan: TrainPlan): string[] {
  const { epochs, learningRate, schedule, freezeEpochs, headLearningRate } = plan;
  const { frozenNormalizations = 0, learningRatePerDepth } = plan;
  const depth = learningRatePerDepth === undefined ? "" : `, times ${learningRatePerDepth} per layer towards the input`;
  if (freezeEpochs === undefined || headLearningRate === undefined) {
    return depth === "" ? [] : [`Learning: at a rate of ${formatMetric(learningRate)} (${schedule})${depth}`];
  }
  const all = `all layers${frozenNormalizations > 0 ? " but batch normalization" : ""}`;
  const alone = `Learning: ${formatCounted(freezeEpochs, "epoch")} of the last layer alone, at a rate of ${formatMetric(headLearningRate)}`;
  const rest = epochs - freezeEpochs;
  return [
    rest === 0
      ? alone
      : `${alone}; then ${formatCounted(rest, "epoch")} of ${all}, at ${formatMetric(learningRate)} (${schedule})${depth}`,
  ];
}

/** What becomes of pictures while the last layer learns alone. */
function featureLines({ frozenFeatures, freezeEpochs = 0, epochs, augment }: TrainPlan): string[] {
  if (frozenFeatures === undefined) return [];
  if (frozenFeatures === "compute")
    return ["Features of the other layers: computed in every epoch, of pictures that vary"];
  const isVaried = augment !== "none" && freezeEpochs < epochs;
  const later = isVaried ? `; pictures vary (${augment}) from epoch ${freezeEpochs + 1} on` : "";
  return [`Features of the other layers: computed once, of pictures as they are${later}`];
}

/** Files that are named. */
const mostNamed = 3;

function endLines({
  stopped,
  steps,
  stepsPlanned,
  test,
  validation,
  bestEpoch,
  leftOut,
  run,
  bundle,
  historyFile,
  report,
  reportFailure,
}: TrainResult): string[] {
  const lines: string[] = [];
  for (const [name, part] of Object.entries({ Test: test, Validation: validation })) {
    if (part === undefined) continue;
    const { images, accuracy, loss } = part;
    lines.push(
      `${name} accuracy ${formatMetric(accuracy)} (loss ${formatMetric(loss)}) on ${formatCounted(images, "image")}`,
    );
  }
  if (leftOut.length > 0) {
    const named = leftOut.slice(0, mostNamed).map(({ reason }) => reason);
    const more = leftOut.length > mostNamed ? ` and ${formatCount(leftOut.length - mostNamed)} more` : "";
    lines.push(`Left out as no pictures: ${named.join(" ")}${more}`);
  }
  const early = stopped ? ` as it was after ${formatCount(steps)} of ${formatCounted(stepsPlanned, "step")}` : "";
  lines.push(`Saved the model${early} to ${shownPath(bundle)}, and its history to ${shownPath(historyFile)}`);
  // A rate that was still high lets the loss go up and down; where the training was done, the last weights are the safer ones.
  if (
    stopped &&
    bestEpoch !== undefined &&
    !(bestEpoch.loss >= ((validation ?? test)?.loss ?? Number.POSITIVE_INFINITY))
  ) {
    const { epoch, loss, accuracy, bundle: better } = bestEpoch;
    const figures = `accuracy ${formatMetric(accuracy)}, loss ${formatMetric(loss)}`;
    lines.push(`Better so far was epoch ${epoch} (${figures}): ${shownPath(better)}`);
  }
  if (stopped) lines.push(`Continue with: featuremap train --resume ${shellWord(shownPath(run))}`);
  if (report !== undefined) lines.push(`Report: ${shownPath(report)}`);
  if (reportFailure !== undefined) lines.push(`There is no report. ${reportFailure}`);
  return lines;
}

function megabytes(bytes: number): string {
  return formatCount(bytes / 1e6);
}
