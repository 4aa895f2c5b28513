import { FormatError, UnavailableError } from "@featuremap/tensor";

/** A file that a person chose, and its path below what they chose. */
export interface ChosenFile {
  readonly path: string;
  open(): Promise<Blob>;
}

/** Folders in folders. */
const deepest = 64;

/** All files in a folder that `showDirectoryPicker` or the origin's private file system gave. */
export async function filesOfFolderHandle(
  folder: FileSystemDirectoryHandle,
  path: string = folder.name,
  depth = 0,
): Promise<ChosenFile[]> {
  checkDepth(path, depth);
  const files: ChosenFile[] = [];
  const children = (folder as FileSystemDirectoryHandle & { values(): AsyncIterable<FileSystemHandle> }).values();
  for await (const child of children) {
    const name = path === "" ? child.name : `${path}/${child.name}`;
    if (child.kind === "directory") {
      files.push(...(await filesOfFolderHandle(child, name, depth + 1)));
    } else files.push({ path: name, open: () => child.getFile() });
  }
  return files;
}

/** All files in what was dropped. Entries are taken before anything is awaited, after which the browser has none. */
export async function filesOfDrop(items: readonly DataTransferItem[]): Promise<ChosenFile[]> {
  const entries = items.map((item) => item.webkitGetAsEntry()).filter((entry) => entry !== null);
  const files: ChosenFile[] = [];
  for (const entry of entries) await addEntry(entry, files, 0);
  return files;
}

async function addEntry(entry: FileSystemEntry, to: ChosenFile[], depth: number): Promise<void> {
  const path = entry.fullPath.replace(/^\//, "");
  checkDepth(path, depth);
  if (entry.isFile) {
    const open = (): Promise<File> =>
      new Promise((resolve, reject) => {
        (entry as FileSystemFileEntry).file(resolve, (cause) => reject(unreadable(path, cause)));
      });
    to.push({ path, open });
    return;
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  for (;;) {
    // A hundred at a time, and none at the end.
    const part = await new Promise<FileSystemEntry[]>((resolve, reject) => {
      reader.readEntries(resolve, (cause) => reject(unreadable(path, cause)));
    });
    if (part.length === 0) return;
    for (const child of part) await addEntry(child, to, depth + 1);
  }
}

function unreadable(path: string, cause: unknown): UnavailableError {
  return new UnavailableError(`Cannot read ${path}`, "Drop it again.", { cause });
}

function checkDepth(path: string, depth: number): void {
  if (depth > deepest) throw new FormatError(path, "its folders", `at most ${deepest} deep`, "deeper ones");
}
