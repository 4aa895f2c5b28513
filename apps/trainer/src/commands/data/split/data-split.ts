import { dirname, relative, sep } from "node:path";
import type { ImageFiles } from "@featuremap/datasets";
import { throwIfAborted } from "@featuremap/files";
import { InvalidConfigError, RandomStream, UnavailableError } from "@featuremap/tensor";
import { type DividedPlaces, dividePlaces } from "./divide-places.ts";
import { findNearDuplicates } from "./near-duplicates.ts";
import { newFile } from "../../../output/new-file.ts";
import { findData } from "../../../data/open-data.ts";
import type { LeftOut } from "../../../data/part.ts";
import { countClasses } from "../../../data/split-places.ts";
import { partsOf, writeSplit } from "../../../data/split-table.ts";
import type { PartName, TrainingData } from "../../../data/training-data.ts";
import { dataSplitOptions } from "../../../options/commands/data.ts";
import type { OptionValues } from "../../../options/option.ts";

/** What to divide, and how. */
export interface DataSplitOptions extends Partial<OptionValues<typeof dataSplitOptions>> {
  /** What `train` would be given. */
  readonly data: string;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: (done: number, total: number) => void;
}

/** How data were divided. */
export interface DataSplit {
  /** Absolute path of the table. */
  readonly file: string;
  readonly parts: Partial<Record<PartName, number>>;
  readonly classes: readonly ({ readonly name: string } & Partial<Record<PartName, number>>)[];
  /** Groups of near duplicates that were kept together, and how many pictures they have; absent where nobody looked. */
  readonly nearDuplicates?: { readonly groups: number; readonly pictures: number };
  /** Files that could not be read, which are in no part. */
  readonly unreadable: readonly LeftOut[];
  /** What a part lacks: classes of which there were too few pictures. */
  readonly lacking: readonly { readonly part: PartName; readonly class: string }[];
}

const owner = "data split";
/** For validation. */
const usualShare = 0.2;

/**
 * Divides pictures into parts, each class by itself and near duplicates together, and writes who is where: a table that
 * `train` takes. Parts that the data have already stay as they are. Nothing is copied.
 *
 * @throws {InvalidConfigError} there are no such data, or an option does not fit them.
 * @throws {UnavailableError} they cannot be read, are not files on the disk, or the table is there already.
 * @throws {AbortedError} the signal was raised; then there is no table.
 */
export async function dataSplit(options: DataSplitOptions): Promise<DataSplit> {
  const { out = dataSplitOptions.out.default, force = false, signal } = options;
  const file = await newFile(owner, "--out", out, force);
  const found = await findData(options.data, { owner, signal });
  checkFractions(found, options);
  for (const [part] of partsOf(found)) checkOnDisk(found, part.files);
  const { divided, ...rest } = await divide(found, options);
  throwIfAborted(owner, signal);
  const folder = dirname(file);
  await writeSplit(file, divided, (path) => relative(folder, path).split(sep).join("/"));
  const parts = partsOf(divided);
  const counts = parts.map(([part, name]) => [name, countClasses(part.labels, found.classNames.length)] as const);
  return {
    file,
    parts: Object.fromEntries(parts.map(([part, name]) => [name, part.size])),
    classes: found.classNames.map((name, label) => ({
      name,
      ...Object.fromEntries(counts.map(([part, ofPart]) => [part, ofPart[label] ?? 0])),
    })),
    ...rest,
    lacking: counts.flatMap(([part, ofPart]) =>
      found.classNames.flatMap((name, label) => ((ofPart[label] ?? 0) === 0 ? [{ part, class: name }] : [])),
    ),
  };
}

async function divide(
  found: TrainingData,
  { seed = 1, nearDuplicates = true, workers, signal, onProgress, ...shares }: DataSplitOptions,
): Promise<{ readonly divided: TrainingData } & Pick<DataSplit, "nearDuplicates" | "unreadable">> {
  const { train } = found;
  const similar = nearDuplicates
    ? await findNearDuplicates(train.files, { workers, signal, onProgress })
    : { groups: [], unreadable: [] };
  const damaged = new Set(similar.unreadable.map(({ place }) => place));
  const left = Uint32Array.from({ length: train.size }, (_, place) => place).filter((place) => !damaged.has(place));
  if (left.length === 0) throw new UnavailableError(`No picture of ${found.location} can be read`, "See data info.");
  const newPlace = new Map(Array.from(left, (place, index) => [place, index] as const));
  const readable = train.select(left);
  const placesOf = dividePlaces(
    {
      labels: readable.labels,
      together: joined(
        similar.groups.map((group) => group.flatMap((place) => newPlace.get(place) ?? [])),
        readable.names,
      ),
      validation: shareOf(found, "validation", shares),
      test: shareOf(found, "test", shares),
    },
    new RandomStream(seed),
  );
  const part = (name: keyof DividedPlaces): TrainingData["train"] | undefined =>
    placesOf[name].length === 0 ? undefined : readable.select(placesOf[name]);
  const divided = {
    ...found,
    train: part("train") ?? readable,
    validation: found.validation ?? part("validation"),
    test: found.test ?? part("test"),
  };
  const groups = similar.groups;
  return {
    divided,
    unreadable: similar.unreadable.map(({ path, reason }) => ({ path, reason })),
    ...(nearDuplicates
      ? { nearDuplicates: { groups: groups.length, pictures: groups.reduce((sum, { length }) => sum + length, 0) } }
      : {}),
  };
}

/** The same, with a file that is named twice together with itself. */
function joined(groups: readonly (readonly number[])[], names: readonly string[]): readonly (readonly number[])[] {
  if (new Set(names).size === names.length) return groups;
  const leaders = new Map<string, number>();
  const groupOf = new Map<number, number[]>();
  for (const group of groups) {
    const own = [...group];
    for (const place of own) groupOf.set(place, own);
  }
  for (const [place, name] of names.entries()) {
    const before = leaders.get(name);
    leaders.set(name, before ?? place);
    if (before === undefined || groupOf.has(place)) continue;
    const group = groupOf.get(before) ?? [before];
    group.push(place);
    for (const each of group) groupOf.set(each, group);
  }
  return [...new Set(groupOf.values())].map((group) => group.toSorted((a, b) => a - b));
}

function shareOf(
  found: TrainingData,
  part: "validation" | "test",
  { valFraction, testFraction }: Pick<DataSplitOptions, "valFraction" | "testFraction">,
): number {
  if (found[part] !== undefined) return 0;
  return part === "validation" ? (valFraction ?? usualShare) : (testFraction ?? 0);
}

function checkFractions(found: TrainingData, options: DataSplitOptions): void {
  const asked = {
    validation: ["--val-fraction", options.valFraction],
    test: ["--test-fraction", options.testFraction],
  };
  for (const [part, [option = "", fraction]] of Object.entries(asked)) {
    if (found[part as "validation" | "test"] === undefined || fraction === undefined) continue;
    throw new InvalidConfigError(owner, String(option), `left out: ${found.location} has a part for it`, fraction);
  }
  if (found.validation !== undefined && (found.test !== undefined || options.testFraction === undefined)) {
    throw new UnavailableError(
      `${found.location} is already split`,
      `It has parts for training and validation${found.test === undefined ? "; give --test-fraction to split off a test part" : " and test"}.`,
    );
  }
  const sum = shareOf(found, "validation", options) + shareOf(found, "test", options);
  if (sum >= 1) {
    const expected = "less than 1 together with --val-fraction, so that something is left to train on";
    throw new InvalidConfigError(owner, "--test-fraction", expected, options.testFraction ?? 0);
  }
}

function checkOnDisk({ location, kind }: TrainingData, files: ImageFiles): void {
  if (files.at(0).file !== undefined) return;
  const what =
    kind === "dataset" ? "is a data set with parts of its own" : "holds pictures that are not files on the disk";
  throw new UnavailableError(
    `${location} ${what}, which no table can name`,
    "Unpack them into a folder for each class.",
  );
}
