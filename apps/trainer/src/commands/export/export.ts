import { resolve } from "node:path";
import { saveBundle } from "@featuremap/formats";
import { checkBundleTarget } from "../../output/bundle-target.ts";
import { readBundle } from "../../models/read-bundle.ts";

/** What to write where. */
export interface ExportOptions {
  readonly bundle: string;
  /** A new or empty folder, or one with an older bundle, which is replaced. */
  readonly out: string;
}

/** What was written. */
export interface ExportResult {
  /** Absolute path of the new bundle. */
  readonly bundle: string;
  readonly parameters: number;
}

/**
 * Checks a bundle and writes it to another folder.
 *
 * @throws {UnavailableError} no bundle is there, or `out` holds something else or cannot be written.
 * @throws {FormatError} the bundle is damaged.
 */
export async function exportBundle({ bundle: location, out }: ExportOptions): Promise<ExportResult> {
  await checkBundleTarget(out);
  const { model, ...description } = await readBundle(location);
  try {
    await saveBundle(model, out, description);
    return { bundle: resolve(out), parameters: model.countParams() };
  } finally {
    model.dispose();
  }
}
