import { UnavailableError } from "@featuremap/tensor";
import type * as node from "./local-files.node.ts";

export type { FolderListing } from "./local-files.node.ts";

/** A page has no paths to read from: every one of these says so. */
function refuse(path: unknown): never {
  const remedy = "Give imageFilesFromSelection the files that the user chose or dropped: a FileList, a folder, a zip.";
  throw new UnavailableError(`A page cannot read ${String(path)} from the disk`, remedy);
}

export const openFile: typeof node.openFile = async (path) => refuse(path);
export const listFolder: typeof node.listFolder = async (folder) => refuse(folder);
export const walkFolder: typeof node.walkFolder = async (folder) => refuse(folder);
export const isFolderAt: typeof node.isFolderAt = async (path) => refuse(path);
export const requirePath: typeof node.requirePath = (_owner, _option, path) => refuse(path);
export const joinPath: typeof node.joinPath = (_folder, path) => refuse(path);
export const relativePath: typeof node.relativePath = (_folder, path) => refuse(path);
export const parentOf: typeof node.parentOf = (path) => refuse(path);
export const unpackGzip: typeof node.unpackGzip = async (path) => refuse(path);
