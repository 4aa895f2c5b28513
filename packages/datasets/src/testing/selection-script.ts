import { type Selection, imageFilesFromSelection } from "../sources/page/image-files-from-selection.ts";

/** What a page finds in what was chosen: names, classes, and the first value of each picture. */
export interface Chosen {
  readonly paths: readonly string[];
  readonly classes: readonly (string | undefined)[];
  readonly shades: readonly (number | undefined)[];
}

async function read(selection: Selection): Promise<Chosen> {
  const files = await imageFilesFromSelection(selection);
  const shades: (number | undefined)[] = [];
  for await (const { image } of files.images({ imageSize: 2 })) shades.push(image.data[0]);
  return {
    paths: files.filePaths,
    classes: Array.from(files.labels ?? [], (label) => files.classNames[label]),
    shades,
  };
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

/** A zip, as a person chooses one. */
export async function chooseZip(zip: string): Promise<Chosen> {
  return read(new File([bytesOf(zip)], "photos.zip"));
}

/** A folder handle, of the page's own file system. */
export async function chooseFolder(files: Readonly<Record<string, string>>): Promise<Chosen> {
  const root = await navigator.storage.getDirectory();
  const photos = await root.getDirectoryHandle("photos", { create: true });
  for (const [path, contents] of Object.entries(files)) {
    const [folder = "", name = ""] = path.split("/");
    const file = await (
      await photos.getDirectoryHandle(folder, { create: true })
    ).getFileHandle(name, { create: true });
    const writer = await file.createWritable();
    await writer.write(bytesOf(contents));
    await writer.close();
  }
  return read(photos);
}

/** The files of an input element. */
export async function chooseFiles(): Promise<Chosen> {
  const files = document.querySelector("input")?.files;
  return read(files ?? []);
}

Object.assign(globalThis, { chooseZip, chooseFolder, chooseFiles });
