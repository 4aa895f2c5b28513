import { stat } from "node:fs/promises";
import { checkPath } from "../check-arguments.ts";
import { attempt, codeOf } from "../system-error.ts";

/** Whether something is at a path. @throws {UnavailableError} the system does not tell. */
export async function hasFile(path: string): Promise<boolean> {
  checkPath("hasFile", "path", path);
  return attempt("read", path, async () => {
    try {
      await stat(path);
      return true;
    } catch (error) {
      if (codeOf(error) === "ENOENT") return false;
      throw error;
    }
  });
}
