import { writeFolder } from "@featuremap/files";
import { type Preprocessing, requirePreprocessing } from "@featuremap/images";
import {
  BatchNormalization,
  DepthwiseConv2D,
  type Layer,
  Model,
  type Weight,
  serializeModel,
} from "@featuremap/layers";
import { InvalidConfigError, type OptionNames, checkOptions } from "@featuremap/tensor";
import type { KerasTraining } from "../imported-model.ts";
import { toKeras2 } from "../keras2/write-keras2.ts";
import { checkConnected } from "../model-files/model-content.ts";
import type { JsonObject } from "../reading/json.ts";
import { documentName } from "../reading/model-reader.ts";
import { adaptModel } from "./adapt-model.ts";
import { tfjsTraining } from "./tfjs-training.ts";

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
  const { files, document } = await contentOf("encodeTfjs", model, options);
  return new Map([[documentName, document((file) => file)], ...files]);
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
  const { files, document } = await contentOf("saveTfjs", model, options);
  await writeFolder(directory, files, { name: documentName, contents: document });
}

interface Content {
  readonly files: ReadonlyMap<string, Uint8Array<ArrayBuffer>>;
  /** `model.json`, for shards of other names. */
  readonly document: (nameOf: (file: string) => string) => Uint8Array<ArrayBuffer>;
}

async function contentOf(owner: string, model: Model, options: EncodeTfjsOptions): Promise<Content> {
  checkConnected(owner, model);
  checkOptions(owner, options, optionNames);
  const { labels, preprocessing, training, onNote } = options;
  checkDescription(owner, options);
  const findings = { notes: [], lacking: [] } as { readonly notes: string[]; readonly lacking: string[] };
  const adapted = adaptModel(serializeModel(model), findings);
  const named = namedWeights(owner, model);
  if (findings.lacking.length > 0) {
    const expected = `made of layers that TensorFlow.js has, unlike ${findings.lacking.join(", ")}`;
    throw new InvalidConfigError(owner, "model", expected, model.name);
  }
  const { config, notes } = toKeras2(adapted);
  const trainingConfig = training && tfjsTraining(training.compile);
  const left = training !== undefined && trainingConfig === undefined ? [untold] : [];
  for (const sentence of [...findings.notes, ...notes, ...left]) onNote?.(sentence);
  const featuremap = preprocessing && { preprocessing };
  const metadata = labels === undefined && featuremap === undefined ? undefined : { labels, featuremap };
  const { files, weights } = await shardsOf(named);
  const document: Content["document"] = (nameOf) =>
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

const untold = "How the model was compiled is left out: TensorFlow.js has not the same optimizer, options and loss.";

function checkDescription(owner: string, { labels, preprocessing, training, onNote }: EncodeTfjsOptions): void {
  if (labels !== undefined && !(Array.isArray(labels) && labels.every((label) => typeof label === "string"))) {
    throw new InvalidConfigError(owner, "labels", "a list of texts", labels);
  }
  if (preprocessing !== undefined) requirePreprocessing(preprocessing, owner);
  if (training !== undefined && typeof training?.compile !== "object") {
    throw new InvalidConfigError(owner, "training", "an object with compile", training);
  }
  if (onNote !== undefined && typeof onNote !== "function") {
    throw new InvalidConfigError(owner, "onNote", "a function", onNote);
  }
}

/** Weights by the names that TensorFlow.js gives them: the layer's and their own, whatever models are around. */
function namedWeights(owner: string, model: Model): ReadonlyMap<string, Weight> {
  const named = new Map<string, Weight>();
  for (const layer of layersOf(model)) {
    for (const weight of layer.weights) {
      if (isOfRenormalization(layer, weight)) continue;
      const isDepths = layer instanceof DepthwiseConv2D && weight.name === "kernel";
      const name = `${layer.name}/${isDepths ? "depthwise_kernel" : weight.name}`;
      if (named.has(name)) {
        const expected = "of different names in all models within it, as TensorFlow.js tells weights apart by them";
        throw new InvalidConfigError(owner, "layers", expected, layer.name);
      }
      if (!/^[A-Za-z0-9][-A-Za-z0-9._/]*$/.test(name)) {
        const expected = "of letters, digits and .-_ for TensorFlow.js, the first no sign";
        throw new InvalidConfigError(owner, "names of layers", expected, layer.name);
      }
      named.set(name, weight);
    }
  }
  return named;
}

/** Every layer, those of models within the model too; one that several models share as often as it is written. */
function layersOf(model: Model): readonly Layer[] {
  return model.layers.flatMap((layer) => (layer instanceof Model ? layersOf(layer) : [layer]));
}

/** What batch renormalization keeps besides, which the layer predicts without. */
function isOfRenormalization(layer: Layer, { name }: Weight): boolean {
  return layer instanceof BatchNormalization && !/^(gamma|beta|moving_mean|moving_variance)$/.test(name);
}

async function shardsOf(named: ReadonlyMap<string, Weight>): Promise<{
  readonly files: ReadonlyMap<string, Uint8Array<ArrayBuffer>>;
  readonly weights: readonly JsonObject[];
}> {
  const total = [...named.values()].reduce((sum, { size }) => sum + size * 4, 0);
  const bytes = new Uint8Array(total);
  const weights: JsonObject[] = [];
  let place = 0;
  for (const [name, weight] of named) {
    const { data, shape } = await weight.read();
    bytes.set(new Uint8Array(Float32Array.from(data).buffer), place);
    place += data.length * 4;
    weights.push({ name, shape, dtype: "float32" });
  }
  const count = Math.max(1, Math.ceil(total / shardBytes));
  const files = Array.from({ length: count }, (_, index) => {
    const name = `group1-shard${index + 1}of${count}.bin`;
    return [name, bytes.slice(index * shardBytes, (index + 1) * shardBytes)] as const;
  });
  return { files: new Map(files), weights };
}
