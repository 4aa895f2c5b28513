import { openLocation } from "#storage";
import { isBlob } from "@featuremap/files";
import { FormatError, type OptionNames, UnavailableError, checkOptions, isTypedArray } from "@featuremap/tensor";
import type { ImportedModel } from "../imported-model.ts";
import { resolveFileLimits } from "../model-files/file-limits.ts";
import { checkSignalAndProgress } from "../model-files/read-model-files.ts";
import type { ByteSource } from "../reading/byte-source.ts";
import { type BundleFiles, type ModelReader, documentName, readFromFiles } from "../reading/model-reader.ts";
import { type FileLocation, openBytes } from "../reading/open-bytes.ts";
import type { ImportModelOptions, ModelFormat } from "./format-options.ts";
import { formats } from "./formats.ts";
import { known, recognize, refuseLocation } from "./recognize.ts";

/** Where a model is: a path or address of its file or folder; the file; or its files, as a page's chooser gives them. */
export type ModelLocation = FileLocation | BundleFiles | readonly File[];

/** A model, and the format that it was found in. */
export interface AnyModel extends ImportedModel {
  readonly format: ModelFormat;
}

const owner = "importModel";
const optionNames: OptionNames<ImportModelOptions> = { signal: true, onProgress: true, limits: true };

/**
 * Loads a model of any format that is known here, which its first bytes tell: a bundle, `.keras`, `.h5`, ONNX, or a layers-model
 * of TensorFlow.js. Only what reads that format is loaded.
 *
 * @throws {InvalidConfigError} the location or an option is not what it may be.
 * @throws {UnavailableError} a file is absent or cannot be reached.
 * @throws {FormatError} it is of no such format, or as the reader of its format says.
 * @throws {AbortedError} the signal was raised.
 */
export async function importModel(location: ModelLocation, options: ImportModelOptions = {}): Promise<AnyModel> {
  checkOptions(owner, options, optionNames);
  const { signal, onProgress } = options;
  checkSignalAndProgress(owner, signal, onProgress);
  const { documentBytes } = resolveFileLimits(options.limits);
  const { source, place } = await find(location, options);
  const format = await recognize(source, documentBytes).finally(() => source.close());
  const load = formats.find(({ name }) => name === format)?.load;
  if (load === undefined) throw new FormatError(source.name, "the file", "of a format that is read here", format);
  return { ...(await load(place, options)), format };
}

/**
 * The format of a model at a path or address, as its first bytes tell; it may be damaged all the same.
 *
 * @throws as {@link importModel} where it is no model of a format that is known here.
 */
export async function modelFormat(location: string | URL): Promise<ModelFormat> {
  if (typeof location !== "string" && !(location instanceof URL)) return refuseLocation("modelFormat", location);
  const { source } = await findAt(location, {});
  return recognize(source, resolveFileLimits(undefined).documentBytes).finally(() => source.close());
}

/** The first file of a model, and what its reader is given: a single file at an address is loaded once. */
interface Found {
  readonly source: ByteSource;
  readonly place: FileLocation | BundleFiles;
}

async function find(location: ModelLocation, options: ImportModelOptions): Promise<Found> {
  const { signal, onProgress } = options;
  const given: unknown = location;
  if (typeof location === "string" || location instanceof URL) return findAt(location, options);
  if (isTypedArray(location, "Uint8Array") || isBlob(location)) {
    return { source: await openBytes(owner, location, { signal }), place: location };
  }
  if (Array.isArray(given) && given.length > 0 && given.every((file) => file instanceof File)) {
    return find(new Map(given.map((file) => [file.webkitRelativePath || file.name, file])), options);
  }
  if (!(typeof given === "object" && given !== null && "keys" in given && "get" in given)) {
    return refuseLocation(owner, location);
  }
  const files = location as BundleFiles;
  const [first] = files.values();
  const isDocument = (name: string): boolean => `/${name}`.endsWith(`/${documentName}`);
  if (files.size === 1 && first !== undefined && ![...files.keys()].some(isDocument)) {
    return find(first, { signal, onProgress });
  }
  const limit = { limit: resolveFileLimits(options.limits).documentBytes, limitName: "limits.documentBytes", signal };
  return { source: await readFromFiles(files).open(documentName, limit), place: files };
}

/** A file of a format that is one file; at an address its ending tells, since folders cannot be told from files. */
const singleFile = /\.(keras|h5|hdf5|onnx|safetensors|npz|pth?)$/i;

async function findAt(location: string | URL, { signal, onProgress, limits }: ImportModelOptions): Promise<Found> {
  const { documentBytes, weightsBytes } = resolveFileLimits(limits);
  const address = /^https?:/i.test(String(location));
  const path = String(location).replace(/[?#].*$/, "");
  if (address && singleFile.test(path)) {
    const source = await openBytes(owner, location, {
      limit: weightsBytes,
      limitName: "limits.weightsBytes",
      signal,
      onProgress: (loadedBytes, totalBytes) => onProgress?.({ loadedBytes, totalBytes }),
    });
    const file = new File([await source.read(0, source.size)], path.slice(path.lastIndexOf("/") + 1));
    return { source, place: file };
  }
  const reader = await openLocation(location);
  const limit = address ? { limit: documentBytes, limitName: "limits.documentBytes" } : {};
  try {
    return { source: await reader.open(documentName, { signal, ...limit }), place: location };
  } catch (error) {
    const isFolder = !address && reader.describe(documentName) !== path;
    if (isFolder && error instanceof UnavailableError) await refuseOtherFolder(reader, path);
    throw error;
  }
}

/** Files that tell folders of other programs, and what those are. */
const otherFolders: Readonly<Record<string, string>> = {
  "saved_model.pb": "a SavedModel of TensorFlow, which has no layers any more: save the model in Keras as .keras",
  "model.safetensors": "weights alone: build the network, and give them to it (timm's by loadPyTorch)",
  "pytorch_model.bin": "a pickle of PyTorch, which can run code when opened: save its state as safetensors",
};

/** @throws {FormatError} it is the folder of another program. */
async function refuseOtherFolder(reader: ModelReader, folder: string): Promise<void> {
  for (const [file, found] of Object.entries(otherFolders)) {
    const opened = await reader.open(file, {}).catch(() => undefined);
    if (opened === undefined) continue;
    await opened.close();
    throw new FormatError(folder, "the folder", known, found);
  }
}
