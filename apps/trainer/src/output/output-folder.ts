import { stat } from "node:fs/promises";
import { dirname } from "node:path";
import { lockFolder, removeEmptyFolder } from "@featuremap/files";

/** A folder that one training writes to. */
export interface OutputFolder {
  /** Gives the folder free; with work that came to nothing, takes back the folders that were made for it and are empty. */
  release(worked: boolean): Promise<void>;
}

/**
 * Takes a folder for a training, and so proves that it can be written: before hours of work, not after.
 *
 * @param folder absolute path; it is made if missing
 * @throws {UnavailableError} another training has it, or the system refuses.
 */
export async function takeOutputFolder(folder: string): Promise<OutputFolder> {
  const missing = await missingFolders(folder);
  const takeBack = async (): Promise<void> => {
    for (const path of missing) await removeEmptyFolder(path).catch(() => {});
  };
  try {
    const release = await lockFolder(folder, "training");
    return {
      async release(worked) {
        await release();
        if (!worked) await takeBack();
      },
    };
  } catch (error) {
    await takeBack();
    throw error;
  }
}

/** The folder and those that it lies in, as far as they are not there; the innermost first. */
async function missingFolders(path: string): Promise<string[]> {
  const isThere = await stat(path).then(
    () => true,
    () => false,
  );
  const parent = dirname(path);
  return isThere || parent === path ? [] : [path, ...(await missingFolders(parent))];
}
