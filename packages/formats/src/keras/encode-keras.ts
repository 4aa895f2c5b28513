import { writeFileWhole } from "@featuremap/files";
import { type Layer, Model, Normalization, serializeModel } from "@featuremap/layers";
import {
  HostArray,
  InvalidConfigError,
  type OptionNames,
  checkOptions,
  formatShape,
  shapesEqual,
} from "@featuremap/tensor";
import { type Hdf5Dataset, type Hdf5Group, encodeHdf5, groupAt, newGroup } from "../hdf5/encode-hdf5.ts";
import type { KerasTraining } from "../imported-model.ts";
import { variableShapes } from "../optimizer/variable-shapes.ts";
import { isObject } from "../reading/json.ts";
import { encodeZip } from "../zip/encode-zip.ts";
import { kerasObjects } from "./keras-objects.ts";
import { pythonJson } from "./python-json.ts";

/** What to keep beside a model's weights. */
export interface SaveKerasOptions {
  /** How it was compiled and how far its optimizer came, so that Keras can go on training: `readKerasTraining` of `@featuremap/training`. */
  readonly training?: KerasTraining | undefined;
  /** When it was saved. Default: now. */
  readonly date?: Date | undefined;
}

const optionNames: OptionNames<SaveKerasOptions> = { training: true, date: true };
/** The release whose files these are like. */
const kerasVersion = "3.15.1";

/**
 * A model as a `.keras` file, which `keras.models.load_model` opens.
 *
 * In memory are, besides the model, the file and a copy of its weights.
 *
 * @throws {InvalidConfigError} what is given is not a model whose input shape is known, an option is not what it may be, or
 * Keras could not read the model again: as with the training of another model, whose optimizer's variables do not fit.
 */
export async function encodeKeras(model: Model, options: SaveKerasOptions = {}): Promise<Uint8Array<ArrayBuffer>> {
  const owner = "encodeKeras";
  checkModel(owner, model);
  checkOptions(owner, options, optionNames);
  const { training, date = new Date() } = options;
  checkTraining(owner, training);
  if (training !== undefined) refuseMisfit(owner, model, training);
  refuseSharedBetweenModels(owner, model);
  if (!(date instanceof Date && Number.isFinite(date.getTime()))) {
    throw new InvalidConfigError(owner, "date", "a Date", date);
  }
  const config = { ...serializeModel(model), compile_config: training?.compile ?? null };
  const text = (value: unknown): Uint8Array => new TextEncoder().encode(pythonJson(value));
  const files = new Map<string, Uint8Array>([
    ["metadata.json", text({ keras_version: kerasVersion, date_saved: pythonDate(date) })],
    ["config.json", text(config)],
    ["model.weights.h5", encodeHdf5(await variablesOf(model, training?.variables))],
  ]);
  return encodeZip(files);
}

/**
 * Writes a model as a `.keras` file, which `keras.models.load_model` opens. Node only.
 *
 * A crash at any moment leaves the file that was there or the new one.
 *
 * @throws {InvalidConfigError} as {@link encodeKeras}, or the path does not end with `.keras`, as Keras wants it.
 * @throws {UnavailableError} the file cannot be written.
 */
export async function saveKeras(model: Model, path: string, options: SaveKerasOptions = {}): Promise<void> {
  requireEnding("saveKeras", path, ".keras");
  await writeFileWhole(path, await encodeKeras(model, options));
}

/** A model's weights alone as a `.weights.h5` file, which `model.load_weights` of Keras reads. @throws as {@link encodeKeras}. */
export async function encodeKerasWeights(model: Model): Promise<Uint8Array<ArrayBuffer>> {
  checkModel("encodeKerasWeights", model);
  return encodeHdf5(await variablesOf(model, undefined));
}

/**
 * Writes a model's weights alone as a `.weights.h5` file, which `model.load_weights` of Keras reads. Node only.
 *
 * @throws {InvalidConfigError} as {@link encodeKeras}, or the path does not end with `.weights.h5`, as Keras wants it.
 * @throws {UnavailableError} the file cannot be written.
 */
export async function saveKerasWeights(model: Model, path: string): Promise<void> {
  requireEnding("saveKerasWeights", path, ".weights.h5");
  await writeFileWhole(path, await encodeKerasWeights(model));
}

/** @throws {InvalidConfigError} it is not a model whose input shape is known. */
export function checkModel(owner: string, model: unknown): asserts model is Model {
  if (!(model instanceof Model && model.connected)) {
    throw new InvalidConfigError(owner, "model", "a Model or Sequential whose input shape is known", model);
  }
}

function checkTraining(owner: string, training: unknown): void {
  if (training === undefined) return;
  const { compile, variables = [] } = isObject(training) ? training : {};
  const isTraining =
    isObject(compile) && Array.isArray(variables) && variables.every((variable) => variable instanceof HostArray);
  if (isTraining) return;
  throw new InvalidConfigError(owner, "training", "{ compile, variables } of an object and HostArrays", training);
}

/**
 * Keras opens no file whose optimizer keeps something of another shape for a weight. Of another number of variables it says that
 * they are passed over, and that is how it writes a model itself that was frozen after it was compiled.
 */
function refuseMisfit(owner: string, model: Model, { compile, variables = [] }: KerasTraining): void {
  const kept = variableShapes(compile, model);
  if (kept?.length !== variables.length) return;
  for (const [index, { name, shape }] of kept.entries()) {
    const found = variables[index]?.shape ?? [];
    if (shapesEqual(found, shape)) continue;
    const expected = `${formatShape(shape)}, ${name}, as in the training of this model`;
    throw new InvalidConfigError(owner, `training.variables[${index}]`, expected, formatShape(found));
  }
}

/** Keras 3.15 writes such models, and cannot read what it has written. */
function refuseSharedBetweenModels(owner: string, model: Model): void {
  const holders = new Map<Layer, Model>();
  const seen = new Set<Model>();
  const visit = (holder: Model): void => {
    if (seen.has(holder)) return;
    seen.add(holder);
    for (const layer of holder.innerLayers) {
      const other = holders.get(layer);
      if (other !== undefined && other !== holder) {
        const found = `held by ${other.name} and ${holder.name}`;
        throw new InvalidConfigError(owner, `layer ${layer.name}`, "in one model only, for Keras to read it", found);
      }
      holders.set(layer, holder);
      if (layer instanceof Model) visit(layer);
    }
  };
  visit(model);
}

function requireEnding(owner: string, path: unknown, ending: string): void {
  if (typeof path === "string" && path.endsWith(ending)) return;
  throw new InvalidConfigError(owner, "path", `one that ends with ${ending}`, path);
}

async function variablesOf(model: Model, optimizer: readonly HostArray[] | undefined): Promise<Hdf5Group> {
  const root = newGroup();
  for (const { path, layer, weights } of kerasObjects(model)) {
    const group = groupAt(root, path === "" ? "vars" : `${path}/vars`);
    group.attributes.set("name", layer.name);
    for (const [index, weight] of weights.entries()) {
      const { shape, data } = await weight.read();
      // How many pictures statistics were taken from is an integer in Keras.
      const isCount = layer instanceof Normalization && weight.name === "count";
      group.children.set(`${index}`, { shape, data: isCount ? BigInt64Array.from(data, toInteger) : data });
    }
  }
  if (optimizer !== undefined) {
    const group = groupAt(root, "optimizer/vars");
    for (const [index, { shape, data }] of optimizer.entries())
      group.children.set(`${index}`, { shape, data: stored(data) });
  }
  return root;
}

/** Counts as Keras has them, in 64 bits. */
function stored(data: HostArray["data"]): Hdf5Dataset["data"] {
  return data instanceof Int32Array ? BigInt64Array.from(data, toInteger) : data;
}

function toInteger(value: number): bigint {
  return BigInt(Math.round(value));
}

function pythonDate(date: Date): string {
  const two = (value: number): string => `${value}`.padStart(2, "0");
  const day = [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join("-");
  return `${day}@${[date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(":")}`;
}
