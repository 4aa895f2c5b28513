export { type BegunFile, beginFileWhole } from "./write/begin-file.ts";
export { cacheFolder } from "./cache/cache-folder.ts";
export { homeFolder } from "./cache/home-folder.ts";
export {
  type CachedDownloadOptions,
  type FileToCheck,
  type WrongFile,
  cachedDownload,
} from "./cache/cached-download.ts";
export { type LockOptions, lockFolder } from "./write/lock-folder.ts";
export { type OpenedFile, openFile } from "./read/open-file.ts";
export { hasFile } from "./read/has-file.ts";
export { readFileIfAny, readFileWhole, readFileWholeSync } from "./read/read-file.ts";
export { removeEmptyFolder, removeFile } from "./write/remove-file.ts";
export { type TemporaryFile, temporaryFile } from "./write/temporary-file.ts";
export { type WriteOptions, appendToFile, writeFileIfNone, writeFileWhole } from "./write/write-file.ts";
export { type FolderDocument, writeFolder } from "./write/write-folder.ts";
