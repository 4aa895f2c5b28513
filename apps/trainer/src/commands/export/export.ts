import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type ModelBundle, type StoredWeights, encodeBundle, saveBundle } from "@featuremap/formats";
import { UnavailableError } from "@featuremap/tensor";
import { readBundle } from "../../models/read-bundle.ts";
import { formatMetric } from "../../terminal/format.ts";
import { type EvaluateOptions, evaluate } from "../evaluate/evaluate.ts";
import { checkOut } from "./check-out.ts";
import { isPage, writePage } from "./write-page.ts";

/** What to write where. */
export interface ExportOptions extends Omit<EvaluateOptions, "report" | "onReportProgress"> {
  /** A new or empty folder, or one with an older bundle, which is replaced; or an HTML file. */
  readonly out: string;
  /** Whether the HTML file may be there already, or the folder be the model's own. Default: false. */
  readonly force?: boolean | undefined;
  /** How the weights are stored. Default: float32. */
  readonly dtype?: StoredWeights | undefined;
  /** Whether to judge the model before and after, by the data or by those of the run. Default: where data are named. */
  readonly judge?: boolean | undefined;
  /** What of its accuracy the model may lose by it. Default: 0.01. */
  readonly maxLoss?: number | undefined;
}

/** A figure of the model with weights of float32, and with those that were written. */
export interface BeforeAndAfter {
  readonly before: number;
  readonly after: number;
}

/** What was written. */
export interface ExportResult {
  /** Absolute path of the new bundle or page. */
  readonly bundle: string;
  readonly parameters: number;
  /** Where another type than float32 was asked for: it, and the bytes of all files. */
  readonly stored?: { readonly dtype: StoredWeights; readonly bytes: BeforeAndAfter };
  /** Where it was judged: the share of so many pictures that it classifies right. */
  readonly judged?: JudgedExport;
}

/** How good a model is before and after. */
interface JudgedExport {
  readonly dataset: string;
  readonly images: number;
  readonly accuracy: BeforeAndAfter;
}

/**
 * Checks a bundle and writes it to another folder, or as a page of a single file; on request with weights in fewer bytes.
 *
 * Nothing is written where the model would lose more of its accuracy than `maxLoss`.
 *
 * @throws {InvalidConfigError} the data are unknown, or `out` is the name of another kind of file.
 * @throws {UnavailableError} no bundle is there, `out` is its folder, holds something else or cannot be written, the model cannot be judged by
 * the data, or would lose too much.
 * @throws {FormatError} the bundle or the data are damaged.
 * @throws {AbortedError} the signal was raised.
 */
export async function exportBundle(options: ExportOptions): Promise<ExportResult> {
  const { bundle: location, out, force = false, dtype = "float32" } = options;
  const { judge = options.data !== undefined } = options;
  const save = isPage(out) ? writePage : saveBundle;
  await checkOut(location, out, force);
  const { model, ...description } = await readBundle(location);
  try {
    const written = { bundle: resolve(out), parameters: model.countParams() };
    if (dtype === "float32") {
      await save(model, out, description);
      return written;
    }
    const judged = judge ? { judged: await judgeStored({ model, ...description }, dtype, options) } : {};
    const before = sizeOf(await encodeBundle(model, description));
    const after = sizeOf(await encodeBundle(model, { ...description, dtype }));
    await save(model, out, { ...description, dtype });
    return { ...written, stored: { dtype, bytes: { before, after } }, ...judged };
  } finally {
    model.dispose();
  }
}

function sizeOf(files: ReadonlyMap<string, Uint8Array>): number {
  return [...files.values()].reduce((sum, { length }) => sum + length, 0);
}

/** @throws {UnavailableError} the model loses too much. */
async function judgeStored(
  { model, ...description }: ModelBundle,
  dtype: StoredWeights,
  { out: _out, force: _force, dtype: _dtype, judge: _judge, maxLoss = 0.01, ...by }: ExportOptions,
): Promise<JudgedExport> {
  const before = await evaluate(by);
  const folder = await mkdtemp(join(tmpdir(), "featuremap-export-"));
  try {
    const bundle = join(folder, "model");
    await saveBundle(model, bundle, { ...description, dtype });
    const after = await evaluate({ ...by, bundle, shown: by.shown ?? by.bundle });
    const lost = before.accuracy - after.accuracy;
    if (lost > maxLoss) {
      const change = `${formatMetric(before.accuracy)} to ${formatMetric(after.accuracy)}`;
      throw new UnavailableError(
        `Stored as ${dtype} the model would lose ${formatMetric(lost)} of its accuracy on ${after.dataset}: ${change}`,
        `Nothing was written. Choose another --dtype, or allow it with --max-loss ${Math.ceil(lost * 1000) / 1000}.`,
      );
    }
    const { dataset, images } = after;
    return { dataset, images, accuracy: { before: before.accuracy, after: after.accuracy } };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
