import type { NamedFile } from "./sort-drop.ts";

/** A dropped folder with more files than this is not a model bundle. */
const MOST_FILES = 2000;

/** Files that were dropped or pasted, those inside dropped folders included. */
export async function collectFiles(transfer: DataTransfer): Promise<NamedFile<File>[]> {
  // Entries must be taken before the first wait: the browser empties the list of items when the event is over.
  const entries = [...transfer.items].flatMap((item) => item.webkitGetAsEntry() ?? []);
  if (entries.length === 0) return [...transfer.files].map((file) => named(file, file.name));
  const files: NamedFile<File>[] = [];
  for (const entry of entries) await walk(entry, "", files);
  return files;
}

/** Files that were chosen in a dialog; a chosen folder's have the folder's name before theirs. */
export function chosenFiles(input: HTMLInputElement): NamedFile<File>[] {
  return [...(input.files ?? [])].map((file) => named(file, file.webkitRelativePath || file.name));
}

async function walk(entry: FileSystemEntry, folder: string, into: NamedFile<File>[]): Promise<void> {
  if (into.length >= MOST_FILES) return;
  const path = folder + entry.name;
  if (isFile(entry)) {
    into.push(named(await new Promise<File>((resolve, reject) => entry.file(resolve, reject)), path));
  } else if (isDirectory(entry)) {
    const reader = entry.createReader();
    // A reader gives its entries in portions, the last of them empty.
    for (;;) {
      const portion = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
      if (portion.length === 0) break;
      for (const inner of portion) await walk(inner, `${path}/`, into);
    }
  }
}

function named(file: File, path: string): NamedFile<File> {
  return { path, type: file.type, content: file };
}

function isFile(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile;
}

function isDirectory(entry: FileSystemEntry): entry is FileSystemDirectoryEntry {
  return entry.isDirectory;
}
