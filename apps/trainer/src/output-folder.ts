import { mkdir, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { UnavailableError } from "@featuremap/tensor";

/**
 * Makes a folder, and proves that files can be written there: before hours of work, not after.
 *
 * @throws {UnavailableError} the system refuses.
 */
export async function prepareOutputFolder(folder: string): Promise<void> {
  const probe = join(folder, `.featuremap-${process.pid}.tmp`);
  try {
    await makeFolder(folder);
    await writeFile(probe, "");
    await rm(probe);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new UnavailableError(`Cannot write to the folder ${folder} (${reason})`, "Choose another with --out.", {
      cause,
    });
  }
}

/** Not `recursive: true`, which never ends where the system will not make a folder in one that is there, as in /proc. */
async function makeFolder(path: string): Promise<void> {
  const exists = await stat(path).then(
    () => true,
    () => false,
  );
  if (exists) return;
  const parent = dirname(path);
  if (parent !== path) await makeFolder(parent);
  await mkdir(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "EEXIST") throw error;
  });
}
