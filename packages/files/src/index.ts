export {
  type BegunFile,
  type CachedDownloadOptions,
  type FileToCheck,
  type FolderDocument,
  type LockOptions,
  type OpenedFile,
  type TemporaryFile,
  type WriteOptions,
  type WrongFile,
  appendToFile,
  beginFileWhole,
  cacheFolder,
  cachedDownload,
  lockFolder,
  openFile,
  hasFile,
  homeFolder,
  readFileIfAny,
  readFileWhole,
  readFileWholeSync,
  removeEmptyFolder,
  removeFile,
  temporaryFile,
  writeFileIfNone,
  writeFileWhole,
  writeFolder,
} from "#disk";
export { fetchWhole } from "./http/fetch-whole.ts";
export { type FetchOptions, nameOfAddress } from "./http/follow-response.ts";
export { type ReadOptions, checkSize, throwIfAborted } from "./read/read-options.ts";
export { isBlob } from "./is-blob.ts";
export { sha256 } from "./sha256.ts";
export { reasonOf } from "./system-error.ts";
