import { mkdir, rm, rmdir, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { UnavailableError } from "@featuremap/tensor";

/**
 * Makes a folder, and proves that files can be written there: before hours of work, not after.
 *
 * @returns takes back the folders that were made, as far as they are still empty: for work that comes to nothing
 * @throws {UnavailableError} the system refuses.
 */
export async function prepareOutputFolder(folder: string): Promise<() => Promise<void>> {
  const probe = join(folder, `.featuremap-${process.pid}.tmp`);
  const made: string[] = [];
  const takeBack = async (): Promise<void> => {
    for (const path of made.toReversed()) {
      const isGone = await rmdir(path).then(
        () => true,
        () => false,
      );
      if (!isGone) return;
    }
  };
  try {
    await makeFolder(folder, made);
    await writeFile(probe, "");
    await rm(probe);
    return takeBack;
  } catch (cause) {
    await takeBack();
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new UnavailableError(`Cannot write to the folder ${folder} (${reason})`, "Choose another with --out.", {
      cause,
    });
  }
}

/**
 * Makes a folder and those it lies in, and lists what was made, the outermost first.
 *
 * Not `recursive: true`, which never ends where the system will not make a folder in one that is there, as in /proc.
 */
async function makeFolder(path: string, made: string[]): Promise<void> {
  const exists = await stat(path).then(
    () => true,
    () => false,
  );
  if (exists) return;
  const parent = dirname(path);
  if (parent !== path) await makeFolder(parent, made);
  try {
    await mkdir(path);
    made.push(path);
  } catch (error) {
    // Someone else may have made it meanwhile.
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
}
