import { isFolderAt, joinPath, listFolder, walkFolder } from "#local-files";
import { InvalidConfigError, UnavailableError } from "@featuremap/tensor";
import type { SkippedFile } from "../pictures/files/skipped-files.ts";

/** Pictures in a folder, with their classes. */
export interface PictureListing {
  readonly paths: string[];
  /** Class indices; undefined where classes do not come from folders. */
  readonly labels: Int32Array | undefined;
  readonly classNames: string[];
  readonly skipped: SkippedFile[];
}

/** Endings of files that are pictures: Keras's five, and the other formats that are read here. */
export const pictureEndings: readonly string[] = [
  ".bmp",
  ".gif",
  ".jpeg",
  ".jpg",
  ".png",
  ".apng",
  ".avif",
  ".svg",
  ".tif",
  ".tiff",
  ".webp",
];

/** Which files of a folder count. */
export interface ListOptions {
  /** Who lists, for errors. */
  readonly owner: string;
  /** Whether folders are entered that links lead to. */
  readonly followLinks: boolean;
  /** Endings of files that are pictures, with their dot. */
  readonly extensions: readonly string[];
}

/**
 * The pictures of a folder with a folder for each class, in Keras's order: class by class, then by the path in it.
 *
 * @param classNames the folders that count, in the order of their class indices; by default all, sorted
 * @throws {UnavailableError} the folder cannot be read.
 * @throws {InvalidConfigError} a class has no folder.
 */
export async function listClassFolders(
  directory: string,
  classNames: readonly string[] | undefined,
  options: ListOptions,
): Promise<PictureListing> {
  const { folders: found } = await listFolder(directory);
  const names = classNames ?? found;
  const missing = names.find((name) => !found.includes(name));
  if (missing !== undefined) {
    const expected = `among the folders in ${directory} (${found.join(", ") || "none"})`;
    throw new InvalidConfigError(options.owner, "classNames", expected, missing);
  }
  const listing: PictureListing = { paths: [], labels: undefined, classNames: [...names], skipped: [] };
  const labels: number[] = [];
  for (const [label, name] of names.entries()) {
    await addPictures(joinPath(directory, name), options, listing);
    while (labels.length < listing.paths.length) labels.push(label);
  }
  return { ...listing, labels: Int32Array.from(labels) };
}

/**
 * Why a folder that should have a folder for each class gives no picture: often it is the folder of one class.
 *
 * @param unlabelled how the caller takes pictures without classes, if it does
 */
export async function noPictureOfClasses(
  directory: string,
  classNames: readonly string[],
  { extensions, unlabelled }: { readonly extensions: readonly string[]; readonly unlabelled: string | undefined },
): Promise<UnavailableError> {
  const { files } = await listFolder(directory);
  const direct = files.filter((name) => extensions.some((ending) => name.toLowerCase().endsWith(ending))).length;
  const what = `There are no pictures in the folders of ${directory} (${classNames.join(", ") || "none"})`;
  if (direct === 0) return new UnavailableError(what, `Pictures end in ${extensions.join(", ")}.`);
  const without = unlabelled === undefined ? "" : `; ${unlabelled} takes them without classes`;
  return new UnavailableError(
    `${what}, but ${direct} in the folder itself`,
    `Name the parent folder, with a folder for each class; imageFilesByName reads classes from the files' names${without}.`,
  );
}

/** The pictures in a folder and all folders in it, without classes, in Keras's order. */
export async function listAllPictures(directory: string, options: ListOptions): Promise<PictureListing> {
  if (!(await isFolderAt(directory))) {
    throw new UnavailableError(`${directory} is not a folder`, "Name one that holds pictures.");
  }
  const listing: PictureListing = { paths: [], labels: undefined, classNames: [], skipped: [] };
  await addPictures(directory, options, listing);
  return listing;
}

async function addPictures(
  folder: string,
  { followLinks, extensions }: ListOptions,
  to: PictureListing,
): Promise<void> {
  for (const path of await walkFolder(folder, followLinks)) {
    const name = path.toLowerCase();
    if (extensions.some((ending) => name.endsWith(ending))) to.paths.push(path);
    else to.skipped.push({ path, reason: `It does not end in ${extensions.join(", ")}.` });
  }
}

/** @throws {InvalidConfigError} they are not endings. */
export function checkExtensions(owner: string, extensions: readonly string[] | undefined): readonly string[] {
  if (extensions === undefined) return pictureEndings;
  if (
    Array.isArray(extensions) &&
    extensions.length > 0 &&
    extensions.every((each) => /^\.[^./\\]+$/.test(String(each)))
  ) {
    return extensions.map((each: string) => each.toLowerCase());
  }
  throw new InvalidConfigError(owner, "extensions", 'a list of endings such as [".jpg"]', extensions);
}

/** @throws {InvalidConfigError} it is given, and neither true nor false. */
export function checkFollowLinks(owner: string, followLinks: boolean | undefined): boolean {
  if (followLinks === undefined || typeof followLinks === "boolean") return followLinks ?? false;
  throw new InvalidConfigError(owner, "followLinks", "true or false", followLinks);
}
