import { FeaturemapError, FormatError, InvalidConfigError, type Shape, checkOptions } from "@featuremap/tensor";
import { ConfigReader, describeFound, isRecord } from "./config-reader.ts";
import { deserializeFunctional } from "./functional-reader.ts";
import type { KerasObject } from "./keras-object.ts";
import { Layer } from "./layer.ts";
import { Activation } from "./layers/activation.ts";
import { ActivityRegularization } from "./layers/activity-regularization.ts";
import { AveragePooling1D } from "./layers/average-pooling1d.ts";
import { AveragePooling2D } from "./layers/average-pooling2d.ts";
import { AveragePooling3D } from "./layers/average-pooling3d.ts";
import { BatchNormalization } from "./layers/batch-normalization.ts";
import { CenterCrop } from "./layers/center-crop.ts";
import { Concatenate } from "./layers/concatenate.ts";
import { Conv1DTranspose } from "./layers/conv1d-transpose.ts";
import { Conv1D } from "./layers/conv1d.ts";
import { Conv2DTranspose } from "./layers/conv2d-transpose.ts";
import { Conv2D } from "./layers/conv2d.ts";
import { Conv3D } from "./layers/conv3d.ts";
import { Cropping1D } from "./layers/cropping1d.ts";
import { Cropping2D } from "./layers/cropping2d.ts";
import { Dense } from "./layers/dense.ts";
import { DepthwiseConv1D } from "./layers/depthwise-conv1d.ts";
import { DepthwiseConv2D } from "./layers/depthwise-conv2d.ts";
import { Dot } from "./layers/dot.ts";
import { Dropout } from "./layers/dropout.ts";
import { Add, Average, Maximum, Minimum, Multiply, Subtract } from "./layers/elementwise-merging.ts";
import { ELU } from "./layers/elu.ts";
import { Flatten } from "./layers/flatten.ts";
import { GaussianDropout } from "./layers/gaussian-dropout.ts";
import { GaussianNoise } from "./layers/gaussian-noise.ts";
import { GlobalAveragePooling1D } from "./layers/global-average-pooling1d.ts";
import { GlobalAveragePooling2D } from "./layers/global-average-pooling2d.ts";
import { GlobalAveragePooling3D } from "./layers/global-average-pooling3d.ts";
import { GlobalMaxPooling1D } from "./layers/global-max-pooling1d.ts";
import { GlobalMaxPooling2D } from "./layers/global-max-pooling2d.ts";
import { GlobalMaxPooling3D } from "./layers/global-max-pooling3d.ts";
import { GroupNormalization } from "./layers/group-normalization.ts";
import { InputLayer } from "./layers/input-layer.ts";
import { LayerNormalization } from "./layers/layer-normalization.ts";
import { LeakyReLU } from "./layers/leaky-relu.ts";
import { MaxPooling1D } from "./layers/max-pooling1d.ts";
import { MaxPooling2D } from "./layers/max-pooling2d.ts";
import { MaxPooling3D } from "./layers/max-pooling3d.ts";
import { Normalization } from "./layers/normalization.ts";
import { requireShape } from "./layers/options.ts";
import { Permute } from "./layers/permute.ts";
import { PReLU } from "./layers/prelu.ts";
import { RandomBrightness } from "./layers/random-brightness.ts";
import { RandomContrast } from "./layers/random-contrast.ts";
import { RandomCrop } from "./layers/random-crop.ts";
import { RandomFlip } from "./layers/random-flip.ts";
import { RandomRotation } from "./layers/random-rotation.ts";
import { RandomTranslation } from "./layers/random-translation.ts";
import { RandomZoom } from "./layers/random-zoom.ts";
import { ReLU } from "./layers/relu.ts";
import { RepeatVector } from "./layers/repeat-vector.ts";
import { Rescaling } from "./layers/rescaling.ts";
import { Reshape } from "./layers/reshape.ts";
import { Resizing } from "./layers/resizing.ts";
import { SeparableConv1D } from "./layers/separable-conv1d.ts";
import { SeparableConv2D } from "./layers/separable-conv2d.ts";
import { Softmax } from "./layers/softmax.ts";
import { SpatialDropout1D } from "./layers/spatial-dropout1d.ts";
import { SpatialDropout2D } from "./layers/spatial-dropout2d.ts";
import { UnitNormalization } from "./layers/unit-normalization.ts";
import { UpSampling1D } from "./layers/up-sampling1d.ts";
import { UpSampling2D } from "./layers/up-sampling2d.ts";
import { ZeroPadding1D } from "./layers/zero-padding1d.ts";
import { ZeroPadding2D } from "./layers/zero-padding2d.ts";
import { CallCounter, type ModelLimits, type ResolvedLimits, checkWork, resolveLimits } from "./model-limits.ts";
import { Model } from "./model.ts";
import { type LoadableLayer, registeredClass, registeredInPlaceOf } from "./registered-objects.ts";
import { Sequential } from "./sequential.ts";

const loadable: readonly LoadableLayer[] = [
  Activation,
  ActivityRegularization,
  Add,
  Average,
  AveragePooling1D,
  AveragePooling2D,
  AveragePooling3D,
  BatchNormalization,
  CenterCrop,
  Concatenate,
  Conv1D,
  Conv1DTranspose,
  Conv2D,
  Conv2DTranspose,
  Conv3D,
  Cropping1D,
  Cropping2D,
  Dense,
  DepthwiseConv1D,
  DepthwiseConv2D,
  Dot,
  Dropout,
  ELU,
  Flatten,
  GaussianDropout,
  GaussianNoise,
  GlobalAveragePooling1D,
  GlobalAveragePooling2D,
  GlobalAveragePooling3D,
  GlobalMaxPooling1D,
  GlobalMaxPooling2D,
  GlobalMaxPooling3D,
  GroupNormalization,
  InputLayer,
  LayerNormalization,
  LeakyReLU,
  Maximum,
  MaxPooling1D,
  MaxPooling2D,
  MaxPooling3D,
  Minimum,
  Multiply,
  Normalization,
  Permute,
  PReLU,
  RandomBrightness,
  RandomContrast,
  RandomCrop,
  RandomFlip,
  RandomRotation,
  RandomTranslation,
  RandomZoom,
  ReLU,
  RepeatVector,
  Rescaling,
  Reshape,
  Resizing,
  SeparableConv1D,
  SeparableConv2D,
  Softmax,
  SpatialDropout1D,
  SpatialDropout2D,
  Subtract,
  UnitNormalization,
  UpSampling1D,
  UpSampling2D,
  ZeroPadding1D,
  ZeroPadding2D,
];

const byClass: ReadonlyMap<string, LoadableLayer> = new Map(loadable.map((entry) => [entry.className, entry]));

/** The model in Keras 3's JSON, as `model.to_json()` and the `config.json` of `.keras` files hold it. Plain JSON. */
export function serializeModel(model: Model): KerasObject & Record<string, unknown> {
  if (!(model instanceof Model))
    throw new InvalidConfigError("serializeModel", "model", "a Model or Sequential", model);
  return model.serialize();
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
  if (typeof source !== "string") throw new InvalidConfigError("deserializeModel", "source", "text", source);
  checkOptions("deserializeModel", options, { limits: true, inputShape: true });
  const limits = resolveLimits(options.limits);
  const { inputShape } = options;
  if (inputShape !== undefined) requireShape("deserializeModel", inputShape, "inputShape");
  const layer = deserializeLayer(config, source, limits);
  if (!(layer instanceof Model))
    throw new FormatError(source, "class_name", "Sequential or Functional", layer.className);
  checkWork(layer, limits, source, inputShape);
  return layer;
}

/**
 * A layer or model from Keras 3's JSON, not yet built unless it is a model.
 *
 * @throws {FormatError} as {@link deserializeModel}.
 */
export function deserializeLayer(value: unknown, source: string, limits: ResolvedLimits = resolveLimits()): Layer {
  return readLayer(value, { source, calls: new CallCounter(limits, source), depth: 0 });
}

/** Models within models that are read. */
const deepest = 100;

/** What reading a document goes by. */
interface Reading {
  readonly source: string;
  readonly calls: CallCounter;
  /** Models around what is read. */
  readonly depth: number;
}

function readLayer(value: unknown, reading: Reading): Layer {
  const { source, depth } = reading;
  if (!isRecord(value) || typeof value["class_name"] !== "string" || !isRecord(value["config"])) {
    throw new FormatError(source, "layer", "an object with class_name and config", describeFound(value));
  }
  const { class_name: className, config } = value;
  const owner = typeof config["name"] === "string" ? `${className} ${config["name"]}` : className;
  if (depth > deepest) throw new FormatError(source, "models", `nested at most ${deepest} deep`, `${owner} deeper`);
  const reader = new ConfigReader(config, owner, source);
  try {
    const own = registeredClass(value);
    const layer = own === undefined ? readKnown(className, reader, reading) : own.fromConfig(reader);
    if (!(layer instanceof Layer)) {
      throw new FormatError(source, "class_name", "the class of a layer", className);
    }
    reader.finish();
    return layer;
  } catch (error) {
    if (error instanceof FormatError || !(error instanceof FeaturemapError)) throw error;
    throw new FormatError(source, `config of ${owner}`, "valid", error.message.replace(/\.$/, ""));
  }
}

function readKnown(className: string, reader: ConfigReader, reading: Reading): unknown {
  if (className === "Sequential") return readSequential(reader, reading);
  if (className === "Functional" || className === "Model") {
    return deserializeFunctional(reader, (layer) => readLayer(layer, inside(reading)), reading.calls);
  }
  const entry = byClass.get(className) ?? registeredInPlaceOf(className);
  if (entry === undefined) {
    const known = ["Sequential", "Functional", ...byClass.keys()].join(", ");
    throw new FormatError(reading.source, "class_name", `one of ${known}, or registered`, className);
  }
  return entry.fromConfig(reader);
}

function inside(reading: Reading): Reading {
  return { ...reading, depth: reading.depth + 1 };
}

function readSequential(reader: ConfigReader, reading: Reading): Sequential {
  const entries = reader.take("layers");
  if (!Array.isArray(entries)) return reader.fail("layers", "a list", entries);
  const { name, trainable } = reader.base();
  const count = reading.calls.ofModel();
  const layers = entries.map((entry) => readLayer(entry, inside(reading)));
  for (const layer of layers) count(layer);
  const model = new Sequential(layers, { name, trainable });
  const inputShape = reader.shape("build_input_shape");
  if (inputShape !== undefined && !model.connected) model.build(inputShape);
  return model;
}
