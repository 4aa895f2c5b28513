import { stat } from "node:fs/promises";
import { basename, dirname, resolve } from "node:path";
import { InvalidConfigError, RandomStream, UnavailableError, nearestName } from "@featuremap/tensor";
import { didYouMean } from "../options/names.ts";
import { findPreset, presetNames } from "./presets/find-preset.ts";
import { isDataFile, openFile } from "./open-file.ts";
import { openFolder } from "./open-folder.ts";
import type { Part } from "./part.ts";
import { countClasses, splitPlaces, thinPlaces } from "./split-places.ts";
import { splitAgain } from "./split-table.ts";
import type { FoundParts, PartName, TrainingData } from "./training-data.ts";

/** How data are opened. */
export interface DataSettings {
  /** The command that opens them, for errors. */
  readonly owner: string;
  /** Decides which pictures go to which part. */
  readonly seed: number;
  /** Share of the training pictures that is kept for validation; of data sets with a name only where it is given. */
  readonly valFraction?: number | undefined;
  /** Share of the training pictures that is used. */
  readonly fraction?: number | undefined;
  /** Pictures of each part that are used: of arrays the first, of files some of each class. */
  readonly limit?: number | undefined;
  /** Where a data set with a name lies. */
  readonly dataFolder?: string | undefined;
  /** Which picture is of which part, where that was decided before; the seed and shares then say nothing. */
  readonly split?: ReadonlyMap<string, PartName> | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Hears of a download. */
  readonly onDownload?: ((loaded: number, total: number | undefined) => void) | undefined;
}

/** Shares for validation where nobody says one: beside a test part less. */
const usualShare = { alone: 0.2, besideTest: 0.1 };

/**
 * Opens what a network is trained on: a folder with class folders, or with such for its parts; a table, an archive, record
 * or array file; or a data set that has a name.
 *
 * Where files have no part for validation, a share of each class is kept for it: nothing is copied.
 *
 * @param spec path or name; a folder that is called as a data set is meant by `./name`
 * @throws {InvalidConfigError} there is nothing of that name, or an option does not fit the data.
 * @throws {UnavailableError} it cannot be read, has no classes, or too few pictures; the message says what to do.
 * @throws {FormatError} it is damaged.
 */
export async function openData(spec: string, settings: DataSettings): Promise<TrainingData> {
  return prepareData(await findData(spec, settings), settings);
}

/**
 * What a network is trained on, of data that were found.
 *
 * @throws {UnavailableError} they have no classes, or too few pictures. @throws {InvalidConfigError} an option does not fit.
 */
export function prepareData(found: TrainingData, settings: DataSettings): TrainingData {
  checkClasses(found);
  if (settings.split !== undefined) return splitAgain(found, settings.split);
  return limited(thinned(split(found, settings), settings), settings);
}

/** Data as they lie there, with the parts that they have. @throws as {@link openData} does. */
export async function findData(spec: string, settings: Omit<DataSettings, "seed">): Promise<TrainingData> {
  const { owner } = settings;
  const preset = findPreset(spec);
  if (preset !== undefined) {
    const { signal, onDownload } = settings;
    const folder = settings.dataFolder === undefined ? undefined : resolve(settings.dataFolder);
    const parts = await preset.open({ dataFolder: folder, signal, onDownload });
    const { name, imagesAre } = preset;
    return { ...parts, name, kind: "dataset", location: spec, folder, imagesAre, classNames: parts.train.classNames };
  }
  if (settings.dataFolder !== undefined) {
    throw new InvalidConfigError(owner, "--data-folder", `left out with a path (${spec})`, settings.dataFolder);
  }
  const location = resolve(spec);
  const status = await stat(location).catch(() => undefined);
  if (status === undefined) {
    const near = didYouMean(nearestName(spec, presetNames));
    throw new InvalidConfigError(owner, "data", `a folder, a file or one of ${presetNames.join(", ")}${near}`, spec);
  }
  const isFolder = status.isDirectory();
  if (!isFolder && !isDataFile(location)) {
    throw new UnavailableError(
      `${spec} is not data that can be trained on`,
      "Give a folder with a folder for each class, or a .csv, .tsv, .jsonl, .zip, .tar, .tar.gz, .npz or .tfrecord file.",
    );
  }
  const parts = isFolder ? await openFolder(location) : await openFile(location);
  const { classNames } = parts.train;
  const name = basename(location).replace(isFolder ? /$/ : /(\.tar)?\.[^.]+$/, "") || "data";
  const kind = isFolder ? "folder" : "file";
  const folder = isFolder ? location : dirname(location);
  return { ...parts, name, kind, location, folder, imagesAre: "images", classNames };
}

/** @throws {UnavailableError} there are not two classes or more, each with pictures. */
function checkClasses({ location, train, validation, test, kind }: TrainingData): void {
  const { classNames } = train;
  const counts = countClasses(train.labels, classNames.length);
  const empty = classNames.filter((_, label) => counts[label] === 0);
  if (empty.length > 0) {
    const others = [validation, test].filter((part) => part !== undefined);
    const isElsewhere = others.some((part) => part.labels.some((label) => counts[label] === 0));
    throw isElsewhere
      ? new UnavailableError(
          `${location}: the part train has no picture of ${listed(empty)}`,
          "Move pictures there from another part, or take the class out of every part.",
        )
      : new UnavailableError(
          `${location}: there is no picture of ${listed(empty)}`,
          kind === "folder" ? "Add pictures there, or remove the folder." : "Add pictures of it, or remove the class.",
        );
  }
  if (classNames.length > 1) return;
  throw new UnavailableError(
    `${location}: there is only one class, ${listed(classNames)}`,
    `A network needs two classes or more: add ${kind === "folder" ? "a folder for each" : "pictures of another"}.`,
  );
}

function split(data: TrainingData, { owner, seed, valFraction }: DataSettings): TrainingData {
  const { train, validation, test, kind, location } = data;
  if (validation !== undefined) {
    if (valFraction === undefined) return data;
    throw new InvalidConfigError(owner, "--val-fraction", `left out: ${location} has a part for it`, valFraction);
  }
  // Documents judge by the test pictures of such a data set after every epoch.
  if (kind === "dataset" && test !== undefined && valFraction === undefined) return data;
  const counts = countClasses(train.labels, data.classNames.length);
  const alone = data.classNames.filter((_, label) => (counts[label] ?? 0) < 2);
  if (alone.length > 0) {
    throw new UnavailableError(
      `${location}: there is only one picture of ${listed(alone)}, and validation needs one too`,
      `Add pictures of it, or remove ${kind === "folder" ? "its folder" : "the class"}.`,
    );
  }
  const share = valFraction ?? (test === undefined ? usualShare.alone : usualShare.besideTest);
  const { first, second } = splitPlaces(train.labels, share, new RandomStream(seed).fork("validation"));
  return { ...data, train: train.select(first), validation: train.select(second) };
}

function thinned(data: TrainingData, { seed, fraction = 1 }: DataSettings): TrainingData {
  if (fraction === 1) return data;
  const random = new RandomStream(seed).fork("fraction");
  return { ...data, train: data.train.select(thinPlaces(data.train.labels, fraction, random)) };
}

function limited(data: TrainingData, { owner, seed, limit }: DataSettings): TrainingData {
  if (limit === undefined) return data;
  const { train } = data;
  if (limit > train.size) {
    const expected = `an integer in [1, ${train.size}], the number of images`;
    throw new InvalidConfigError(owner, "--limit", expected, limit);
  }
  const parts: FoundParts = data;
  const cut = (part: Part | undefined): Part | undefined => part && firstOf(part, limit, data.kind, seed);
  return {
    ...data,
    train: firstOf(train, limit, data.kind, seed),
    validation: cut(parts.validation),
    test: cut(parts.test),
  };
}

/** Of files, which stand class by class, some at random. */
function firstOf(part: Part, limit: number, kind: TrainingData["kind"], seed: number): Part {
  const count = Math.min(limit, part.size);
  if (count === part.size) return part;
  if (kind === "dataset") return part.select(Uint32Array.from({ length: count }, (_, place) => place));
  return part.select(new RandomStream(seed).fork("limit").permutation(part.size).slice(0, count).toSorted());
}

const mostNamed = 5;

function listed(names: readonly string[]): string {
  const more = names.length > mostNamed ? ` and ${names.length - mostNamed} more` : "";
  return names.slice(0, mostNamed).join(", ") + more;
}
