import type { EvaluationProgress, Progress } from "@featuremap/training";
import { relative } from "node:path";
import type { EpochResult, TrainPlan, TrainResult } from "../commands/train.ts";
import { formatCount, formatDuration, formatMetric } from "../terminal/format.ts";
import { printJson, printLine } from "../terminal/print.ts";
import { createProgressLine } from "../terminal/progress-line.ts";
import { deviceLine } from "./device-line.ts";
import { progressState } from "./progress-state.ts";
import type { TextStream } from "../terminal/terminal.ts";

/** What a training tells its user, from the first line to the last. */
export interface TrainReport {
  onStart(plan: TrainPlan): void;
  onProgress(progress: Progress): void;
  onEvaluationProgress(progress: EvaluationProgress): void;
  onEpoch(epoch: EpochResult): void;
  /** A signal asks for a stop. @param byKey whether it was Ctrl-C, which can be pressed again */
  onStopping(byKey: boolean): void;
  onEnd(result: TrainResult): void;
  /** Leaves the terminal clean for the error. */
  onFailure(): void;
}

/** One JSON object a line: `start`, `progress`, `evaluation`, `epoch` and `end`. */
export function jsonTrainReport(output: TextStream): TrainReport {
  return {
    onStart: (plan) => printJson(output, { event: "start", ...plan }),
    onProgress: (progress) => printJson(output, { event: "progress", ...progress }),
    onEvaluationProgress: (progress) => printJson(output, { event: "evaluation", ...progress }),
    onEpoch: ({ metrics, ...epoch }) => printJson(output, { event: "epoch", ...epoch, ...metrics }),
    onStopping() {},
    onEnd: (result) => printJson(output, { event: "end", ...result }),
    onFailure() {},
  };
}

/** Lines for people, with a live progress bar on a terminal. */
export function textTrainReport(output: TextStream): TrainReport {
  const line = createProgressLine(output);
  let epochs = 0;
  let heading = "";
  return {
    onStart(plan) {
      epochs = plan.epochs;
      printLine(
        output,
        `Training ${plan.preset}: ${formatCount(plan.trainImages)} ${plan.imagesAre}, ` +
          `${formatCount(plan.parameters)} weights, seed ${plan.seed}`,
      );
      printLine(output, deviceLine(plan.device));
    },
    onProgress(progress) {
      heading = `Epoch ${progress.epoch + 1}/${epochs}`;
      line.update(progressState(heading, progress));
    },
    onEvaluationProgress: (progress) => line.update(progressState(`${heading}, testing`, progress)),
    onEpoch({ epoch, seconds, metrics }) {
      const { loss, accuracy, val_loss: testLoss, val_accuracy: testAccuracy } = metrics;
      const pair = (name: string, lossValue: number | undefined, accuracyValue: number | undefined): string =>
        `${name} loss ${formatMetric(lossValue ?? Number.NaN)}, accuracy ${formatMetric(accuracyValue ?? Number.NaN)}`;
      line.clear();
      const tested = testLoss === undefined ? "" : `; ${pair("test", testLoss, testAccuracy)}`;
      printLine(
        output,
        `Epoch ${epoch}/${epochs} in ${formatDuration(seconds)}: ${pair("training", loss, accuracy)}${tested}`,
      );
    },
    onStopping(byKey) {
      line.clear();
      const hint = byKey ? "; press Ctrl-C again to quit at once and keep nothing" : "";
      printLine(output, `Stopping after this step${hint}.`);
    },
    onEnd({ stopped, steps, stepsPlanned, test, bundle, historyFile }) {
      line.clear();
      if (test !== undefined) {
        const { images, accuracy, loss } = test;
        printLine(
          output,
          `Test accuracy ${formatMetric(accuracy)} (loss ${formatMetric(loss)}) on ${formatCount(images)} images`,
        );
      }
      const early = stopped ? ` as it was after ${formatCount(steps)} of ${formatCount(stepsPlanned)} steps` : "";
      printLine(output, `Saved the model${early} to ${shown(bundle)}, and its history to ${shown(historyFile)}`);
    },
    onFailure: () => line.clear(),
  };
}

/** Relative to where the command runs, unless that is longer. */
function shown(path: string): string {
  const fromHere = relative("", path);
  return fromHere.length < path.length ? fromHere : path;
}
