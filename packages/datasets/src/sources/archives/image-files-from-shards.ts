import { requirePath } from "#local-files";
import { isBlob } from "@featuremap/files";
import { FormatError, InvalidConfigError, type OptionNames, checkOptions } from "@featuremap/tensor";
import { decodeText } from "../bytes/decode-text.ts";
import { checkExtensions } from "../folder/list-pictures.ts";
import { checkClassNames, classesOf } from "../pictures/files/classes.ts";
import { ImageFiles } from "../pictures/image-files.ts";
import { type OpenArchive } from "./open-archive.ts";
import { openArchiveFile } from "./open-archive-file.ts";

/** How {@link imageFilesFromShards} reads. */
export interface ImageShardOptions {
  /** The ending of the files with classes: `cls` with a number or a name, or `json` with a field for it. Default: either. */
  readonly label?: "cls" | "json" | "txt";
  /** The field of a `.json` file that holds the class. Default: `label`, else `cls`. */
  readonly labelField?: string;
  /** The classes in the order of their indices. Default: those that occur, sorted; numbers by their size. */
  readonly classNames?: readonly string[];
  /** Share of files that may be damaged before that is an error. Default: 0.05. */
  readonly damagedShare?: number;
}

const names: OptionNames<ImageShardOptions> = { label: true, labelField: true, classNames: true, damagedShare: true };

const owner = "imageFilesFromShards";

/**
 * The pictures in tar archives of WebDataset's layout: `key.jpg` beside `key.cls` or `key.json`, one sample after the other.
 *
 * Headers and the small files with classes are read at once, the pictures where they lie when they are wanted.
 *
 * Source: WebDataset, "The WebDataset Format": the key is the name up to the first dot.
 *
 * @param shards paths, or in a page the files that a person chose
 * @throws {UnavailableError} an archive cannot be read.
 * @throws {FormatError} one is not an archive or damaged, or a picture has no class.
 * @throws {InvalidConfigError} an option is unknown or not what it may be.
 */
export async function imageFilesFromShards(
  shards: readonly (string | URL | Blob)[],
  options: ImageShardOptions = {},
): Promise<ImageFiles> {
  checkOptions(owner, options, names);
  const { label, labelField, damagedShare } = options;
  if (!(Array.isArray(shards) && shards.length > 0)) {
    throw new InvalidConfigError(owner, "shards", "a list of one or more archives", shards);
  }
  if (![undefined, "cls", "json", "txt"].includes(label)) {
    throw new InvalidConfigError(owner, "label", '"cls", "json" or "txt"', label);
  }
  if (labelField !== undefined && typeof labelField !== "string") {
    throw new InvalidConfigError(owner, "labelField", "a field's name", labelField);
  }
  const classNames = checkClassNames(owner, options.classNames);
  const places: { archive: OpenArchive; place: number }[] = [];
  const [paths, classes]: [string[], string[]] = [[], []];
  for (const shard of shards) {
    const archive = await openArchiveFile(isBlob(shard) ? shard : requirePath(owner, "shards", shard));
    for (const [key, files] of samplesOf(archive)) {
      const picture = [...files].find(([ending]) => checkExtensions(owner, undefined).includes(`.${ending}`));
      if (picture === undefined) continue;
      paths.push(`${archive.source}: ${key}.${picture[0]}`);
      places.push({ archive, place: picture[1] });
      classes.push(await classOf(archive, key, files, options));
    }
  }
  if (paths.length === 0) throw new FormatError(String(shards[0]), "the archive", "one with pictures", "none");
  return new ImageFiles({
    paths,
    ...classesOf(classes, classNames, owner),
    damagedShare,
    read: async (index) => {
      const found = places[index];
      return found === undefined ? new Uint8Array(0) : found.archive.read(found.place);
    },
  });
}

/** Each sample's files by their endings in lower case. */
function samplesOf({ names: files }: OpenArchive): Map<string, Map<string, number>> {
  const samples = new Map<string, Map<string, number>>();
  files.forEach((name, place) => {
    const dot = name.indexOf(".", name.lastIndexOf("/") + 1);
    if (dot < 0) return;
    const [key, ending] = [name.slice(0, dot), name.slice(dot + 1).toLowerCase()];
    const sample = samples.get(key);
    if (sample === undefined) samples.set(key, new Map([[ending, place]]));
    else sample.set(ending, place);
  });
  return samples;
}

async function classOf(
  archive: OpenArchive,
  key: string,
  files: ReadonlyMap<string, number>,
  { label, labelField }: ImageShardOptions,
): Promise<string> {
  for (const ending of label === undefined ? (["cls", "json", "txt"] as const) : [label]) {
    const place = files.get(ending);
    if (place === undefined) continue;
    const text = decodeText(await archive.read(place), `${archive.source}: ${key}.${ending}`).trim();
    const found = ending === "json" ? fieldOf(text, labelField) : text;
    if ((typeof found === "string" && found !== "") || Number.isInteger(found)) return String(found);
    throw new FormatError(archive.source, `${key}.${ending}`, "a class", text.slice(0, 80));
  }
  throw new FormatError(
    archive.source,
    `the sample ${key}`,
    "one with a class (.cls, .json or .txt)",
    [...files.keys()].join(", "),
  );
}

function fieldOf(text: string, field: string | undefined): unknown {
  try {
    const value = JSON.parse(text) as Record<string, unknown> | null;
    return field === undefined ? (value?.["label"] ?? value?.["cls"]) : value?.[field];
  } catch {
    return undefined;
  }
}
