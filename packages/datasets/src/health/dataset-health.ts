import { sha256 } from "@featuremap/files";
import type { Pixels } from "@featuremap/images";
import {
  AbortedError,
  FeaturemapError,
  InvalidConfigError,
  type OptionNames,
  checkOptions,
  isTypedArray,
} from "@featuremap/tensor";
import { checkClassNames } from "../sources/pictures/files/classes.ts";
import { type LabelSuspect, labelSuspects } from "./label-suspects.ts";
import { Groups } from "./groups.ts";
import { perceptualHash } from "./perceptual-hash.ts";
import { type PictureMeasures, measurePicture } from "./picture-measures.ts";
import { type PictureSignature, joinSimilar } from "./similar-pictures.ts";
import { thumbnailOf } from "./thumbnail.ts";

/** A picture to look at. One that cannot be read has `error` in place of `image`. */
export interface HealthExample {
  readonly image?: Pixels | undefined;
  /** Height and width of the file, where the picture was decoded smaller. Default: the picture's. */
  readonly size?: readonly [height: number, width: number] | undefined;
  /** Its class. */
  readonly label?: number | string | null | undefined;
  /** Its file, or any other name. Default: its place. */
  readonly path?: string | undefined;
  /** Why it cannot be read. */
  readonly error?: unknown;
}

/** Pictures, or pictures by the name of their split. */
export type HealthSource =
  | AsyncIterable<HealthExample>
  | Iterable<HealthExample>
  | Readonly<Record<string, AsyncIterable<HealthExample> | Iterable<HealthExample>>>;

/** How {@link datasetHealth} looks at pictures. */
export interface DatasetHealthOptions {
  /** What each class index stands for. */
  readonly classNames?: readonly string[];
  /** For each picture, in order, a model's probabilities of the classes, made without it: finds labels that are probably wrong. */
  readonly probabilities?: readonly ArrayLike<number>[];
  /** Hears of each picture that was looked at. */
  readonly onProgress?: (progress: { readonly pictures: number }) => void;
  readonly signal?: AbortSignal;
}

const healthOptions: OptionNames<DatasetHealthOptions> = {
  classNames: true,
  probabilities: true,
  onProgress: true,
  signal: true,
};

/** A picture, by its place among all and its file. */
export interface PictureReference {
  readonly index: number;
  readonly path: string;
  readonly label: string | null;
  readonly split: string;
}

/** A picture that stands out, and by how much. */
export interface PictureFinding extends PictureReference {
  readonly value: number;
}

/** A picture that cannot be read. */
export interface UnreadablePicture extends PictureReference {
  readonly reason: string;
}

/** What is odd about a dataset; plain JSON. */
export interface DatasetHealth {
  /** Pictures that were read. */
  readonly size: number;
  /** How many pictures each class has in each split. */
  readonly counts: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** Groups of pictures with the same pixels. */
  readonly exactDuplicates: readonly (readonly PictureReference[])[];
  /** Groups of pictures that show the same, the exact ones among them: resized, recompressed, cut at the edges. */
  readonly nearDuplicates: readonly (readonly PictureReference[])[];
  /** Those of the near duplicates' groups whose pictures are in several splits: what is tested was trained on. */
  readonly leaks: readonly (readonly PictureReference[])[];
  /** Those of the near duplicates' groups whose pictures have several labels. */
  readonly conflicts: readonly (readonly PictureReference[])[];
  /** With the sharpness, see {@link PictureMeasures}. */
  readonly blurred: readonly PictureFinding[];
  /** With the brightness of the brightest pixels. */
  readonly dark: readonly PictureFinding[];
  /** With the brightness of the darkest pixels. */
  readonly bright: readonly PictureFinding[];
  /** With the bits of information. */
  readonly lowInformation: readonly PictureFinding[];
  /** With the side of a square of the same area in pixels, far from most pictures'. */
  readonly oddSizes: readonly PictureFinding[];
  /** With the shorter side as a share of the longer. */
  readonly oddAspectRatios: readonly PictureFinding[];
  /** Grey pictures among coloured ones; none where grey is common. */
  readonly grey: readonly PictureReference[];
  readonly unreadable: readonly UnreadablePicture[];
  /** Probably wrong labels, the gravest first; none without `probabilities`. */
  readonly labelSuspects: readonly (PictureReference & Omit<LabelSuspect, "index" | "label">)[];
}

/** From which value on a picture stands out; brightness, information and proportions are cleanvision's. */
const thresholds = {
  brightest: 0.32,
  darkest: 0.95,
  information: 0.3 * 8,
  sharpness: 0.06,
  aspectRatio: 0.35,
  /** Times as large or small as the middle half's bounds. */
  size: 4,
  /** Share of grey pictures above which they belong. */
  greyShare: 0.1,
} as const;

interface Seen extends PictureReference {
  readonly classIndex: number | null;
  readonly digest: string;
  readonly signature: PictureSignature;
  readonly measures: PictureMeasures;
}

/**
 * Looks for what makes training or its figures go wrong: duplicates, leaks between splits, pictures of several classes,
 * pictures in which there is nothing to see, files that cannot be read, labels that are probably wrong.
 *
 * Of each picture a thumbnail of 2 KB is kept. Models: Python's cleanvision and imagehash.
 *
 * @throws {InvalidConfigError} an option or an example is not what it may be.
 * @throws {AbortedError} the signal was raised.
 */
export async function datasetHealth(source: HealthSource, options: DatasetHealthOptions = {}): Promise<DatasetHealth> {
  const owner = "datasetHealth";
  checkOptions(owner, options, healthOptions);
  const { onProgress, signal } = options;
  const classNames = checkClassNames(owner, options.classNames);
  if (onProgress !== undefined && typeof onProgress !== "function") {
    throw new InvalidConfigError(owner, "onProgress", "a function", onProgress);
  }
  const seen: Seen[] = [];
  const unreadable: UnreadablePicture[] = [];
  let index = 0;
  for (const [split, examples] of splitsOf(owner, source)) {
    for await (const example of examples) {
      if (signal?.aborted === true) throw new AbortedError(owner);
      const reference = refer(owner, example, index, split, classNames);
      index += 1;
      if (example.image === undefined) unreadable.push({ ...reference, reason: reasonOf(example.error) });
      else seen.push(await look(example.image, reference, example));
      onProgress?.({ pictures: index });
    }
  }
  return judge(owner, seen, unreadable, options);
}

function splitsOf(
  owner: string,
  source: HealthSource,
): [string, AsyncIterable<HealthExample> | Iterable<HealthExample>][] {
  if (isIterable(source)) return [["all", source]];
  const splits = typeof source === "object" && source !== null ? Object.entries(source) : [];
  const files = [source, ...splits.map(([, examples]) => examples)].find((each) => hasImages(each));
  if (files !== undefined) {
    throw new InvalidConfigError(owner, "source", "its pictures: files.images()", files);
  }
  if (splits.length > 0 && splits.every(([, examples]) => isIterable(examples))) return splits;
  throw new InvalidConfigError(owner, "source", "an iterable of examples, or such iterables by split name", source);
}

/** Whether it is `ImageFiles`, whose pictures are not decoded yet. */
function hasImages(value: unknown): boolean {
  return typeof value === "object" && value !== null && "images" in value && typeof value.images === "function";
}

function isIterable(value: unknown): value is AsyncIterable<HealthExample> | Iterable<HealthExample> {
  return typeof value === "object" && value !== null && (Symbol.asyncIterator in value || Symbol.iterator in value);
}

function refer(
  owner: string,
  example: HealthExample,
  index: number,
  split: string,
  classNames: readonly string[] | undefined,
): PictureReference {
  if (typeof example !== "object" || example === null || (example.image === undefined && example.error === undefined)) {
    const isBatch = typeof example === "object" && example !== null && "x" in example;
    const hint = isBatch ? " (pictures, not batches: those of imageFolders are train.images())" : "";
    throw new InvalidConfigError(
      owner,
      `example ${index}`,
      `{ image, label?, path? }, or { error, path? }${hint}`,
      example,
    );
  }
  const { image, label, size, path = `picture ${index}` } = example;
  if (image !== undefined && !isPicture(image)) {
    const expected = "{ data, width, height } with 1, 3 or 4 bytes for each pixel";
    throw new InvalidConfigError(owner, `image of example ${index} (${path})`, expected, image);
  }
  const isSize = Array.isArray(size) && size.length === 2 && size.every((side) => Number.isInteger(side) && side > 0);
  if (size !== undefined && !isSize) {
    throw new InvalidConfigError(owner, `size of example ${index} (${path})`, "[height, width] in pixels", size);
  }
  const name = typeof label === "number" ? (classNames?.[label] ?? String(label)) : (label ?? null);
  return { index, path, label: name, split };
}

function isPicture(image: unknown): image is Pixels {
  const { data, width, height } = (image ?? {}) as Partial<Pixels>;
  const isSize = [width, height].every((side) => Number.isInteger(side) && Number(side) > 0);
  const isBytes = isTypedArray(data, "Uint8Array", "Uint8ClampedArray");
  return isBytes && isSize && [1, 3, 4].includes(data.length / (Number(width) * Number(height)));
}

async function look(image: Pixels, reference: PictureReference, { label, size }: HealthExample): Promise<Seen> {
  const bytes = new Uint8Array(image.data.buffer, image.data.byteOffset, image.data.byteLength);
  const [height, width] = size ?? [image.height, image.width];
  const digest = `${width} ${height} ${await sha256(bytes)}`;
  const signature = { hash: perceptualHash(image), thumbnail: thumbnailOf(image) };
  const classIndex = typeof label === "number" ? label : null;
  return { ...reference, classIndex, digest, signature, measures: { ...measurePicture(image), width, height } };
}

function judge(
  owner: string,
  seen: readonly Seen[],
  unreadable: readonly UnreadablePicture[],
  { probabilities }: DatasetHealthOptions,
): DatasetHealth {
  const references = seen.map(({ index, path, label, split }): PictureReference => ({ index, path, label, split }));
  const groups = new Groups(seen.length);
  const grouped = (): PictureReference[][] =>
    groups.list().map((group) => group.flatMap((place) => references[place] ?? []));
  joinSame(seen, groups);
  const exactDuplicates = grouped();
  joinSimilar(
    seen.map(({ signature }) => signature),
    groups,
  );
  const nearDuplicates = grouped();
  const findings = (
    value: (measures: PictureMeasures) => number,
    isOdd: (value: number) => boolean,
  ): PictureFinding[] =>
    seen.flatMap(({ measures }, place) => {
      const [reference, measured] = [references[place], value(measures)];
      return reference !== undefined && isOdd(measured) ? [{ ...reference, value: measured }] : [];
    });
  const side = ({ width, height }: PictureMeasures): number => Math.sqrt(width * height);
  const [smallest, largest] = usualSides(seen.map(({ measures }) => side(measures)));
  const grey = references.filter((_, place) => seen[place]?.measures.grey === true);
  return {
    size: seen.length,
    counts: countClasses(references),
    exactDuplicates,
    nearDuplicates,
    leaks: nearDuplicates.filter((group) => new Set(group.map(({ split }) => split)).size > 1),
    conflicts: nearDuplicates.filter((group) => new Set(group.map(({ label }) => label)).size > 1),
    blurred: findings(
      ({ sharpness }) => sharpness,
      (value) => value < thresholds.sharpness,
    ),
    dark: findings(
      ({ brightest }) => brightest,
      (value) => value < thresholds.brightest,
    ),
    bright: findings(
      ({ darkest }) => darkest,
      (value) => value > thresholds.darkest,
    ),
    lowInformation: findings(
      ({ information }) => information,
      (value) => value < thresholds.information,
    ),
    oddSizes: findings(side, (value) => value < smallest || value > largest),
    oddAspectRatios: findings(
      ({ width, height }) => Math.min(width, height) / Math.max(width, height),
      (value) => value < thresholds.aspectRatio,
    ),
    grey: grey.length > thresholds.greyShare * seen.length ? [] : grey,
    unreadable,
    labelSuspects: probabilities === undefined ? [] : suspects(owner, seen, references, probabilities),
  };
}

/** Joins each picture with the first one that has the same pixels. */
function joinSame(seen: readonly Seen[], groups: Groups): void {
  const first = new Map<string, number>();
  for (const [place, { digest }] of seen.entries()) {
    const before = first.get(digest);
    if (before === undefined) first.set(digest, place);
    else groups.join(before, place);
  }
}

/** Bounds outside which a side is odd: {@link thresholds}.size times beyond the quartiles. */
function usualSides(sides: readonly number[]): readonly [number, number] {
  const sorted = sides.toSorted((a, b) => a - b);
  const quartile = (share: number): number => sorted[Math.floor(share * (sorted.length - 1))] ?? 0;
  return [quartile(0.25) / thresholds.size, quartile(0.75) * thresholds.size];
}

function countClasses(references: readonly PictureReference[]): Record<string, Record<string, number>> {
  const counts = new Map<string, Map<string, number>>();
  for (const { split, label } of references) {
    const classes = counts.get(split) ?? new Map<string, number>();
    counts.set(split, classes.set(label ?? "", (classes.get(label ?? "") ?? 0) + 1));
  }
  return Object.fromEntries([...counts].map(([split, classes]) => [split, Object.fromEntries(classes)]));
}

function suspects(
  owner: string,
  seen: readonly Seen[],
  references: readonly PictureReference[],
  probabilities: readonly ArrayLike<number>[],
): DatasetHealth["labelSuspects"] {
  const labels = seen.map(({ classIndex, index }) => {
    if (classIndex !== null) return classIndex;
    throw new InvalidConfigError(owner, `label of example ${index}`, "a class index, as probabilities are given", null);
  });
  const rows = Array.isArray(probabilities) ? seen.flatMap(({ index }) => [probabilities[index] ?? []]) : probabilities;
  return labelSuspects(labels, rows).flatMap(({ index, suggested, margin }) => {
    const reference = references[index];
    return reference === undefined ? [] : [{ ...reference, suggested, margin }];
  });
}

function reasonOf(error: unknown): string {
  if (error instanceof FeaturemapError || error instanceof Error) return error.message;
  return typeof error === "string" ? error : "it cannot be read";
}
