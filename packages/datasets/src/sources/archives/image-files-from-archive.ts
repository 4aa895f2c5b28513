import { requirePath } from "#local-files";
import { isBlob } from "@featuremap/files";
import { FormatError, InvalidConfigError, type OptionNames, checkOptions } from "@featuremap/tensor";
import { compareCodePoints } from "../bytes/compare-code-points.ts";
import { checkExtensions } from "../folder/list-pictures.ts";
import { partsAmong } from "../folder/usual-parts.ts";
import { checkClassNames, classesOf } from "../pictures/files/classes.ts";
import { ImageFiles } from "../pictures/image-files.ts";
import type { SkippedFile } from "../pictures/files/skipped-files.ts";
import type { OpenArchive } from "./open-archive.ts";
import { openArchiveFile } from "./open-archive-file.ts";

/** How {@link imageFilesFromArchive} reads. */
export interface ImageArchiveOptions {
  /** What tells a file's class from its name in the archive; undefined: it is left out. Default: the folder that it lies in. */
  readonly classOf?: (name: string) => string | number | undefined;
  /** The classes in the order of their indices. Default: those that occur, sorted. */
  readonly classNames?: readonly string[];
  /** Endings of files that are pictures. Default: those of all formats that are read. */
  readonly extensions?: readonly string[];
  /** Share of files that may be damaged before that is an error. Default: 0.05. */
  readonly damagedShare?: number;
}

const names: OptionNames<ImageArchiveOptions> = {
  classOf: true,
  classNames: true,
  extensions: true,
  damagedShare: true,
};

const owner = "imageFilesFromArchive";
/** Folders in folders, among which parts are looked for. */
const deepest = 8;

/**
 * The pictures in a zip or tar archive with a folder for each class, read where they lie: the archive is not unpacked.
 *
 * A packed tar is unpacked into the cache folder once, in Node only.
 *
 * @param archive a path, or in a page the file that a person chose
 * @throws {UnavailableError} it cannot be read.
 * @throws {FormatError} it is not an archive, damaged, has no picture, or a class is not among `classNames`.
 * @throws {InvalidConfigError} an option is unknown or not what it may be; or parts lie in it, as `train` and `test`, and no
 *   `classOf` says which is meant.
 */
export async function imageFilesFromArchive(
  archive: string | URL | Blob,
  options: ImageArchiveOptions = {},
): Promise<ImageFiles> {
  checkArchiveOptions(owner, options);
  const path = isBlob(archive) ? archive : requirePath(owner, "archive", archive);
  return filesOfArchive(await openArchiveFile(path), options, owner);
}

/** @throws {InvalidConfigError} an option is unknown or not what it may be. */
export function checkArchiveOptions(asOwner: string, options: ImageArchiveOptions): void {
  checkOptions(asOwner, options, names);
  const { classOf = folderOf } = options;
  if (typeof classOf !== "function") throw new InvalidConfigError(asOwner, "classOf", "a function", classOf);
  checkExtensions(asOwner, options.extensions);
  checkClassNames(asOwner, options.classNames);
}

/** The pictures of an open archive, sorted by name. */
export function filesOfArchive(archive: OpenArchive, options: ImageArchiveOptions, asOwner: string): ImageFiles {
  const { classOf = folderOf, damagedShare } = options;
  const extensions = checkExtensions(asOwner, options.extensions);
  const skipped: SkippedFile[] = [];
  const found: { name: string; place: number; className: string }[] = [];
  archive.names.forEach((name, place) => {
    const lower = name.toLowerCase();
    // What macOS and Windows add of their own.
    if (/(^|\/)(__macosx\/|\.[^/]*$|thumbs\.db$)/.test(lower)) return;
    if (!extensions.some((ending) => lower.endsWith(ending))) {
      skipped.push({ path: name, reason: `It does not end in ${extensions.join(", ")}.` });
      return;
    }
    const className = classOf(name);
    if (className === undefined || className === "") skipped.push({ path: name, reason: "Its class is unknown." });
    else found.push({ name, place, className: String(className) });
  });
  if (found.length === 0) throw new FormatError(archive.source, "the archive", "one with pictures in folders", "none");
  found.sort((one, other) => compareCodePoints(one.name, other.name));
  if (options.classOf === undefined) {
    refuseParts(
      asOwner,
      archive.source,
      found.map(({ name }) => name),
    );
  }
  const places = Uint32Array.from(found, ({ place }) => place);
  const classes = found.map(({ className }) => className);
  return new ImageFiles({
    paths: found.map(({ name }) => name),
    ...classesOf(classes, checkClassNames(asOwner, options.classNames), archive.source),
    skipped,
    damagedShare,
    read: (index) => archive.read(places[index] ?? -1),
  });
}

/** Classes come from the folder that a file lies in, whatever lies above: what is for judging would be trained on. */
function refuseParts(asOwner: string, source: string, files: readonly string[]): void {
  const inner = new Map<string, Set<string>>();
  for (const folder of new Set(files.map((name) => name.slice(0, Math.max(0, name.lastIndexOf("/")))))) {
    let above = "";
    for (const name of folder.split("/", deepest)) {
      const beside = inner.get(above) ?? new Set();
      inner.set(above, beside.add(name));
      above += `${name}/`;
    }
  }
  for (const [above, beside] of inner) {
    const parts = partsAmong(beside);
    if (parts === undefined) continue;
    const found = Object.values(parts).flatMap((folders) => folders.map((name) => above + name));
    const expected = `a function that returns the class for files of one part and undefined for others, since ${source} has ${found.join(", ")}`;
    throw new InvalidConfigError(asOwner, "classOf", expected, undefined);
  }
}

function folderOf(name: string): string | undefined {
  return name.split("/").at(-2);
}
