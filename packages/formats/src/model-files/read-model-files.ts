import { openLocation } from "#storage";
import { type ReadOptions, sha256, throwIfAborted } from "@featuremap/files";
import { type Model, type ModelLimits, deserializeModel } from "@featuremap/layers";
import { FormatError, type HostArray, InvalidConfigError, type Shape, describeValue } from "@featuremap/tensor";
import type { ByteSource } from "../reading/byte-source.ts";
import {
  type BundleFiles,
  type ModelReader,
  type PartHash,
  documentName,
  readFromFiles,
} from "../reading/model-reader.ts";
import { kindBytes } from "../reading/file-kind.ts";
import { headerLength } from "../safetensors/safetensors-header.ts";
import { decodeWeights, decodeWeightsInParts } from "./decode-weights.ts";
import type { ResolvedFileLimits } from "./file-limits.ts";
import type { ModelDocument, WeightsFile } from "./model-document.ts";

/** How far loading has come. */
export interface LoadProgress {
  /** Bytes of all files that have arrived. */
  readonly loadedBytes: number;
  /** Bytes of all files, or undefined while that is not known. */
  readonly totalBytes: number | undefined;
}

/** How to read files. */
export interface LoadingOptions {
  /** Stops the download. */
  readonly signal?: AbortSignal | undefined;
  /** Called as bytes arrive. */
  readonly onProgress?: ((progress: LoadProgress) => void) | undefined;
}

/** A model's files, of which the document has been read. */
interface OpenedFiles {
  /** The document's path or address, for errors. */
  readonly source: string;
  readonly document: Uint8Array;
  /** The tensors of files, in which no name stands twice. Progress has a total once the last file is read. */
  readonly readTensors: (files: readonly WeightsFile[], areLast: boolean) => Promise<Map<string, HostArray>>;
}

/**
 * Opens a model's files and reads the document.
 *
 * @param owner who reads, for the error
 * @throws {InvalidConfigError} the location is not a path, an address that can be read, or files; or an option is not what
 * it may be.
 * @throws {UnavailableError} a file is absent or cannot be reached.
 * @throws {FormatError} a file is damaged or altered, or longer than the limits.
 * @throws {AbortedError} the signal was raised.
 */
export async function openModelFiles(
  owner: string,
  location: string | URL | BundleFiles,
  { signal, onProgress }: LoadingOptions,
  { documentBytes, weightsBytes }: ResolvedFileLimits,
): Promise<OpenedFiles> {
  checkSignalAndProgress(owner, signal, onProgress);
  const reader = await open(owner, location);
  let before = 0;
  const read = async (file: string, isLast: boolean, limit: Limit): Promise<Uint8Array> => {
    const report = (loaded: number, total?: number): void =>
      onProgress?.({
        loadedBytes: before + loaded,
        totalBytes: isLast && total !== undefined ? before + total : undefined,
      });
    const bytes = await reader.read(file, { signal, onProgress: report, ...limit });
    before += bytes.length;
    return bytes;
  };
  const document = await read(documentName, false, { limit: documentBytes, limitName: "limits.documentBytes" });
  let left = weightsBytes;
  const readTensors: OpenedFiles["readTensors"] = async (files, areLast) => {
    const tensors = new Map<string, HostArray>();
    for (const entry of files) {
      const isLast = areLast && entry === files.at(-1);
      const limit = { limit: left, limitName: "limits.weightsBytes" };
      const { hash } = reader;
      const file = hash && (await reader.open(entry.file, { signal, ...limit }));
      try {
        if (hash !== undefined && file !== undefined && file.size > mostWhole) {
          const report = (loaded: number): void =>
            onProgress?.({
              loadedBytes: before + loaded,
              totalBytes: isLast ? before + file.size : undefined,
            });
          await checkInParts(file, entry, hash(), signal, report);
          before += file.size;
          left -= file.size;
          addAll(await decodeWeightsInParts(file), file.name, tensors);
          continue;
        }
      } finally {
        await file?.close();
      }
      const bytes = await read(entry.file, isLast, limit);
      left -= bytes.length;
      await collectTensors(reader, entry, bytes, tensors);
    }
    return tensors;
  };
  return { source: reader.describe(documentName), document, readTensors };
}

/** Longer files are read in parts where they can be. */
const mostWhole = 2 ** 26;
const partBytes = 2 ** 23;

/** @throws {FormatError} its SHA-256 is another one. @throws {AbortedError} the signal was raised. */
async function checkInParts(
  file: ByteSource,
  { sha256: expected }: WeightsFile,
  hash: PartHash,
  signal: AbortSignal | undefined,
  report: (loaded: number) => void,
): Promise<void> {
  headerLength(await file.read(0, Math.min(kindBytes, file.size)), file.size, file.name);
  for (let begin = 0; begin < file.size; begin += partBytes) {
    throwIfAborted(file.name, signal);
    const end = Math.min(begin + partBytes, file.size);
    hash.update(await file.read(begin, end));
    report(end);
  }
  checkDigest(hash.digest("hex"), expected, file.name);
}

function checkDigest(digest: string, expected: string, source: string): void {
  if (digest !== expected) throw new FormatError(source, "SHA-256", `${expected}, as model.json says`, digest);
}

type Limit = Pick<ReadOptions, "limit" | "limitName">;

/**
 * The network, with weights still to be filled.
 *
 * @param inputShape what it will be given, where it leaves lengths open
 * @throws {FormatError} it is damaged, asks for more than the limits, or does not say its input shape.
 */
export function makeModel(
  { model: config }: ModelDocument,
  source: string,
  limits: ModelLimits,
  inputShape?: Shape,
): Model {
  const model = deserializeModel(config, source, { limits, inputShape });
  if (!model.connected) throw new FormatError(source, "model", "one with an input shape", "none");
  return model;
}

/** @throws {InvalidConfigError} one of them is not what it may be. */
export function checkSignalAndProgress(owner: string, signal: unknown, onProgress: unknown): void {
  if (signal !== undefined && !(signal instanceof AbortSignal)) {
    throw new InvalidConfigError(owner, "signal", "an AbortSignal", signal);
  }
  if (onProgress !== undefined && typeof onProgress !== "function") {
    throw new InvalidConfigError(owner, "onProgress", "a function", onProgress);
  }
}

async function open(owner: string, location: string | URL | BundleFiles): Promise<ModelReader> {
  if (typeof location === "string" || location instanceof URL) return openLocation(location);
  // What plain JavaScript may hand over; a Map of another realm counts too.
  const files: unknown = location;
  if (typeof files !== "object" || files === null || !("keys" in files && "get" in files)) {
    throw new InvalidConfigError(owner, "location", "a path, an address, or a map of files", location);
  }
  return readFromFiles(location);
}

async function collectTensors(
  reader: ModelReader,
  { file, sha256: expected }: WeightsFile,
  bytes: Uint8Array,
  into: Map<string, HostArray>,
): Promise<void> {
  const source = reader.describe(file);
  // Before the digest of a file that may be large.
  headerLength(bytes, bytes.length, source);
  checkDigest(await sha256(bytes), expected, source);
  addAll(decodeWeights(bytes, source), source, into);
}

function addAll(tensors: ReadonlyMap<string, HostArray>, source: string, into: Map<string, HostArray>): void {
  for (const [name, tensor] of tensors) {
    if (into.has(name))
      throw new FormatError(source, "tensors", "different from those of earlier files", describeValue(name));
    into.set(name, tensor);
  }
}
