import { writeFolder } from "@featuremap/files";
import { type Preprocessing, requirePreprocessing } from "@featuremap/images";
import { type Model, serializeModel } from "@featuremap/layers";
import {
  HostArray,
  InvalidConfigError,
  type OptionNames,
  checkOptions,
  describeValue,
  sizeOf,
} from "@featuremap/tensor";
import type { KerasTraining } from "../imported-model.ts";
import { toKeras2 } from "../keras2/write-keras2.ts";
import { checkConnected } from "../model-files/model-content.ts";
import { leftOut } from "../optimizer/optimizer-state.ts";
import { type JsonObject, isObject } from "../reading/json.ts";
import { documentName } from "../reading/model-reader.ts";
import { adaptModel } from "./adapt-model.ts";
import type { Findings } from "./adapting.ts";
import { brokenConstraints } from "./broken-constraints.ts";
import { tfjsLayerOrder } from "./layer-order.ts";
import { type OptimizerWeights, optimizerWeights } from "./optimizer-weights.ts";
import { tfjsTraining, withRate } from "./tfjs-training.ts";
import { type WrittenWeight, layersOf, writtenWeights } from "./written-weights.ts";

/** What to write beside the model, and who hears of what differs. */
export interface EncodeTfjsOptions {
  /** Name of each class, in the order of the outputs; kept as `userDefinedMetadata.labels`. */
  readonly labels?: readonly string[] | undefined;
  /** How a picture becomes the model's input; kept as `userDefinedMetadata.featuremap.preprocessing`. */
  readonly preprocessing?: Preprocessing | undefined;
  /** How the model was compiled, as readers of models give it. */
  readonly training?: KerasTraining | undefined;
  /** Hears what is written as an equivalent or left out, one sentence each. */
  readonly onNote?: ((sentence: string) => void) | undefined;
}

const optionNames: OptionNames<EncodeTfjsOptions> = { labels: true, preprocessing: true, training: true, onNote: true };

/** As TensorFlow.js and its converter write them. */
const shardBytes = 4 * 2 ** 20;

/**
 * A model as the files of a layers-model, which `loadLayersModel` of TensorFlow.js loads: `model.json`, and weights in shards of 4 MiB.
 *
 * Layers that TensorFlow.js has not are written as others that predict the same, where there are such; `onNote` hears of it.
 *
 * @throws {InvalidConfigError} the model is none whose input shape is known, or has layers for which TensorFlow.js has
 * nothing, all of which the message names; or an option is not what it may be.
 */
export async function encodeTfjs(
  model: Model,
  options: EncodeTfjsOptions = {},
): Promise<ReadonlyMap<string, Uint8Array<ArrayBuffer>>> {
  const { files, document } = await tfjsContent("encodeTfjs", model, options);
  return new Map([[documentName, document()], ...files]);
}

/**
 * Writes a model as a layers-model of TensorFlow.js: a folder of `model.json` and shards. Node only.
 *
 * The folder is made if it is missing. A crash at any moment leaves the files that were there or the new ones.
 *
 * @throws {InvalidConfigError} as {@link encodeTfjs}.
 * @throws {UnavailableError} the folder cannot be written; nothing half-written stays.
 */
export async function saveTfjs(model: Model, directory: string, options: EncodeTfjsOptions = {}): Promise<void> {
  const { files, document } = await tfjsContent("saveTfjs", model, options);
  await writeFolder(directory, files, { name: documentName, contents: document });
}

interface Content {
  readonly files: ReadonlyMap<string, Uint8Array<ArrayBuffer>>;
  /** `model.json`, for shards of other names. */
  readonly document: (nameOf?: (file: string) => string) => Uint8Array<ArrayBuffer>;
}

/**
 * The files, and `model.json` once they have names.
 *
 * @throws {InvalidConfigError} as {@link encodeTfjs}.
 */
export async function tfjsContent(owner: string, model: Model, options: EncodeTfjsOptions): Promise<Content> {
  checkConnected(owner, model);
  checkOptions(owner, options, optionNames);
  const { labels, preprocessing, training, onNote } = options;
  checkDescription(owner, options);
  checkNames(owner, model);
  const findings: Findings = { notes: [], lacking: [], broken: await brokenConstraints(layersOf(model)) };
  const adapted = adaptModel(serializeModel(model), model, findings);
  if (findings.lacking.length > 0) {
    const expected = `made of layers that TensorFlow.js has, unlike ${findings.lacking.join(", ")}`;
    throw new InvalidConfigError(owner, "model", expected, model.name);
  }
  const named = writtenWeights(owner, model);
  const { config, notes } = toKeras2(adapted);
  const { trainingConfig, optimizer, left } = trainingOf(model, adapted, named, training);
  for (const sentence of [...findings.notes, ...notes, ...left]) onNote?.(sentence);
  const featuremap = preprocessing && { preprocessing };
  const metadata = labels === undefined && featuremap === undefined ? undefined : { labels, featuremap };
  const { files, weights } = await shardsOf(named, optimizer);
  const document: Content["document"] = (nameOf = (file) => file) =>
    new TextEncoder().encode(
      JSON.stringify({
        format: "layers-model",
        generatedBy: "featuremap",
        convertedBy: null,
        modelTopology: { keras_version: "2.15.0", backend: "tensorflow", model_config: config },
        trainingConfig,
        userDefinedMetadata: metadata,
        weightsManifest: [{ paths: [...files.keys()].map(nameOf), weights }],
      }),
    );
  return { files, document };
}

/** @throws {InvalidConfigError} TensorFlow.js would take the name of a layer for a member of any object. */
function checkNames(owner: string, model: Model): void {
  const names = layersOf(model).flatMap(({ name }) => (name in Object.prototype ? [name] : []));
  if (names.length > 0) {
    throw new InvalidConfigError(owner, "names of layers", "others, for TensorFlow.js", names.join(", "));
  }
  if (new Set(model.outputs).size < model.outputs.length) {
    throw new InvalidConfigError(owner, "outputs", "different ones, for TensorFlow.js", "one of them twice");
  }
}

interface WrittenTraining {
  readonly trainingConfig?: JsonObject;
  readonly optimizer?: OptimizerWeights;
  readonly left: readonly string[];
}

function trainingOf(
  model: Model,
  adapted: JsonObject,
  named: ReadonlyMap<string, WrittenWeight>,
  training: KerasTraining | undefined,
): WrittenTraining {
  if (training === undefined) return { left: [] };
  const { compile, variables = [] } = training;
  const { config: trainingConfig, notes } = tfjsTraining(compile, model.outputNames);
  if (trainingConfig === undefined) return { left: notes };
  const left = [...notes, ...untrainable(adapted)];
  if (variables.length === 0) return { trainingConfig, left };
  const optimizer = optimizerWeights(model, adapted, named, compile, variables, trainingConfig);
  if (typeof optimizer === "string") return { trainingConfig, left: [...left, leftOut(optimizer)] };
  return { trainingConfig: withRate(trainingConfig, optimizer.learningRate), optimizer, left };
}

/** TensorFlow.js 4.22 reads gamma and beta in training, whether they are there or not. */
function untrainable(adapted: JsonObject): readonly string[] {
  const layer = tfjsLayerOrder(adapted).find(
    ({ class_name: className, config }) =>
      className === "BatchNormalization" &&
      isObject(config) &&
      (config["scale"] === false || config["center"] === false),
  );
  if (layer === undefined) return [];
  const name = describeValue(isObject(layer["config"]) ? layer["config"]["name"] : undefined);
  return [`TensorFlow.js predicts with the model but does not train it: ${name} has no scale or no center.`];
}

function checkDescription(owner: string, { labels, preprocessing, training, onNote }: EncodeTfjsOptions): void {
  if (labels !== undefined && !(Array.isArray(labels) && labels.every((label) => typeof label === "string"))) {
    throw new InvalidConfigError(owner, "labels", "a list of texts", labels);
  }
  if (preprocessing !== undefined) requirePreprocessing(preprocessing, owner);
  if (training !== undefined) {
    const { compile, variables = [] } = Object(training) as Partial<KerasTraining>;
    const isList = Array.isArray(variables) && variables.every((variable) => variable instanceof HostArray);
    if (typeof compile !== "object" || compile === null || !isList) {
      throw new InvalidConfigError(owner, "training", "an object with compile, and variables of HostArrays", training);
    }
  }
  if (onNote !== undefined && typeof onNote !== "function") {
    throw new InvalidConfigError(owner, "onNote", "a function", onNote);
  }
}

async function shardsOf(
  named: ReadonlyMap<string, WrittenWeight>,
  optimizer: OptimizerWeights | undefined,
): Promise<{
  readonly files: ReadonlyMap<string, Uint8Array<ArrayBuffer>>;
  readonly weights: readonly JsonObject[];
}> {
  const slots = [...(optimizer?.weights ?? [])];
  const count = [...named.values(), ...slots.map(([, slot]) => slot)].reduce(
    (sum, { shape }) => sum + sizeOf(shape),
    0,
  );
  const total = 4 * (optimizer === undefined ? count : count + 1);
  const bytes = new Uint8Array(total);
  const weights: JsonObject[] = [];
  let place = 0;
  const add = async (name: string, { shape, read }: WrittenWeight, group: JsonObject): Promise<void> => {
    const data = await read();
    bytes.set(new Uint8Array(new Float32Array(data).buffer), place);
    place += data.length * 4;
    weights.push({ name, shape, dtype: "float32", ...group });
  };
  for (const [name, weight] of named) await add(name, weight, {});
  if (optimizer !== undefined) {
    const group = { group: "optimizer" };
    new DataView(bytes.buffer).setInt32(place, optimizer.iterations, true);
    place += 4;
    weights.push({ name: "iter", shape: [], dtype: "int32", ...group });
    for (const [name, slot] of slots) await add(name, slot, group);
  }
  const shards = Math.max(1, Math.ceil(total / shardBytes));
  const files = Array.from({ length: shards }, (_, index) => {
    const name = `group1-shard${index + 1}of${shards}.bin`;
    return [name, bytes.slice(index * shardBytes, (index + 1) * shardBytes)] as const;
  });
  return { files: new Map(files), weights };
}
