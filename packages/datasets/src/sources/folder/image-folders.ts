import { joinPath, requirePath } from "#local-files";
import { type OptionNames, checkOptions } from "@featuremap/tensor";
import { ImageFiles } from "../pictures/image-files.ts";
import { checkClassNames } from "../pictures/classes.ts";
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
 * @throws {UnavailableError} the folder cannot be read, or a part has no picture.
 * @throws {InvalidConfigError} a part lacks a class, or an option is unknown or not what it may be.
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
  const read = (name: string): Promise<ImageFiles> => classFolders(joinPath(path, name), classNames, options);
  return {
    train,
    ...(parts.validation === undefined ? {} : { validation: await read(parts.validation) }),
    ...(parts.test === undefined ? {} : { test: await read(parts.test) }),
  };
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
