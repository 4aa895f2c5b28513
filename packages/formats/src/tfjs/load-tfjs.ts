import { openLocation } from "#storage";
import { type Preprocessing, parsePreprocessing } from "@featuremap/images";
import { type Model, deserializeModel } from "@featuremap/layers";
import { FormatError, type HostArray, InvalidConfigError, type OptionNames, checkOptions } from "@featuremap/tensor";
import type { ImportedModel } from "../imported-model.ts";
import { compileConfigFromKeras2 } from "../keras2/compile-config.ts";
import { leftOut } from "../optimizer/optimizer-state.ts";
import { type ModelFileLimits, resolveFileLimits } from "../model-files/file-limits.ts";
import { type LoadingOptions, checkSignalAndProgress } from "../model-files/read-model-files.ts";
import { asFloat32 } from "../reading/as-float32.ts";
import type { ByteSource } from "../reading/byte-source.ts";
import { inParallel } from "../reading/in-parallel.ts";
import { type JsonObject, isObject } from "../reading/json.ts";
import { type BundleFiles, type ModelReader, documentName, readFromFiles } from "../reading/model-reader.ts";
import { LoadingProgress } from "../safetensors/loading-progress.ts";
import { fillFromStore } from "../tensors/fill-from-store.ts";
import type { StoredTensor } from "../tensors/tensor-store.ts";
import { differences } from "./differences.ts";
import { matchWeights } from "./match-weights.ts";
import { readOptimizer } from "./read-optimizer.ts";
import { type TeachableMetadata, readTeachableMetadata } from "./teachable-machine.ts";
import { type TfjsDocument, parseTfjsDocument } from "./tfjs-document.ts";
import { groupTensors } from "./tfjs-store.ts";
import { withKerasLosses } from "./tfjs-training.ts";

/** How to load a layers-model. */
export interface LoadTfjsOptions extends LoadingOptions {
  /** How much the files may ask for. */
  readonly limits?: ModelFileLimits | undefined;
}

/** Where a layers-model is: a folder or `model.json`, or its files, as a page's chooser gives them. */
export type TfjsLocation = string | URL | BundleFiles | readonly File[];

const owner = "loadTfjs";
const optionNames: OptionNames<LoadTfjsOptions> = { signal: true, onProgress: true, limits: true };
/** Shards that are opened, and from an address loaded, at the same time. */
const atOnce = 6;

/**
 * Loads a layers-model of TensorFlow.js: what `model.save` of TensorFlow.js writes, and what Keras's converter writes of models of
 * Keras 2 and Keras 3, whole or quantized.
 *
 * Models of Teachable Machine come with their labels and preprocessing, which stand beside them. Weights are found by name,
 * and each of the file's is used once. From a path, shards are read as weights are filled; from an
 * address they are loaded side by side.
 *
 * @param location a folder or `model.json`: a path in Node, an http(s) address, in a page also a relative one; or the files
 * @throws {InvalidConfigError} the location or an option is not what it may be.
 * @throws {UnavailableError} a file is absent or cannot be reached.
 * @throws {FormatError} it is a graph-model; or damaged, or asks for more than the limits, or names files elsewhere; or
 * a layer is not known here, or a weight is missing or left over.
 * @throws {AbortedError} the signal was raised.
 */
export async function loadTfjs(location: TfjsLocation, options: LoadTfjsOptions = {}): Promise<ImportedModel> {
  checkOptions(owner, options, optionNames);
  const { signal, onProgress } = options;
  checkSignalAndProgress(owner, signal, onProgress);
  const limits = resolveFileLimits(options.limits);
  const reader = await openFiles(location);
  const source = reader.describe(documentName);
  const limit = { limit: limits.documentBytes, limitName: "limits.documentBytes", signal };
  const document = parseTfjsDocument(await reader.read(documentName, limit), source);
  const { config, notes } = asFloat32(document.model, source);
  const model = deserializeModel(config, source, { limits: limits.model });
  const isEmpty = model.innerLayers?.length === 0;
  if (isEmpty) throw new FormatError(source, "modelTopology", "one with layers besides its input", "none");
  if (!model.connected) throw new FormatError(source, "modelTopology", "one with an input shape", "none");
  const compile = document.training && compileConfigFromKeras2(withKerasLosses(document.training));
  const variables = await fillModel(model, document, reader, options, limits.weightsBytes, compile);
  const teachable = await readTeachableMetadata(reader, document.groups, signal);
  const isLeft = typeof variables === "string";
  return {
    model,
    training: compile && { compile, variables: isLeft ? undefined : variables },
    ...described(document, teachable, model, source),
    notes: [...notes, ...(document.isFromTfjs ? differences(model) : []), ...(isLeft ? [leftOut(variables)] : [])],
  };
}

async function openFiles(location: TfjsLocation): Promise<ModelReader> {
  if (typeof location === "string" || location instanceof URL) return openLocation(location);
  const given: unknown = location;
  if (Array.isArray(given) && given.every((file) => file instanceof File)) {
    return openFiles(new Map(given.map((file) => [file.webkitRelativePath || file.name, file])));
  }
  if (typeof given !== "object" || given === null || !("keys" in given && "get" in given)) {
    throw new InvalidConfigError(owner, "location", "a path, an address, files or a map of files", location);
  }
  return readFromFiles(location as BundleFiles);
}

/** @returns the optimizer's variables, why they are not taken, or nothing where there are none */
async function fillModel(
  model: Model,
  { groups }: TfjsDocument,
  reader: ModelReader,
  { signal, onProgress }: LoadTfjsOptions,
  limit: number,
  compile: JsonObject | undefined,
): Promise<readonly HostArray[] | string | undefined> {
  const source = reader.describe(documentName);
  const bytes = groups.reduce((sum, group) => sum + group.bytes, 0);
  if (bytes > limit) {
    throw new FormatError(source, "weights", `at most ${limit} bytes (limits.weightsBytes)`, `${bytes}`);
  }
  const stop = new AbortController();
  const stopAll = (): void => stop.abort(signal?.reason);
  if (signal?.aborted) stopAll();
  signal?.addEventListener("abort", stopAll);
  const progress = new LoadingProgress(limit, stop.signal, onProgress);
  const shards = groups.flatMap(({ paths }, group) => paths.map((path) => ({ path, group })));
  progress.expected = shards.length;
  const opened: ByteSource[] = [];
  try {
    const files = await inParallel(
      shards,
      atOnce,
      async ({ path }) => {
        const file = await reader.open(path, progress.next(reader.describe(path)));
        opened.push(file);
        return file;
      },
      () => stop.abort(),
    );
    const tensors = new Map<string, StoredTensor>();
    const kept = new Map<string, StoredTensor>();
    groups.forEach((group, index) => {
      const own = files.filter((_, place) => shards[place]?.group === index);
      const optimizers = new Set(group.weights.filter(({ isOptimizers }) => isOptimizers).map(({ name }) => name));
      for (const [name, tensor] of groupTensors(group, own, source)) {
        (optimizers.has(name) ? kept : tensors).set(name, tensor);
      }
    });
    const fillings = matchWeights(model, tensors, source);
    await fillFromStore(fillings, source);
    if (kept.size === 0) return undefined;
    if (compile === undefined) return "the file does not tell what it belongs to";
    const names = new Map([...tensors].map(([name, tensor]) => [tensor, name]));
    const weightNames = new Map(fillings.map(({ weight, tensor }) => [weight, names.get(tensor) ?? weight.name]));
    return await readOptimizer(model, compile, kept, weightNames);
  } finally {
    signal?.removeEventListener("abort", stopAll);
    await Promise.all(opened.map((file) => file.close()));
  }
}

/** Labels and preprocessing, where the author added them as `saveTfjs` does, or Teachable Machine. */
function described(
  { metadata }: TfjsDocument,
  teachable: TeachableMetadata | undefined,
  model: Model,
  source: string,
): { readonly labels?: readonly string[]; readonly preprocessing?: Preprocessing } {
  const { labels = teachable?.labels, featuremap } = metadata;
  const own = isObject(featuremap) ? featuremap["preprocessing"] : undefined;
  const preprocessing = own === undefined ? teachable?.preprocessing : parsePreprocessing(own, source);
  const outputs = model.outputs.length === 1 ? model.outputs[0]?.shape.at(-1) : undefined;
  const count = outputs === 1 ? 2 : outputs;
  const areLabels =
    Array.isArray(labels) && labels.length === count && labels.every((label) => typeof label === "string");
  return {
    ...(areLabels ? { labels } : {}),
    ...(preprocessing === undefined ? {} : { preprocessing }),
  };
}
