import { rm, rmdir } from "node:fs/promises";
import { join } from "node:path";
import type { ImageFiles } from "@featuremap/datasets";
import { beginFileWhole, writeFileWhole } from "@featuremap/files";
import type { CurveHistory } from "@featuremap/visualize";
import { type CollectReportOptions, collectReport } from "../../report/collect-report.ts";
import type { Answer, Asking } from "../../report/predict-files.ts";
import type { PartName, Predictions } from "../../report/report-data.ts";
import { removeReport, writeReport } from "../../report/write-report.ts";
import { readHistory } from "../../training/run/resumed-run.ts";
import { RunHistory } from "../../run/run-history.ts";
import type { RunPaths } from "../../run/run-paths.ts";
import { evaluationFile, takeEvaluationFolder } from "./evaluation-folder.ts";
import { predictionLine } from "./predictions-lines.ts";

/** Where a report is written. */
export interface ReportTarget {
  /** A new or empty folder, or that of an older evaluation; without it a numbered one. */
  readonly out?: string | undefined;
  /** Where numbered ones are. */
  readonly beside: string;
}

/** What a report is made of, besides its numbers. */
export interface ReportedEvaluation extends Asking, Pick<CollectReportOptions, "onProgress"> {
  readonly files: ImageFiles;
  readonly predictions: Predictions;
  readonly run: RunPaths | undefined;
}

/** The numbers that a report begins with. */
interface Evaluated {
  readonly dataset: string;
  readonly part: PartName;
}

/** A report that is being written. */
export interface BegunReport {
  /** Hears of each answer as it comes. */
  readonly onAnswer: (answer: Answer) => void;
  /** @returns the absolute path of the page */
  write(result: Evaluated, evaluation: ReportedEvaluation): Promise<string>;
  /** Takes back what is not whole. */
  close(): Promise<void>;
}

/** Chooses the pictures that are shown. */
const seed = 1;

/**
 * Begins a folder with `evaluation.json`, `report.html`, its pictures, `predictions.csv` and `predictions.jsonl`.
 *
 * @throws {UnavailableError} it holds something else, or cannot be written.
 */
export async function beginReport({ out, beside }: ReportTarget, classNames: readonly string[]): Promise<BegunReport> {
  const folder = await takeEvaluationFolder(out, beside);
  const lines = await beginFileWhole(join(folder, "predictions.jsonl"));
  let written: Promise<void> = Promise.resolve();
  let isWhole = false;
  return {
    onAnswer(answer) {
      const line = predictionLine(answer, classNames);
      written = written.then(() => lines.write(line));
    },
    async write(result, { files, predictions, run, onProgress, ...asking }) {
      await written;
      await removeReport(folder);
      await rm(join(folder, evaluationFile), { force: true });
      await lines.finish();
      const numbers = { ...result, date: new Date().toISOString() };
      await writeFileWhole(join(folder, evaluationFile), `${JSON.stringify(numbers, undefined, 2)}\n`);
      isWhole = true;
      const report = await collectReport({
        ...asking,
        name: result.dataset,
        data: { [result.part]: files },
        judged: { part: result.part, predictions },
        ofTraining: false,
        history: run && (await curvesOf(run)),
        seed,
        onProgress,
      });
      return (await writeReport(folder, report)).page;
    },
    async close() {
      await written.catch(() => {});
      await lines.discard();
      // A numbered folder that came to nothing is not left behind.
      if (!isWhole) await rmdir(folder).catch(() => {});
    },
  };
}

/** Undefined where no epoch was completed. */
async function curvesOf(run: RunPaths): Promise<CurveHistory | undefined> {
  const rows = await readHistory(run.history);
  return rows.length === 0 ? undefined : new RunHistory(run, rows).curves;
}
