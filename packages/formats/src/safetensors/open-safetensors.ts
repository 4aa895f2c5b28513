import { besideLocation } from "#storage";
import {
  FormatError,
  InvalidConfigError,
  type OptionNames,
  UnavailableError,
  checkOptions,
  describeValue,
} from "@featuremap/tensor";
import { resolveFileLimits } from "../model-files/file-limits.ts";
import { type LoadingOptions, checkSignalAndProgress } from "../model-files/read-model-files.ts";
import type { ByteSource } from "../reading/byte-source.ts";
import type { BundleFiles } from "../reading/model-reader.ts";
import { inParallel } from "../reading/in-parallel.ts";
import { type FileLocation, openBytes } from "../reading/open-bytes.ts";
import type { StoredTensor, TensorStore } from "../tensors/tensor-store.ts";
import { LoadingProgress } from "./loading-progress.ts";
import { readStoredTensors } from "./safetensors-store.ts";
import { parseShardIndex } from "./shard-index.ts";

/** How to open safetensors. */
export interface OpenSafetensorsOptions extends LoadingOptions {
  /** How much may be loaded. */
  readonly limits?: { readonly weightsBytes?: number | undefined } | undefined;
}

const owner = "openSafetensors";
const optionNames: OptionNames<OpenSafetensorsOptions> = { signal: true, onProgress: true, limits: true };
const indexEnd = ".safetensors.index.json";
/** Shards that are opened, and from an address loaded, at the same time. */
const atOnce = 4;

/** Opens the file named, without a name the one that was asked for. */
type Open = (file?: string) => Promise<ByteSource>;

/**
 * Opens a safetensors file, or the `model.safetensors.index.json` of one in shards, without reading its tensors. Whoever
 * opens it closes it.
 *
 * Of a path or a Blob only the header comes into memory, and each tensor when it is read: the file may have any length
 * unless `limits.weightsBytes` is given. What is at an address is loaded whole, several shards at a time, up to
 * `limits.weightsBytes` in total (default: 2 GiB less one); `onProgress` hears of it.
 *
 * @param location a path in Node, an address, bytes, or a Blob; of shards also the index and its files by name
 * @throws {InvalidConfigError} the location or an option is not what it may be.
 * @throws {UnavailableError} a file is absent or cannot be reached.
 * @throws {FormatError} a file breaks a rule of the format, holds 8-bit floats, is longer than the limit, or does not hold
 * what the index says.
 * @throws {AbortedError} the signal was raised.
 */
export async function openSafetensors(
  location: FileLocation | BundleFiles,
  options: OpenSafetensorsOptions = {},
): Promise<TensorStore> {
  checkOptions(owner, options, optionNames);
  const { signal, onProgress, limits = {} } = options;
  checkSignalAndProgress(owner, signal, onProgress);
  checkOptions("limits", limits, { weightsBytes: true });
  resolveFileLimits(limits);
  const stop = new AbortController();
  const stopAll = (): void => stop.abort(signal?.reason);
  if (signal?.aborted) stopAll();
  signal?.addEventListener("abort", stopAll);
  const progress = new LoadingProgress(limits.weightsBytes, stop.signal, onProgress);
  const opened: ByteSource[] = [];
  const open: Open = async (file) => {
    const place = isFiles(location) ? among(location, file) : await beside(location, file);
    const source = await openBytes(owner, place, progress.next(file ?? "the file"));
    opened.push(source);
    return source;
  };
  const close = async (): Promise<void> => void (await Promise.all(opened.map((source) => source.close())));
  try {
    const first = await open();
    const tensors = (await isText(first))
      ? await readShards(first, open, progress, stop)
      : await readStoredTensors(first);
    return { source: first.name, tensors, close };
  } catch (error) {
    await close();
    throw error;
  } finally {
    signal?.removeEventListener("abort", stopAll);
  }
}

/** A safetensors file begins with a length far below 2^56, whose last byte is 0; JSON has no such bytes. */
async function isText(source: ByteSource): Promise<boolean> {
  const start = await source.read(0, Math.min(8, source.size));
  return start[0] === 0x7b && start.at(-1) !== 0;
}

async function readShards(
  index: ByteSource,
  open: Open,
  progress: LoadingProgress,
  stop: AbortController,
): Promise<Map<string, StoredTensor>> {
  const { documentBytes } = resolveFileLimits();
  if (index.size > documentBytes) {
    throw new FormatError(index.name, "size", `at most ${documentBytes} bytes`, `${index.size}`);
  }
  const shards = parseShardIndex(await index.read(0, index.size), index.name);
  progress.expected += shards.size;
  const found = await inParallel(
    [...shards],
    atOnce,
    async ([file, names]) => {
      const source = await open(file);
      const tensors = await readStoredTensors(source);
      checkNames(tensors, names, source.name);
      return tensors;
    },
    () => stop.abort(),
  );
  return new Map(found.flatMap((tensors) => [...tensors]));
}

function checkNames(tensors: ReadonlyMap<string, StoredTensor>, names: ReadonlySet<string>, source: string): void {
  for (const name of names) {
    if (tensors.has(name)) continue;
    throw new FormatError(source, `tensor ${describeValue(name)}`, "in it, as the index says", "nothing");
  }
  for (const name of tensors.keys()) {
    if (names.has(name)) continue;
    throw new FormatError(source, "tensors", "those that the index lists for it", describeValue(name));
  }
}

function isFiles(location: FileLocation | BundleFiles): location is BundleFiles {
  return location instanceof Map;
}

async function beside(location: FileLocation, file: string | undefined): Promise<FileLocation> {
  if (file === undefined) return location;
  if (typeof location === "string" || location instanceof URL) return besideLocation(location, file);
  throw new InvalidConfigError(owner, "location", "the index with its shards by name, for it is in shards", location);
}

/** One of the files at hand: the index, where there is no name. */
function among(files: BundleFiles, file: string | undefined): Uint8Array | Blob {
  const indexes = [...files.keys()].filter((name) => name.endsWith(indexEnd));
  const [index] = indexes;
  if (index === undefined || indexes.length > 1) {
    throw new InvalidConfigError(owner, "location", `files with one that ends in ${indexEnd}`, [...files.keys()]);
  }
  const name = file === undefined ? index : index.slice(0, index.lastIndexOf("/") + 1) + file;
  const content = files.get(name);
  if (content !== undefined) return content;
  throw new UnavailableError(`The shard ${name} is missing`, "Give the index with all of its shards.");
}
