import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { UnavailableError } from "@featuremap/tensor";

/**
 * Makes a folder, and proves that files can be written there: before hours of work, not after.
 *
 * @throws {UnavailableError} the system refuses.
 */
export async function prepareOutputFolder(folder: string): Promise<void> {
  const probe = join(folder, `.featuremap-${process.pid}.tmp`);
  try {
    await mkdir(folder, { recursive: true });
    await writeFile(probe, "");
    await rm(probe);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new UnavailableError(`Cannot write to the folder ${folder} (${reason})`, "Choose another with --out.", {
      cause,
    });
  }
}
