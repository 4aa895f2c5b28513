import { InvalidConfigError, type OptionNames, RandomStream, checkOptions } from "@featuremap/tensor";

/** How files are divided in two. */
export interface SplitFilesOptions {
  /** Chooses at random, the same in every run; without it, in order. */
  readonly seed?: number | undefined;
  /** Gives both parts the same shares of all classes, as nearly as whole files allow. Default: false. */
  readonly stratify?: boolean | undefined;
  /**
   * Which files belong together, by the same text or number: near duplicates, or pictures of the same person. They go to one
   * part. It is given all paths, and gives as many.
   */
  readonly keepTogether?:
    | ((paths: readonly string[]) => ArrayLike<string | number> | Promise<ArrayLike<string | number>>)
    | undefined;
}

const names: OptionNames<SplitFilesOptions> = { seed: true, stratify: true, keepTogether: true };

interface Labelled {
  readonly filePaths: readonly string[];
  readonly labels: Int32Array | undefined;
  readonly size: number;
}

/**
 * Indices of two parts, each rising. Groups are whole; a group's class is that of its first file.
 *
 * @throws {InvalidConfigError} the fraction leaves a part empty, or an option is wrong.
 */
export async function splitIndices(
  files: Labelled,
  fraction: number,
  options: SplitFilesOptions,
): Promise<[Uint32Array, Uint32Array]> {
  checkOptions("ImageFiles.split", options, names);
  const { seed, stratify = false, keepTogether } = options;
  if (!(Number.isFinite(fraction) && fraction > 0 && fraction < 1)) {
    throw new InvalidConfigError("ImageFiles.split", "fraction", "in (0, 1)", fraction);
  }
  const { labels } = files;
  if (stratify && labels === undefined) {
    throw new InvalidConfigError("ImageFiles.split", "stratify", "false where there are no labels", true);
  }
  const groups = await groupsOf(files, keepTogether);
  const random = seed === undefined ? undefined : new RandomStream(seed);
  const ordered =
    random === undefined ? groups : Array.from(random.permutation(groups.length), (index) => groups[index] ?? []);
  const isFirst = new Uint8Array(files.size);
  for (const part of stratify && labels !== undefined ? byClass(ordered, labels) : [ordered])
    markFirst(part, fraction, isFirst);
  const indices = Uint32Array.from({ length: files.size }, (_, index) => index);
  const parts: [Uint32Array, Uint32Array] = [
    indices.filter((index) => isFirst[index] === 1),
    indices.filter((index) => isFirst[index] === 0),
  ];
  if (parts.some(({ length }) => length === 0)) {
    const expected = `a share that leaves neither part of ${files.size} files in ${groups.length} groups empty`;
    throw new InvalidConfigError("ImageFiles.split", "fraction", expected, fraction);
  }
  return parts;
}

/** Takes groups for the first part while that brings it nearer to its share. */
function markFirst(groups: readonly (readonly number[])[], fraction: number, isFirst: Uint8Array): void {
  const wanted = Math.round(fraction * groups.reduce((sum, group) => sum + group.length, 0));
  let taken = 0;
  for (const group of groups) {
    if (Math.abs(wanted - taken - group.length) >= Math.abs(wanted - taken)) continue;
    for (const index of group) isFirst[index] = 1;
    taken += group.length;
  }
}

async function groupsOf(files: Labelled, keepTogether: SplitFilesOptions["keepTogether"]): Promise<number[][]> {
  if (keepTogether === undefined) return Array.from({ length: files.size }, (_, index) => [index]);
  if (typeof keepTogether !== "function") {
    throw new InvalidConfigError("ImageFiles.split", "keepTogether", "a function", keepTogether);
  }
  const keys = await keepTogether(files.filePaths);
  if (keys?.length !== files.size) {
    throw new InvalidConfigError("ImageFiles.split", "the result of keepTogether", `${files.size} keys`, keys);
  }
  const groups = new Map<string | number | undefined, number[]>();
  for (let index = 0; index < files.size; index++) {
    const group = groups.get(keys[index]);
    if (group === undefined) groups.set(keys[index], [index]);
    else group.push(index);
  }
  return [...groups.values()];
}

function byClass(groups: readonly (readonly number[])[], labels: Int32Array): (readonly number[])[][] {
  const classes = new Map<number | undefined, (readonly number[])[]>();
  for (const group of groups) {
    const label = labels[group[0] ?? -1];
    const others = classes.get(label);
    if (others === undefined) classes.set(label, [group]);
    else others.push(group);
  }
  return [...classes.values()];
}
