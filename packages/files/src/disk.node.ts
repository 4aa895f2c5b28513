export { type BegunFile, beginFileWhole } from "./begin-file.ts";
export { cacheFolder } from "./cache-folder.ts";
export { type CachedDownloadOptions, cachedDownload } from "./cached-download.ts";
export { type LockOptions, lockFolder } from "./lock-folder.ts";
export { readFileIfAny, readFileWhole, readFileWholeSync } from "./read-file.ts";
export { removeEmptyFolder, removeFile } from "./remove-file.ts";
export { type WriteOptions, appendToFile, writeFileWhole } from "./write-file.ts";
export { type FolderDocument, writeFolder } from "./write-folder.ts";
