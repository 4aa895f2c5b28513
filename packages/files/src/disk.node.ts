export { type LockOptions, lockFolder } from "./lock-folder.ts";
export { readFileIfAny, readFileWhole } from "./read-file.ts";
export { removeEmptyFolder, removeFile } from "./remove-file.ts";
export { appendToFile, writeFileWhole } from "./write-file.ts";
export { type FolderDocument, writeFolder } from "./write-folder.ts";
