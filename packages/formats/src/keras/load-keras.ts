import type { Model } from "@featuremap/layers";
import { FormatError, type OptionNames, checkOptions } from "@featuremap/tensor";
import { type Hdf5File, isHdf5, openHdf5 } from "../hdf5/open-hdf5.ts";
import type { ImportedModel, KerasTraining } from "../imported-model.ts";
import { type ModelFileLimits, type ResolvedFileLimits, resolveFileLimits } from "../model-files/file-limits.ts";
import { type LoadingOptions, checkSignalAndProgress } from "../model-files/read-model-files.ts";
import type { ByteSource } from "../reading/byte-source.ts";
import { describeKind, fileKind, isArchive, kindBytes } from "../reading/file-kind.ts";
import { type JsonObject, parsePythonObject } from "../reading/json.ts";
import { type FileLocation, openBytes } from "../reading/open-bytes.ts";
import { type ZipArchive, openZip } from "../zip/open-zip.ts";
import { type VariableStore, fillModel, hdf5Variables } from "./fill-model.ts";
import { keras2TrainingInOrder } from "./keras2-training.ts";
import { loadLegacyModel } from "./legacy-model.ts";
import { compileConfig, readKerasConfig } from "./read-config.ts";
import { readVariable } from "./read-variable.ts";

/** How to load a model of Keras. */
export interface LoadKerasOptions extends LoadingOptions {
  /** How much the model may ask for; `weightsBytes` bounds the file, `documentBytes` its config. */
  readonly limits?: ModelFileLimits | undefined;
}

const optionNames: OptionNames<LoadKerasOptions> = { signal: true, onProgress: true, limits: true };

/**
 * Loads a model that Keras has saved whole, with its weights: a `.keras` file of Keras 3, or of 2.13 and later, or a `.h5` file of any Keras.
 *
 * How it was compiled and how far its optimizer came is in `training`. Of a file on the disk and of a `Blob`, one weight at a time is in
 * memory besides the model; what comes from an address, and the weights in a packed archive, are in memory whole while they are read.
 *
 * @param location a path in Node, an http(s) address, in a page also a relative one; bytes; or a `Blob`
 * @throws {InvalidConfigError} the location is not one of these, or an option is unknown or not what it may be.
 * @throws {UnavailableError} the file is absent or cannot be reached.
 * @throws {FormatError} the file is damaged, holds weights alone or a layer that is not here, or asks for more than the limits.
 * @throws {AbortedError} the signal was raised.
 */
export async function loadKeras(location: FileLocation, options: LoadKerasOptions = {}): Promise<ImportedModel> {
  checkOptions("loadKeras", options, optionNames);
  const { signal, onProgress } = options;
  checkSignalAndProgress("loadKeras", signal, onProgress);
  const limits = resolveFileLimits(options.limits);
  const source = await openBytes("loadKeras", location, {
    limit: limits.weightsBytes,
    limitName: "limits.weightsBytes",
    signal,
    onProgress: (loadedBytes, totalBytes) => onProgress?.({ loadedBytes, totalBytes }),
  });
  try {
    const start = await source.read(0, Math.min(kindBytes, source.size));
    const kind = fileKind(start);
    if (isHdf5(start)) return await loadLegacyModel(await openHdf5(source), limits);
    if (isArchive(kind)) return await loadArchive(source, limits, signal);
    const found = source.name.endsWith(".weights.json")
      ? "an index of weights alone: loadKerasWeights(model, file) reads them"
      : describeKind(kind);
    throw new FormatError(source.name, "the file", "a .keras or .h5 file of Keras", found);
  } finally {
    await source.close();
  }
}

async function loadArchive(
  source: ByteSource,
  limits: ResolvedFileLimits,
  signal: AbortSignal | undefined,
): Promise<ImportedModel> {
  const archive = await openZip(source, { bytes: limits.weightsBytes, limitName: "limits.weightsBytes", signal });
  const read = (name: string): Promise<JsonObject> => readDocument(archive, name, source.name, limits);
  const config = await read("config.json");
  const metadata = archive.entries.has("metadata.json") ? await read("metadata.json") : {};
  const notes: string[] = [];
  const { keras_version: version } = metadata;
  const model = readKerasConfig(config, version, `${source.name}: config.json`, limits.model, notes);
  const store = await hdf5Variables(await openWeights(archive, source.name, model));
  await fillModel(model, store);
  return { model, training: await readTraining(model, config, version, store, notes), notes };
}

async function readDocument(
  { entries }: ZipArchive,
  name: string,
  source: string,
  { documentBytes }: ResolvedFileLimits,
): Promise<JsonObject> {
  const entry = entries.get(name);
  if (entry === undefined) throw new FormatError(source, name, "in the archive of a .keras file", "nothing");
  if (entry.size > documentBytes) {
    throw new FormatError(source, name, `at most ${documentBytes} bytes (limits.documentBytes)`, `${entry.size}`);
  }
  return parsePythonObject(await entry.read(), `${source}: ${name}`, "document");
}

/** Bytes that weights may have: each as float64, with five numbers of the optimizer and of its averages. */
const bytesOfElement = 8 * 6;
/** What HDF5 puts around each variable, and around all. */
const bytesOfVariable = 2 ** 16;
const bytesAround = 2 ** 24;

/**
 * The weights of an archive of Keras.
 *
 * @throws {FormatError} it has none, has them packed and of far more bytes than the model could need, or has them as objects of Python, which Keras itself does not open any more.
 */
export async function openWeights({ entries }: ZipArchive, source: string, model: Model): Promise<Hdf5File> {
  const entry = entries.get("model.weights.h5");
  if (entry !== undefined) {
    const weights = model.namedWeights().size;
    const most = bytesAround + bytesOfVariable * (weights + model.layers.length) + bytesOfElement * model.countParams();
    if (entry.isPacked && entry.size > most) {
      const expected = `at most ${most} bytes once unpacked, for ${model.countParams()} weights`;
      throw new FormatError(source, entry.name, expected, `${entry.size}`);
    }
    return openHdf5(await entry.open());
  }
  const found = entries.has("model.weights.npz")
    ? "model.weights.npz, objects of Python that Keras itself refuses"
    : "none";
  throw new FormatError(source, "weights", "in model.weights.h5", found);
}

/** How the model was trained, where the file tells. @throws {FormatError} the optimizer's variables are damaged. */
async function readTraining(
  model: Model,
  config: JsonObject,
  version: unknown,
  store: VariableStore,
  notes: string[],
): Promise<KerasTraining | undefined> {
  const compile = compileConfig(config);
  if (compile === undefined) return undefined;
  const stored = await store.variables("optimizer");
  const variables = stored && (await Promise.all(stored.map(readVariable)));
  const isKeras2 = typeof version === "string" && version.startsWith("2");
  return isKeras2 ? keras2TrainingInOrder(model, compile, variables, notes) : { compile, variables };
}
