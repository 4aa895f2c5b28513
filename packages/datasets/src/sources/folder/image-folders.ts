import { joinPath, listFolder, requirePath } from "#local-files";
import { type OptionNames, UnavailableError, checkOptions, nearestName } from "@featuremap/tensor";
import { ImageFiles } from "../pictures/image-files.ts";
import { checkClassNames } from "../pictures/files/classes.ts";
import { checkExtensions, checkFollowLinks, listClassFolders, noPictureOfClasses } from "./list-pictures.ts";
import { usualParts } from "./usual-parts.ts";

/** How {@link imageFolders} reads. */
export interface ImageFoldersOptions {
  /** The folders that count, in the order of their class indices. Default: all in the training part, sorted. */
  readonly classNames?: readonly string[];
  /** Whether folders are entered that links lead to. Default: false. */
  readonly followLinks?: boolean;
  /** Endings of files that are pictures. Default: those of all formats that are read. */
  readonly extensions?: readonly string[];
  /** Share of files that may be damaged before that is an error. Default: 0.05. */
  readonly damagedShare?: number;
}

/** The parts of a data set, as far as there are such. */
export interface ImageFileParts {
  readonly train: ImageFiles;
  readonly validation?: ImageFiles;
  readonly test?: ImageFiles;
}

const names: OptionNames<ImageFoldersOptions> = {
  classNames: true,
  followLinks: true,
  extensions: true,
  damagedShare: true,
};

const owner = "imageFolders";

/**
 * The pictures of a folder with a folder for each class, or of one with such folders for its parts, found by their usual
 * names: `train` or `training`; `val`, `valid`, `validation` or `dev`; `test` or `testing`. Other folders beside these count
 * for nothing.
 *
 * @returns `train` alone where there are no parts; its `split` makes them
 * @throws {UnavailableError} the folder cannot be read, a part has no picture, or other classes than that to learn from.
 * @throws {InvalidConfigError} a class of `classNames` has no folder, or an option is unknown or not what it may be.
 */
export async function imageFolders(
  directory: string | URL,
  options: ImageFoldersOptions = {},
): Promise<ImageFileParts> {
  checkOptions(owner, options, names);
  const path = requirePath(owner, "directory", directory);
  const given = checkClassNames(owner, options.classNames);
  const parts = await usualParts(owner, path);
  if (parts === undefined) return { train: await classFolders(path, given, options) };
  const train = await classFolders(joinPath(path, parts.train), given, options);
  const { classNames } = train;
  const read = async (name: string): Promise<ImageFiles> => {
    if (given === undefined) await checkSameClasses(joinPath(path, name), classNames, parts.train);
    return classFolders(joinPath(path, name), classNames, options);
  };
  return {
    train,
    ...(parts.validation === undefined ? {} : { validation: await read(parts.validation) }),
    ...(parts.test === undefined ? {} : { test: await read(parts.test) }),
  };
}

/** @throws {UnavailableError} a part has other classes than that to learn from. */
async function checkSameClasses(folder: string, classNames: readonly string[], train: string): Promise<void> {
  const { folders } = await listFolder(folder);
  const missing = classNames.find((name) => !folders.includes(name));
  const unknown = folders.find((name) => !classNames.includes(name));
  if (missing !== undefined) {
    const near = nearestName(
      missing,
      folders.filter((name) => !classNames.includes(name)),
    );
    throw new UnavailableError(
      `${folder} has no folder ${missing}, which is a class in ${train}`,
      near === undefined
        ? "Put pictures of it there, or remove the class."
        : `If you mean its folder ${near}, rename it.`,
    );
  }
  if (unknown === undefined) return;
  throw new UnavailableError(
    `${folder} has a folder ${unknown}, which is not a class in ${train}`,
    "Add pictures to learn it from, or remove the folder.",
  );
}

async function classFolders(
  folder: string,
  classNames: readonly string[] | undefined,
  options: ImageFoldersOptions,
): Promise<ImageFiles> {
  const followLinks = checkFollowLinks(owner, options.followLinks);
  const extensions = checkExtensions(owner, options.extensions);
  const {
    paths,
    labels,
    classNames: found,
    skipped,
  } = await listClassFolders(folder, classNames, { owner, followLinks, extensions });
  if (paths.length === 0) {
    throw await noPictureOfClasses(folder, found, { extensions, unlabelled: undefined });
  }
  const { damagedShare } = options;
  return new ImageFiles({ paths, labels, classNames: found, skipped, damagedShare });
}
