import { UnavailableError } from "@featuremap/tensor";
import type * as node from "./disk.node.ts";

export type { FolderDocument, LockOptions } from "./disk.node.ts";

/** A page has no disk: every one of these says so. */
function refuse(path: unknown): Promise<never> {
  const remedy = "Keep files in memory and offer them as a download, or do this in Node.";
  return Promise.reject(new UnavailableError(`A page cannot use the disk (${String(path)})`, remedy));
}

export const appendToFile: typeof node.appendToFile = refuse;
export const lockFolder: typeof node.lockFolder = refuse;
export const readFileIfAny: typeof node.readFileIfAny = refuse;
export const readFileWhole: typeof node.readFileWhole = refuse;
export const removeEmptyFolder: typeof node.removeEmptyFolder = refuse;
export const removeFile: typeof node.removeFile = refuse;
export const writeFileWhole: typeof node.writeFileWhole = refuse;
export const writeFolder: typeof node.writeFolder = refuse;
