import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { reasonOf } from "@featuremap/files";
import { UnavailableError } from "@featuremap/tensor";
import { folderName, numbersOf } from "./run-names.ts";

/**
 * Makes the folder of the number after the highest; of two at a time each gets its own.
 *
 * @param runs where it is made
 * @param name what stands before the number
 * @throws {UnavailableError} the system refuses.
 */
export async function nextFolder(runs: string, name: string): Promise<string> {
  const stem = folderName(name);
  try {
    await mkdir(runs, { recursive: true });
    let number = 1 + Math.max(0, ...(await numbersOf(runs, stem)));
    for (;;) {
      const path = join(runs, `${stem}-${number++}`);
      const isMade = await mkdir(path).then(
        () => true,
        (cause: NodeJS.ErrnoException) => {
          if (cause.code === "EEXIST") return false;
          throw cause;
        },
      );
      if (isMade) return path;
    }
  } catch (cause) {
    const remedy = "Choose a folder with --out.";
    throw new UnavailableError(`Cannot write to ${runs} (${reasonOf(cause)})`, remedy, { cause });
  }
}
