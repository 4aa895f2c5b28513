import { UnavailableError } from "@featuremap/tensor";
import type * as node from "./disk.node.ts";

export type {
  BegunFile,
  CachedDownloadOptions,
  FileToCheck,
  FolderDocument,
  LockOptions,
  OpenedFile,
  TemporaryFile,
  WrongFile,
  WriteOptions,
} from "./disk.node.ts";

/** A page has no disk: every one of these says so. */
function refuse(path: unknown = "a temporary file"): Promise<never> {
  return Promise.reject(noDisk(String(path)));
}

function noDisk(path: string): UnavailableError {
  const remedy = "Keep files in memory and offer them as a download, or do this in Node.";
  return new UnavailableError(`A page cannot use the disk (${path})`, remedy);
}

export const appendToFile: typeof node.appendToFile = refuse;
export const beginFileWhole: typeof node.beginFileWhole = refuse;
export const cachedDownload: typeof node.cachedDownload = refuse;
export const cacheFolder: typeof node.cacheFolder = () => {
  throw noDisk("the cache folder");
};
export const homeFolder: typeof node.homeFolder = () => {
  throw noDisk("the home folder");
};
export const lockFolder: typeof node.lockFolder = refuse;
export const openFile: typeof node.openFile = refuse;
export const hasFile: typeof node.hasFile = refuse;
export const readFileIfAny: typeof node.readFileIfAny = refuse;
export const readFileWhole: typeof node.readFileWhole = refuse;
export const readFileWholeSync: typeof node.readFileWholeSync = (path) => {
  throw noDisk(path);
};
export const removeEmptyFolder: typeof node.removeEmptyFolder = refuse;
export const removeFile: typeof node.removeFile = refuse;
export const temporaryFile: typeof node.temporaryFile = refuse;
export const writeFileIfNone: typeof node.writeFileIfNone = refuse;
export const writeFileWhole: typeof node.writeFileWhole = refuse;
export const writeFolder: typeof node.writeFolder = refuse;
