import { Callback, type EvaluationProgress, type Progress, type TrainingRun } from "../run/callback.ts";
import type { History } from "../run/history.ts";
import type { Logs } from "../run/logs.ts";

/** Writes down what a callback hears. */
export class Listener extends Callback {
  readonly heard: string[] = [];
  readonly progress: Progress[] = [];
  readonly evaluation: EvaluationProgress[] = [];
  override onTrainBegin({ steps }: TrainingRun): void {
    this.heard.push(`begin of ${steps} steps`);
  }
  override onTrainEnd({ epoch, stopped }: History): void {
    this.heard.push(`end after ${epoch.length}${stopped ? `, ${stopped}` : ""}`);
  }
  override onEpochBegin(epoch: number): void {
    this.heard.push(`epoch ${epoch}`);
  }
  override onEpochEnd(epoch: number, logs: Logs): void {
    this.heard.push(`epoch ${epoch} has ${Object.keys(logs).join(" ")}`);
  }
  override onProgress(progress: Progress): void {
    this.progress.push(progress);
  }
  override onEvaluationProgress(progress: EvaluationProgress): void {
    this.evaluation.push(progress);
  }
}
