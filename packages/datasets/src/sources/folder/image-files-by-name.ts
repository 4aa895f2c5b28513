import { requirePath } from "#local-files";
import { FormatError, InvalidConfigError, type OptionNames, UnavailableError, checkOptions } from "@featuremap/tensor";
import { checkClassNames, classesOf } from "../pictures/files/classes.ts";
import { ImageFiles } from "../pictures/image-files.ts";
import type { SkippedFile } from "../pictures/files/skipped-files.ts";
import { checkExtensions, checkFollowLinks, listAllPictures } from "./list-pictures.ts";

/** How {@link imageFilesByName} finds classes. */
export interface ImageFilesByNameOptions {
  /**
   * What tells a file's class: a function of its path, or an expression whose first group matches it in the file's name.
   * A file of which it says nothing is skipped. Default: what stands before the number, as in `cat.0.jpg` and `cat_12.png`.
   */
  readonly classOf?: RegExp | ((path: string) => string | number | undefined);
  /** The classes in the order of their indices. Default: those found, sorted. */
  readonly classNames?: readonly string[];
  /** Whether folders are entered that links lead to. Default: false. */
  readonly followLinks?: boolean;
  /** Endings of files that are pictures. Default: those of all formats that are read. */
  readonly extensions?: readonly string[];
  /** Share of files that may be damaged before that is an error. Default: 0.05. */
  readonly damagedShare?: number;
}

const names: OptionNames<ImageFilesByNameOptions> = {
  classOf: true,
  classNames: true,
  followLinks: true,
  extensions: true,
  damagedShare: true,
};

const owner = "imageFilesByName";
const beforeNumber = /^(.*?)[ ._-]*\(?\d+\)?\.[^.]+$/;

/**
 * The pictures in a folder, or of a list of paths, whose names tell their classes.
 *
 * @param source a folder, all of whose folders are searched, or paths
 * @throws {UnavailableError} the folder cannot be read, or no picture is in it.
 * @throws {FormatError} a class is not among `classNames`, or no file tells one.
 * @throws {InvalidConfigError} an option is unknown or not what it may be.
 */
export async function imageFilesByName(
  source: string | URL | readonly string[],
  options: ImageFilesByNameOptions = {},
): Promise<ImageFiles> {
  checkOptions(owner, options, names);
  const { classOf = beforeNumber, damagedShare } = options;
  if (!(classOf instanceof RegExp || typeof classOf === "function")) {
    throw new InvalidConfigError(owner, "classOf", "a regular expression or a function", classOf);
  }
  const classNames = checkClassNames(owner, options.classNames);
  const followLinks = checkFollowLinks(owner, options.followLinks);
  const extensions = checkExtensions(owner, options.extensions);
  const isList = Array.isArray(source);
  const found = isList
    ? { paths: checkPaths(source), skipped: [] }
    : await listAllPictures(requirePath(owner, "source", source as string), { owner, followLinks, extensions });
  const skipped: SkippedFile[] = [...found.skipped];
  const [paths, classes]: [string[], string[]] = [[], []];
  for (const path of found.paths) {
    const name = classOf instanceof RegExp ? classOf.exec(path.split(/[/\\]/).at(-1) ?? "")?.[1] : classOf(path);
    if (name === undefined || name === null || name === "")
      skipped.push({ path, reason: "Its name does not give a class." });
    else {
      paths.push(path);
      classes.push(String(name));
    }
  }
  const where = isList ? "the list" : String(source);
  if (found.paths.length === 0) {
    throw new UnavailableError(`There are no pictures in ${where}`, `Pictures end in ${extensions.join(", ")}.`);
  }
  if (paths.length === 0)
    throw new FormatError(where, "the names of files", "ones that give classes (classOf)", found.paths[0] ?? "");
  return new ImageFiles({ paths, ...classesOf(classes, classNames, where), skipped, damagedShare });
}

function checkPaths(paths: readonly unknown[]): readonly string[] {
  if (paths.length > 0 && paths.every((path): path is string => typeof path === "string" && !path.includes("\0")))
    return paths;
  throw new InvalidConfigError(owner, "source", "a folder, or a list of paths", paths);
}
