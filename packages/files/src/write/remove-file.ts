import { rm, rmdir } from "node:fs/promises";
import { checkPath } from "../check-arguments.ts";
import { attempt, codeOf } from "../system-error.ts";

/** Removes a file, if it is there. @throws {UnavailableError} the system refuses. */
export async function removeFile(path: string): Promise<void> {
  checkPath("removeFile", "path", path);
  await attempt("remove", path, () => rm(path, { force: true }));
}

/** Removes a folder, if it is there and holds nothing. @throws {UnavailableError} the system refuses. */
export async function removeEmptyFolder(path: string): Promise<void> {
  checkPath("removeEmptyFolder", "path", path);
  await attempt("remove", path, async () => {
    await rmdir(path).catch((error: unknown) => {
      if (!["ENOENT", "ENOTEMPTY", "EEXIST"].includes(codeOf(error))) throw error;
    });
  });
}
