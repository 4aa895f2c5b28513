import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { writeFileWhole } from "@featuremap/files";
import { reportPage } from "./page/report-page.ts";
import { drawPictures } from "./pictures.ts";
import { predictionsTable } from "./predictions-table.ts";
import type { ReportData } from "./report-data.ts";

/** What was written. */
export interface WrittenReport {
  /** Path of the page. */
  readonly page: string;
  readonly pageBytes: number;
  /** Paths of the drawings. */
  readonly pictures: readonly string[];
  /** Path of the answers; absent where there are none. */
  readonly predictions?: string;
}

/**
 * Writes a report into a folder: `report.html`, which needs no other file and no network; its drawings in `pictures/`; and
 * `predictions.csv`, where pictures were judged.
 *
 * @throws {UnavailableError} the folder cannot be written.
 */
export async function writeReport(folder: string, data: ReportData): Promise<WrittenReport> {
  const text = await reportPage(data);
  await mkdir(join(folder, "pictures"), { recursive: true });
  const pictures: string[] = [];
  for (const [name, contents] of drawPictures(data)) {
    const path = join(folder, "pictures", name);
    await writeFileWhole(path, contents);
    pictures.push(path);
  }
  const predictions = join(folder, "predictions.csv");
  const isJudged = "value" in data.judged;
  if ("value" in data.judged) {
    await writeFileWhole(predictions, predictionsTable(data.judged.value.predictions, data.classNames));
  }
  // Last: where it is, the report is whole.
  const page = join(folder, "report.html");
  await writeFileWhole(page, text);
  return { page, pageBytes: Buffer.byteLength(text), pictures, ...(isJudged ? { predictions } : {}) };
}

/** Removes the report of weights that are no more. */
export async function removeReport(folder: string): Promise<void> {
  for (const name of ["report.html", "pictures", "predictions.csv"]) {
    await rm(join(folder, name), { recursive: true, force: true });
  }
}
