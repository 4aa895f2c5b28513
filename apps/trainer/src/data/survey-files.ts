import { type FileHandle, open } from "node:fs/promises";
import type { FileExample, ImageFiles } from "@featuremap/datasets";
import { type ImageHeader, readImageHeader } from "@featuremap/images";
import { AbortedError, FeaturemapError } from "@featuremap/tensor";
import { colourModeOf } from "./colour-mode.ts";
import type { LeftOut } from "./part.ts";

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
  /** Files that are no pictures by their heads. */
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

/** Bytes that tell nearly every file's size; of others all are read. */
const headLength = 2 ** 14;
/** Files that are read at once. */
const concurrency = 16;

interface Seen {
  readonly bytes: number;
  readonly format: string;
  readonly colours: string;
  readonly size: readonly [width: number, height: number] | undefined;
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
  if (example.file === undefined) {
    const contents = await example.contents();
    if (contents instanceof Uint8Array) return seenOf(example.path, contents, contents, contents.length);
    const { data, width, height } = contents;
    const colours = { 1: "grey", 3: "colour", 4: "colour with alpha" }[data.length / (width * height)] ?? "not told";
    return { bytes: data.length, format: "pixels", colours, size: [width, height] };
  }
  const file = await open(example.file);
  try {
    const { size } = await file.stat();
    const head = await readHead(file, Math.min(size, headLength));
    const { width } = readImageHeader(head);
    const enough = width === undefined && size > head.length ? await readHead(file, size) : head;
    return await seenOf(example.path, enough, example.file, size);
  } finally {
    await file.close();
  }
}

async function readHead(file: FileHandle, length: number): Promise<Uint8Array> {
  const { bytesRead, buffer } = await file.read(new Uint8Array(length), 0, length, 0);
  return buffer.subarray(0, bytesRead);
}

async function seenOf(
  path: string,
  head: Uint8Array,
  source: string | Uint8Array,
  bytes: number,
): Promise<Seen | LeftOut> {
  const header = readImageHeader(head);
  const { kind } = header;
  if (bytes === 0) return { path, reason: "It is empty." };
  if (kind === undefined) return { path, reason: "It is no picture of a format that is read here." };
  if (!kind.isRead) {
    return { path, reason: `It is ${kind.name}, which is not read here${kind.remedy ? `: ${kind.remedy}` : ""}.` };
  }
  return { bytes, format: kind.name, colours: await colourModeOf(kind.name, head, source), size: upright(header) };
}

function upright({ width, height, orientation }: ImageHeader): Seen["size"] {
  if (!width || !height) return undefined;
  return orientation > 4 ? [height, width] : [width, height];
}

function reasonFor({ path }: FileExample, error: unknown): LeftOut {
  if (error instanceof FeaturemapError) return { path, reason: error.message };
  const { code } = error as NodeJS.ErrnoException;
  if (code === undefined) throw error;
  return { path, reason: code === "ENOENT" ? "It is not there." : `It cannot be read (${code}).` };
}

/** How often each text occurs, the commonest first. */
function counted(texts: readonly string[]): Record<string, number> {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return Object.fromEntries([...counts].toSorted(([, one], [, other]) => other - one));
}

function sizesOf(sizes: readonly (readonly [width: number, height: number])[]): SizeSurvey | undefined {
  if (sizes.length === 0) return undefined;
  const counts = counted(sizes.map((size) => size.join("x")));
  const [[common = "", files = 0] = []] = Object.entries(counts);
  const [width = 0, height = 0] = common.split("x").map(Number);
  return {
    width: spreadOf(sizes.map(([each]) => each)),
    height: spreadOf(sizes.map(([, each]) => each)),
    different: Object.keys(counts).length,
    commonest: { width, height, files },
  };
}

function spreadOf(numbers: readonly number[]): Spread {
  const sorted = numbers.toSorted((a, b) => a - b);
  return { least: sorted[0] ?? 0, median: sorted[Math.floor(sorted.length / 2)] ?? 0, most: sorted.at(-1) ?? 0 };
}
