import { isBlob } from "@featuremap/files";
import { FormatError, InvalidConfigError } from "@featuremap/tensor";
import {
  type ImageArchiveOptions,
  filesOfArchive,
  checkArchiveOptions,
  imageFilesFromArchive,
} from "../archives/image-files-from-archive.ts";
import type { ImageFiles } from "../pictures/image-files.ts";
import { type ChosenFile, filesOfDrop, filesOfFolderHandle } from "./files-of-folders.ts";

/** What a page gets from a person: files, a folder, something dropped. */
export type Selection =
  | FileList
  | readonly File[]
  | FileSystemDirectoryHandle
  | DataTransfer
  | DataTransferItemList
  | Blob;

const owner = "imageFilesFromSelection";
/** Bytes of one picture file. */
const largestFile = 2 ** 29;

/**
 * The pictures in what a person chose or dropped in a page, with a folder for each class: the files of
 * `<input type="file" webkitdirectory>`, a folder from `showDirectoryPicker`, what a `drop` event brought, or a zip or tar
 * archive. A file is read when its picture is wanted.
 *
 * Of a drop event it must be called before anything is awaited: the browser takes back what was dropped.
 *
 * @throws {FormatError} no picture is among them, or a class is not among `classNames`.
 * @throws {InvalidConfigError} it is nothing of that, or an option is unknown or not what it may be.
 */
export async function imageFilesFromSelection(
  selection: Selection,
  options: ImageArchiveOptions = {},
): Promise<ImageFiles> {
  checkArchiveOptions(owner, options);
  if (isBlob(selection)) return imageFilesFromArchive(selection, options);
  const files = await chosenFiles(selection);
  const [only] = files;
  if (only !== undefined && files.length === 1 && /\.(zip|tar)$/i.test(only.path)) {
    return imageFilesFromArchive(await only.open(), options);
  }
  const read = async (index: number): Promise<Uint8Array> => {
    const file = files[index];
    const blob = await file?.open();
    if (blob === undefined || blob.size > largestFile) {
      throw new FormatError(file?.path ?? owner, "the file", `at most ${largestFile} bytes`, `${blob?.size}`);
    }
    return new Uint8Array(await blob.arrayBuffer());
  };
  return filesOfArchive({ source: "the selection", names: files.map(({ path }) => path), read }, options, owner);
}

async function chosenFiles(selection: Exclude<Selection, Blob>): Promise<ChosenFile[]> {
  if (typeof selection !== "object" || selection === null) throw unknown(selection);
  if ("kind" in selection && selection.kind === "directory") return filesOfFolderHandle(selection);
  const items = "items" in selection ? selection.items : selection;
  if (!("length" in items)) throw unknown(selection);
  const list = Array.from(items as ArrayLike<File | DataTransferItem>);
  if (
    list.every((each): each is DataTransferItem => typeof each === "object" && "webkitGetAsEntry" in each) &&
    list.length > 0
  ) {
    return filesOfDrop(list);
  }
  if (!list.every((each): each is File => each instanceof File)) throw unknown(selection);
  return list.map((file) => ({ path: file.webkitRelativePath || file.name, open: async () => file }));
}

function unknown(selection: unknown): InvalidConfigError {
  return new InvalidConfigError(owner, "selection", "files, a folder, or the data of a drop event", selection);
}
