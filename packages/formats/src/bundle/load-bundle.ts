import { openLocation } from "#storage";
import { type ReadOptions, sha256 } from "@featuremap/files";
import { channelCount } from "@featuremap/images";
import { type Model, type ModelLimits, deserializeModel } from "@featuremap/layers";
import {
  FormatError,
  type HostArray,
  InvalidConfigError,
  type OptionNames,
  checkOptions,
  describeValue,
} from "@featuremap/tensor";
import type { ModelBundle } from "./bundle.ts";
import { type BundleLimits, checkPixels, resolveBundleLimits } from "./bundle-limits.ts";
import { type BundleFiles, type BundleReader, readFromFiles } from "../reading/bundle-reader.ts";
import { findMisfit } from "./check-fit.ts";
import { fillWeights } from "../model-files/fill-weights.ts";
import {
  type ModelDocument,
  type WeightsFile,
  documentName,
  parseModelDocument,
} from "../model-files/model-document.ts";
import { decodeSafetensors } from "../safetensors/safetensors.ts";
import { headerLength } from "../safetensors/safetensors-header.ts";

/** How far loading has come. */
export interface LoadProgress {
  /** Bytes of all files that have arrived. */
  readonly loadedBytes: number;
  /** Bytes of all files, or undefined while that is not known. */
  readonly totalBytes: number | undefined;
}

/** How to load a bundle. */
export interface LoadBundleOptions {
  /** Stops the download. */
  readonly signal?: AbortSignal | undefined;
  /** Called as bytes arrive. */
  readonly onProgress?: ((progress: LoadProgress) => void) | undefined;
  /** How much the bundle may ask for. */
  readonly limits?: BundleLimits | undefined;
}

const optionNames: OptionNames<LoadBundleOptions> = { signal: true, onProgress: true, limits: true };

/**
 * Loads a bundle, checks all of it, and only then makes the model.
 *
 * Checked are format and version, the checksum of every weights file, the safetensors rules, and that weights,
 * preprocessing and labels fit the model. No tensor is made: weights stay on the host until the model first runs, so
 * the device may be opened before or after. `limits` bounds the bytes, pixels, calls of layers and elements that a file
 * asks for, and the operations of a pass for one picture of the described size.
 *
 * @param location a folder or `model.json`: a path in Node, an http(s) address, in a page also a relative one; or the
 * files themselves
 * @throws {InvalidConfigError} the location is not a path, an address that can be read, or files; or an option is
 * unknown or not what it may be.
 * @throws {UnavailableError} a file is absent or cannot be reached.
 * @throws {FormatError} a file is damaged, altered, of another version, or does not fit the others, or asks for more than the limits.
 * @throws {AbortedError} the signal was raised.
 */
export async function loadBundle(
  location: string | URL | BundleFiles,
  options: LoadBundleOptions = {},
): Promise<ModelBundle> {
  checkOptions("loadBundle", options, optionNames);
  const { signal, onProgress } = options;
  checkSignalAndProgress(signal, onProgress);
  const limits = resolveBundleLimits(options.limits);
  const reader = await open(location);
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
  const source = reader.describe(documentName);
  const { documentBytes, weightsBytes, pixels } = limits;
  const text = await read(documentName, false, { limit: documentBytes, limitName: "limits.documentBytes" });
  const document = parseModelDocument(text, source);
  checkPixels(document.preprocessing, pixels, source);
  const tensors = new Map<string, HostArray>();
  let left = weightsBytes;
  for (const entry of document.weights) {
    const isLast = entry === document.weights.at(-1);
    const bytes = await read(entry.file, isLast, { limit: left, limitName: "limits.weightsBytes" });
    left -= bytes.length;
    await collectTensors(reader, entry, bytes, tensors);
  }
  const { preprocessing, labels, outputs, metrics, provenance } = document;
  const model = makeModel(document, source, limits.model);
  fillWeights(model, tensors, source);
  return { model, preprocessing, labels, outputs, metrics, provenance };
}

type Limit = Pick<ReadOptions, "limit" | "limitName">;

function checkSignalAndProgress(signal: unknown, onProgress: unknown): void {
  if (signal !== undefined && !(signal instanceof AbortSignal)) {
    throw new InvalidConfigError("loadBundle", "signal", "an AbortSignal", signal);
  }
  if (onProgress !== undefined && typeof onProgress !== "function") {
    throw new InvalidConfigError("loadBundle", "onProgress", "a function", onProgress);
  }
}

async function open(location: string | URL | BundleFiles): Promise<BundleReader> {
  if (typeof location === "string" || location instanceof URL) return openLocation(location);
  // What plain JavaScript may hand over; a Map of another realm counts too.
  const files: unknown = location;
  if (typeof files !== "object" || files === null || !("keys" in files && "get" in files)) {
    throw new InvalidConfigError("loadBundle", "location", "a path, an address, or a map of files", location);
  }
  return readFromFiles(location);
}

/** The network, with weights still to be filled; preprocessing and labels are known to fit it. */
function makeModel(
  { model: config, preprocessing, labels }: ModelDocument,
  source: string,
  limits: ModelLimits,
): Model {
  const { size, channels } = preprocessing;
  const inputShape = [1, ...size, channelCount(channels)];
  const model = deserializeModel(config, source, { limits, inputShape });
  if (!model.connected) throw new FormatError(source, "model", "one that says its input shape", "none");
  const misfit = findMisfit(model, preprocessing, labels);
  if (misfit !== undefined) throw new FormatError(source, misfit.what, misfit.expected, misfit.found);
  return model;
}

async function collectTensors(
  reader: BundleReader,
  { file, sha256: expected }: WeightsFile,
  bytes: Uint8Array,
  into: Map<string, HostArray>,
): Promise<void> {
  const source = reader.describe(file);
  // Before the digest of a file that may be large.
  headerLength(bytes, source);
  const digest = await sha256(bytes);
  if (digest !== expected) throw new FormatError(source, "SHA-256", `${expected}, as model.json says`, digest);
  for (const [name, tensor] of decodeSafetensors(bytes, source)) {
    if (into.has(name))
      throw new FormatError(source, "tensors", "other than those of the files before", describeValue(name));
    into.set(name, tensor);
  }
}
