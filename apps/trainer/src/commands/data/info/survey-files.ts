import type { FileExample, ImageFiles } from "@featuremap/datasets";
import { reasonOf } from "@featuremap/files";
import { AbortedError, FeaturemapError } from "@featuremap/tensor";
import { readHeader, uprightSize } from "../../../data/file-header.ts";
import { colourModeOf } from "./colour-mode.ts";
import type { LeftOut } from "../../../data/part.ts";

/** What the heads of files tell. */
export interface FileSurvey {
  readonly files: number;
  /** Of all files; of pictures in memory, of their pixels. */
  readonly bytes: number;
  /** How many files are of each format, the commonest first. */
  readonly formats: Readonly<Record<string, number>>;
  /** How many keep colours in which way, the commonest first. */
  readonly colours: Readonly<Record<string, number>>;
  /** Undefined where no size is known. */
  readonly sizes: SizeSurvey | undefined;
  /** Files that are not pictures by their heads. */
  readonly damaged: readonly LeftOut[];
}

/** Sizes of pictures as they stand upright. */
export interface SizeSurvey {
  readonly width: Spread;
  readonly height: Spread;
  /** How many sizes there are. */
  readonly different: number;
  readonly commonest: { readonly width: number; readonly height: number; readonly files: number };
}

/** The least, the middle and the most of some numbers. */
export interface Spread {
  readonly least: number;
  readonly median: number;
  readonly most: number;
}

/** Files that are read at once. */
const concurrency = 16;

interface Seen {
  readonly bytes: number;
  readonly format: string;
  readonly colours: string;
  readonly size: readonly [height: number, width: number] | undefined;
}

/**
 * Looks at the head of every file. Nothing is decoded: what is damaged further on is not found.
 *
 * @param onProgress hears how many were looked at
 * @throws {AbortedError} the signal was raised.
 */
export async function surveyFiles(
  parts: readonly ImageFiles[],
  {
    signal,
    onProgress,
  }: { readonly signal?: AbortSignal | undefined; readonly onProgress?: (done: number) => void } = {},
): Promise<FileSurvey> {
  const seen: Seen[] = [];
  const damaged: LeftOut[] = [];
  const examples = examplesOf(parts);
  let bytes = 0;
  let done = 0;
  const look = async (): Promise<void> => {
    for (const example of examples) {
      if (signal?.aborted === true) throw new AbortedError("data info");
      const found = await lookAt(example).catch((error: unknown) => reasonFor(example, error));
      if ("reason" in found) damaged.push(found);
      else seen.push(found);
      bytes += "bytes" in found ? found.bytes : 0;
      done += 1;
      onProgress?.(done);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, look));
  return {
    files: done,
    bytes,
    formats: counted(seen.map(({ format }) => format)),
    colours: counted(seen.map(({ colours }) => colours)),
    sizes: sizesOf(seen.flatMap(({ size }) => (size === undefined ? [] : [size]))),
    damaged: damaged.toSorted((one, other) => (one.path < other.path ? -1 : 1)),
  };
}

function* examplesOf(parts: readonly ImageFiles[]): Generator<FileExample> {
  for (const files of parts) {
    for (let place = 0; place < files.size; place++) yield files.at(place);
  }
}

async function lookAt(example: FileExample): Promise<Seen | LeftOut> {
  const { path } = example;
  const found = await readHeader(example);
  if ("data" in found) {
    const { data, width, height } = found;
    const colours = { 1: "grey", 3: "colour", 4: "colour with alpha" }[data.length / (width * height)] ?? "not told";
    return { bytes: data.length, format: "pixels", colours, size: [height, width] };
  }
  const { header, head, source, bytes } = found;
  const { kind } = header;
  if (bytes === 0) return { path, reason: "It is empty." };
  if (kind === undefined) return { path, reason: "It is not a picture of a format that is read here." };
  if (!kind.isRead) {
    return { path, reason: `It is ${kind.name}, which is not supported${kind.remedy ? `: ${kind.remedy}` : ""}.` };
  }
  return { bytes, format: kind.name, colours: await colourModeOf(kind.name, head, source), size: uprightSize(header) };
}

function reasonFor({ path }: FileExample, error: unknown): LeftOut {
  if (error instanceof FeaturemapError) return { path, reason: error.message };
  const { code } = error as NodeJS.ErrnoException;
  if (code === undefined) throw error;
  return { path, reason: code === "ENOENT" ? "It is not there." : `It cannot be read: ${reasonOf(error)}.` };
}

/** How often each text occurs, the commonest first. */
function counted(texts: readonly string[]): Record<string, number> {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return Object.fromEntries([...counts].toSorted(([, one], [, other]) => other - one));
}

function sizesOf(sizes: readonly (readonly [height: number, width: number])[]): SizeSurvey | undefined {
  if (sizes.length === 0) return undefined;
  const counts = counted(sizes.map((size) => size.join("x")));
  const [common, files] = Object.entries(counts)[0] ?? ["", 0];
  const [height = 0, width = 0] = common.split("x").map(Number);
  return {
    width: spreadOf(sizes.map(([, each]) => each)),
    height: spreadOf(sizes.map(([each]) => each)),
    different: Object.keys(counts).length,
    commonest: { width, height, files },
  };
}

function spreadOf(numbers: readonly number[]): Spread {
  const sorted = numbers.toSorted((a, b) => a - b);
  return { least: sorted[0] ?? 0, median: sorted[Math.floor(sorted.length / 2)] ?? 0, most: sorted.at(-1) ?? 0 };
}
