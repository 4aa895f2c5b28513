export {
  type FolderDocument,
  type LockOptions,
  appendToFile,
  lockFolder,
  readFileIfAny,
  readFileWhole,
  removeEmptyFolder,
  removeFile,
  writeFileWhole,
  writeFolder,
} from "#disk";
export { type FetchOptions, fetchWhole, nameOfAddress } from "./fetch-whole.ts";
export { type ReadOptions, checkSize, throwIfAborted } from "./read-options.ts";
export { sha256 } from "./sha256.ts";
export { reasonOf } from "./system-error.ts";
