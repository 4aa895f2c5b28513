import { mkdir } from "node:fs/promises";
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
  const page = join(folder, "report.html");
  await mkdir(join(folder, "pictures"), { recursive: true });
  await writeFileWhole(page, text);
  const pictures: string[] = [];
  for (const [name, contents] of drawPictures(data)) {
    const path = join(folder, "pictures", name);
    await writeFileWhole(path, contents);
    pictures.push(path);
  }
  const written = { page, pageBytes: Buffer.byteLength(text), pictures };
  if ("absent" in data.judged) return written;
  const predictions = join(folder, "predictions.csv");
  await writeFileWhole(predictions, predictionsTable(data.judged.value.predictions, data.classNames));
  return { ...written, predictions };
}
