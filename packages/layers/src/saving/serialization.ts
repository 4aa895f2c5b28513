import {
  FeaturemapError,
  FormatError,
  InvalidConfigError,
  type Shape,
  checkOptions,
  readOptions,
} from "@featuremap/tensor";
import { ConfigReader, describeFound, isRecord } from "../config/config-reader.ts";
import { deserializeFunctional } from "./functional-reader.ts";
import type { KerasObject } from "../config/keras-object.ts";
import { knownLayers } from "./known-layers.ts";
import { Layer } from "../layer/layer.ts";
import { requireShape } from "../config/options.ts";
import { Pipeline } from "../layers/preprocessing/pipeline.ts";
import { SpectralNormalization } from "../layers/normalization/spectral-normalization.ts";
import { CallCounter, type ModelLimits, type ResolvedLimits, checkWork, resolveLimits } from "../model/model-limits.ts";
import { Model } from "../model/model.ts";
import { composites, deepest, refuseMissingLayers } from "./missing-layers.ts";
import { markSharedLayers } from "./shared-layers.ts";
import { type Loadable, registeredClass, registeredInPlaceOf } from "../layer/reading/registered-objects.ts";
import { type LoadableLayer } from "../layer/reading/register.ts";
import { Sequential } from "../model/sequential.ts";

const byClass: ReadonlyMap<string, LoadableLayer> = new Map(knownLayers.map((entry) => [entry.className, entry]));

/** The name of a class that Keras also calls by another: `AveragePooling1D` for `AvgPool1D`, `Conv2D` for `Convolution2D`. */
function firstName(className: string): string {
  return className
    .replace("Convolution", "Conv")
    .replace("Avg", "Average")
    .replace(/Pool(?=\d)/, "Pooling");
}

/** The model in Keras 3's JSON, as `model.to_json()` and the `config.json` of `.keras` files hold it. Plain JSON. */
export function serializeModel(model: Model): KerasObject & Record<string, unknown> {
  if (!(model instanceof Model))
    throw new InvalidConfigError("serializeModel", "model", "a Model or Sequential", model);
  return markSharedLayers(model, model.serialize());
}

export interface DeserializeOptions {
  /** How much work the model may ask for. */
  readonly limits?: ModelLimits | undefined;
  /** Shape of what the model will be given, batch axis first: the limits hold for it where the model leaves lengths open. */
  readonly inputShape?: Shape | undefined;
}

/**
 * A model from Keras 3's JSON, with new weights.
 *
 * @param config the parsed JSON
 * @param source the file it comes from, as errors name it
 * @throws {FormatError} a class, option or connection is unknown or damaged, or the model asks for more work than `limits`
 * allows; the message names the layer.
 */
export function deserializeModel(config: unknown, source = "model config", options: DeserializeOptions = {}): Model {
  const { limits, inputShape } = settleReading("deserializeModel", source, options);
  const layer = deserializeLayer(config, source, limits);
  if (!(layer instanceof Model))
    throw new FormatError(source, "class_name", "Sequential or Functional", layer.className);
  checkWork(layer, limits, source, inputShape);
  return layer;
}

/**
 * Whether a model keeps to the limits that {@link deserializeModel} would hold it to.
 *
 * @param source what it will be read from, as errors name it
 * @throws {FormatError} it asks for more; the message names the limit and the layer.
 */
export function checkModelLimits(model: Model, source = "model", options: DeserializeOptions = {}): void {
  const owner = "checkModelLimits";
  if (!(model instanceof Model)) throw new InvalidConfigError(owner, "model", "a Model or Sequential", model);
  const { limits, inputShape } = settleReading(owner, source, options);
  new CallCounter(limits, source).ofModel()(model);
  checkWork(model, limits, source, inputShape);
}

function settleReading(owner: string, source: unknown, options: DeserializeOptions) {
  if (typeof source !== "string") throw new InvalidConfigError(owner, "source", "text", source);
  checkOptions(owner, options, { limits: true, inputShape: true });
  const { inputShape } = options;
  if (inputShape !== undefined) requireShape(owner, inputShape, "inputShape");
  return { limits: resolveLimits(options.limits), inputShape };
}

/**
 * A layer or model from Keras 3's JSON, not yet built unless it is a model.
 *
 * @throws {FormatError} as {@link deserializeModel}.
 */
export function deserializeLayer(value: unknown, source: string, limits: ResolvedLimits = resolveLimits()): Layer {
  refuseMissingLayers(value, source, (entry) => {
    const { class_name: name } = entry;
    return registeredClass(entry) !== undefined || (typeof name === "string" && isKnownClass(name));
  });
  return readLayer(value, { source, calls: new CallCounter(limits, source), depth: 0, shared: new Map() });
}

/** What reading a document goes by. */
interface Reading {
  readonly source: string;
  readonly calls: CallCounter;
  /** Models around what is read. */
  readonly depth: number;
  /** Layers with Keras's `shared_object_id` by that, and all others by class and name. */
  readonly shared: Map<number | string, Layer>;
}

function readLayer(value: unknown, reading: Reading): Layer {
  const { source, depth } = reading;
  if (!isRecord(value) || typeof value["class_name"] !== "string" || !isRecord(value["config"])) {
    throw new FormatError(source, "layer", "an object with class_name and config", describeFound(value));
  }
  const { class_name: className, config } = value;
  const owner = typeof config["name"] === "string" ? `${className} ${config["name"]}` : className;
  if (depth > deepest) throw new FormatError(source, "models", `nested at most ${deepest} deep`, `${owner} deeper`);
  const { shared_object_id: id } = value;
  // Keras 3.15 forgets the number where it writes such a layer for the first time.
  const known = typeof id === "number" ? (reading.shared.get(id) ?? reading.shared.get(owner)) : undefined;
  if (known !== undefined) return known;
  const reader = new ConfigReader(config, owner, source);
  try {
    const own = registeredClass(value);
    const layer = own === undefined ? readKnown(className, reader, reading) : own.fromConfig(reader);
    if (!(layer instanceof Layer)) {
      throw new FormatError(source, "class_name", "the class of a layer", className);
    }
    reader.finish();
    reading.shared.set(typeof id === "number" ? id : owner, layer);
    return layer;
  } catch (error) {
    if (error instanceof FormatError || !(error instanceof FeaturemapError)) throw error;
    throw new FormatError(source, `config of ${owner}`, "valid", error.message.replace(/\.$/, ""));
  }
}

function knownClass(className: string): LoadableLayer | Loadable<unknown> | undefined {
  return byClass.get(className) ?? byClass.get(firstName(className)) ?? registeredInPlaceOf(className);
}

function isKnownClass(className: string): boolean {
  return composites.has(className) || className === "SpectralNormalization" || knownClass(className) !== undefined;
}

function readKnown(className: string, reader: ConfigReader, reading: Reading): unknown {
  if (className === "Sequential") return readSequential(reader, reading);
  if (className === "Functional" || className === "Model") {
    return deserializeFunctional(reader, (layer) => readLayer(layer, inside(reading)), reading.calls);
  }
  if (className === "Pipeline") return readPipeline(reader, reading);
  if (className === "SpectralNormalization") return readSpectralNormalization(reader, reading);
  const entry = knownClass(className);
  if (entry === undefined) {
    const known =
      "the class of one of Keras's layers that are here (docs/reference/keras.md has the list), or registered";
    throw new FormatError(reading.source, "class_name", known, className);
  }
  return entry.fromConfig(reader);
}

function inside(reading: Reading): Reading {
  return { ...reading, depth: reading.depth + 1 };
}

function readStack(reader: ConfigReader, reading: Reading): readonly Layer[] {
  const entries = reader.take("layers");
  if (!Array.isArray(entries)) return reader.fail("layers", "a list", entries);
  const count = reading.calls.ofModel();
  const layers = entries.map((entry) => readLayer(entry, inside(reading)));
  for (const layer of layers) count(layer);
  return layers;
}

function readPipeline(reader: ConfigReader, reading: Reading): Pipeline {
  return new Pipeline({ layers: readStack(reader, reading), name: reader.string("name") });
}

function readSpectralNormalization(reader: ConfigReader, reading: Reading): SpectralNormalization {
  const layer = readLayer(reader.take("layer"), inside(reading));
  return new SpectralNormalization({ ...readOptions(SpectralNormalization.options, reader), layer });
}

function readSequential(reader: ConfigReader, reading: Reading): Sequential {
  const layers = readStack(reader, reading);
  const { name, trainable } = reader.base();
  const model = new Sequential(layers, { name, trainable });
  const inputShape = reader.shape("build_input_shape");
  if (inputShape !== undefined && !model.connected) model.build(inputShape);
  return model;
}
