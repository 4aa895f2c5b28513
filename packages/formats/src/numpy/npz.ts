import {
  FormatError,
  type HostArray,
  InvalidConfigError,
  type OptionNames,
  checkOptions,
  describeValue,
} from "@featuremap/tensor";
import { resolveFileLimits } from "../model-files/file-limits.ts";
import { type LoadingOptions, checkSignalAndProgress } from "../model-files/read-model-files.ts";
import type { ByteSource } from "../reading/byte-source.ts";
import { describeKind, fileKind, kindBytes } from "../reading/file-kind.ts";
import { type FileLocation, openBytes } from "../reading/open-bytes.ts";
import { toFloat32 } from "../tensors/element-types.ts";
import type { StoredTensor, TensorStore } from "../tensors/tensor-store.ts";
import { encodeZip } from "../zip/encode-zip.ts";
import { type ZipEntry, openZip } from "../zip/open-zip.ts";
import { type EncodeNpyOptions, npyOptionNames, writeNpy } from "./encode-npy.ts";
import { longestNpyHeader, readNpyHeader } from "./npy-header.ts";
import { littleEndian, rowMajor } from "./npy.ts";

/** How to open a `.npz` file. */
export interface OpenNpzOptions extends LoadingOptions {
  /** How much it may hold. */
  readonly limits?: { readonly weightsBytes?: number | undefined } | undefined;
}

const openOptionNames: OptionNames<OpenNpzOptions> = { signal: true, onProgress: true, limits: true };
const ending = ".npy";
const longestName = 10_000;

/**
 * Opens a file of arrays as NumPy's `savez` and `savez_compressed` write it. An array comes into memory when it is read.
 * Whoever opens the file closes it.
 *
 * `limits.weightsBytes` (2 GiB less one) bounds all arrays together, unpacked.
 *
 * @param location a path in Node, an address, bytes, or a Blob
 * @throws {InvalidConfigError} the location or an option is not what it may be.
 * @throws {UnavailableError} the file is absent or cannot be reached.
 * @throws {FormatError} it is not such a file, is damaged, holds more than the limit, or other elements than booleans,
 * integers and floats of up to 64 bits, such as Python objects.
 * @throws {AbortedError} the signal was raised.
 */
export async function openNpz(location: FileLocation, options: OpenNpzOptions = {}): Promise<TensorStore> {
  checkOptions("openNpz", options, openOptionNames);
  const { signal, onProgress, limits = {} } = options;
  checkSignalAndProgress("openNpz", signal, onProgress);
  checkOptions("limits", limits, { weightsBytes: true });
  const { weightsBytes } = resolveFileLimits(limits);
  const source = await openBytes("openNpz", location, {
    limit: weightsBytes,
    limitName: "limits.weightsBytes",
    signal,
    onProgress: (loadedBytes, totalBytes) => onProgress?.({ loadedBytes, totalBytes }),
  });
  try {
    const kind = fileKind(await source.read(0, Math.min(kindBytes, source.size)));
    const isOther = kind !== undefined && kind !== "npz" && kind !== "zip";
    if (isOther) throw new FormatError(source.name, "the file", describeKind("npz"), describeKind(kind));
    const tensors = await storedArrays(source, weightsBytes, signal);
    return { source: source.name, tensors, close: () => source.close() };
  } catch (error) {
    await source.close();
    throw error;
  }
}

async function storedArrays(
  source: ByteSource,
  limit: number,
  signal: AbortSignal | undefined,
): Promise<Map<string, StoredTensor>> {
  const { entries } = await openZip(source, { bytes: limit, limitName: "limits.weightsBytes", signal });
  const total = [...entries.values()].reduce((sum, { size }) => sum + size, 0);
  if (total > limit)
    throw new FormatError(source.name, "arrays", `at most ${limit} bytes (limits.weightsBytes)`, `${total}`);
  const tensors = new Map<string, StoredTensor>();
  for (const entry of entries.values()) {
    if (!entry.name.endsWith(ending)) {
      throw new FormatError(source.name, "files", `arrays (${ending})`, describeValue(entry.name));
    }
    tensors.set(entry.name.slice(0, -ending.length), await storedArray(entry, `${source.name}: ${entry.name}`));
  }
  return tensors;
}

/** The entry is read again with its array, for a packed one stays in memory while it is open. */
async function storedArray(entry: ZipEntry, source: string): Promise<StoredTensor> {
  const opened = await entry.open();
  const start = await opened.read(0, Math.min(longestNpyHeader, opened.size));
  const header = readNpyHeader(start, opened.size, source);
  return {
    shape: header.shape,
    type: header.type,
    async read() {
      const bytes = (await entry.read()).subarray(header.dataStart);
      const values = toFloat32(littleEndian(bytes, header), header.type, source, "array");
      return rowMajor(values, header);
    },
  };
}

/** How to write a `.npz` file. */
export interface EncodeNpzOptions extends EncodeNpyOptions {
  /** As `savez_compressed` does. Default: false. */
  readonly compressed?: boolean | undefined;
}

const encodeOptionNames: OptionNames<EncodeNpzOptions> = { ...npyOptionNames, compressed: true };

/**
 * Writes arrays as one file for NumPy's `load`.
 *
 * @throws {InvalidConfigError} what is given is not host arrays by name, or a number is beyond the type asked for.
 */
export async function encodeNpz(
  arrays: ReadonlyMap<string, HostArray>,
  options: EncodeNpzOptions = {},
): Promise<Uint8Array<ArrayBuffer>> {
  const owner = "encodeNpz";
  checkOptions(owner, options, encodeOptionNames);
  const { dtype, compressed = false } = options;
  if (!(arrays instanceof Map)) throw new InvalidConfigError(owner, "arrays", "a Map of host arrays by name", arrays);
  if (typeof compressed !== "boolean") throw new InvalidConfigError(owner, "compressed", "true or false", compressed);
  const files = new Map<string, Uint8Array>();
  for (const [name, array] of arrays) {
    if (!isArrayName(name)) throw new InvalidConfigError(owner, "names of arrays", "paths within the file", name);
    files.set(name + ending, writeNpy(owner, `array ${describeValue(name)}`, array, dtype));
  }
  return encodeZip(files, { stored: !compressed });
}

/** Whether a name is one that {@link openNpz} reads: no other reader of archives could be led astray by it. */
function isArrayName(name: unknown): boolean {
  if (typeof name !== "string" || name.length > longestName || /\p{Surrogate}/u.test(name)) return false;
  return name.split("/").every((part) => !["", ".", ".."].includes(part)) && /^(?![a-z]:|\/)[^\\\0]+$/i.test(name);
}
