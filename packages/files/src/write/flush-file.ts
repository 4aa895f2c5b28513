import { fsync } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import { promisify } from "node:util";
import { codeOf } from "../system-error.ts";

/** Waits until a file, or a folder's names, are on the disk. */
export async function flushFile(file: FileHandle): Promise<void> {
  try {
    await file.sync();
  } catch (error) {
    if (codeOf(error) !== "") throw error;
    // Yarn's Plug'n'Play has handles of its own, which do not implement this.
    await promisify(fsync)(file.fd);
  }
}
