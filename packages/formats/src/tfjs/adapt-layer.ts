import type { JsonObject } from "../reading/json.ts";
import { adaptActivation } from "./adapt-activation.ts";
import { adaptParts } from "./adapt-parts.ts";
import { type Adapted, type Step, activationStep, lack, note } from "./adapting.ts";

/** Options that must have one of these values, since TensorFlow.js knows no other. */
type Needs = Readonly<Record<string, readonly unknown[]>>;

const noGroups: Needs = { groups: [1, undefined] };
const transposed: Needs = { output_padding: [null, undefined] };

/** Layers that TensorFlow.js has too, and what it lacks in them. */
const shared: Readonly<Record<string, Needs>> = {
  Activation: {},
  Add: {},
  AlphaDropout: { noise_shape: [null, undefined] },
  Average: {},
  AveragePooling1D: {},
  AveragePooling2D: {},
  AveragePooling3D: {},
  BatchNormalization: {},
  Concatenate: {},
  Conv1D: { ...noGroups, padding: ["valid", "same"] },
  Conv2D: noGroups,
  Conv2DTranspose: transposed,
  Conv3D: noGroups,
  Conv3DTranspose: transposed,
  Cropping2D: {},
  Dense: {},
  DepthwiseConv2D: {},
  Dot: {},
  Dropout: {},
  ELU: { alpha: [1] },
  Flatten: {},
  GaussianDropout: {},
  GaussianNoise: {},
  GlobalAveragePooling1D: { keepdims: [false] },
  GlobalAveragePooling2D: { keepdims: [false] },
  GlobalMaxPooling1D: { keepdims: [false] },
  GlobalMaxPooling2D: { keepdims: [false] },
  InputLayer: {},
  LayerNormalization: { rms_scaling: [false, undefined] },
  LeakyReLU: {},
  MaxPooling1D: {},
  MaxPooling2D: {},
  MaxPooling3D: {},
  Maximum: {},
  Minimum: {},
  Multiply: {},
  PReLU: {},
  Permute: {},
  RepeatVector: {},
  Reshape: {},
  SeparableConv2D: {},
  Softmax: { axis: [-1] },
  SpatialDropout1D: {},
  UpSampling2D: { interpolation: ["nearest"] },
  ZeroPadding2D: {},
};

/** Layers that change nothing but while a model is trained. */
const idle = /^(Random(?!Crop)\w+|AugMix|CutMix|MixUp|RandAugment|StochasticDepth|ActivityRegularization)$/;

/**
 * A layer in those of TensorFlow.js, which give the same predictions.
 *
 * @returns none where there are none, which the findings then tell
 */
export function adaptLayer(layer: Adapted): readonly Step[] {
  const { className, config, name } = layer;
  if (config["data_format"] === "channels_first") return lack(layer, "channels_first");
  if (className === "Identity") return [activationStep(name)];
  if (idle.test(className)) {
    note(layer, "is left out, since it does nothing when a model predicts");
    return [activationStep(name)];
  }
  if (className === "SpatialDropout2D" || className === "SpatialDropout3D") {
    note(layer, "is trained as Dropout: TensorFlow.js has not that kind");
    return [{ className: "Dropout", config: { name, trainable: true, rate: config["rate"], seed: config["seed"] } }];
  }
  if (className === "Dropout" && (config["noise_shape"] ?? null) !== null) {
    note(layer, "drops single elements when it is trained: TensorFlow.js has no noise_shape");
    return [{ className, config: { ...config, noise_shape: null } }];
  }
  if (className === "Normalization") return adaptNormalization(layer);
  if (className === "ReLU") return adaptRelu(layer);
  if (className === "Rescaling") return adaptRescaling(layer);
  if (isKeepingPooling(layer)) return adaptKeepingPooling(layer);
  const needs = Object.hasOwn(shared, className) ? shared[className] : undefined;
  if (needs === undefined) return lack(layer);
  const lacked = Object.entries(needs).find(([key, values]) => !values.includes(config[key]));
  if (className === "UpSampling2D" && config["interpolation"] === "bilinear") {
    return lack(layer, "bilinear, which TensorFlow.js interpolates otherwise than Keras");
  }
  if (lacked !== undefined) return lack(layer, `${lacked[0]} ${JSON.stringify(config[lacked[0]])}`);
  if (/^DepthwiseConv|Transpose$/.test(className) && [config["dilation_rate"]].flat().some((rate) => rate !== 1)) {
    return lack(layer, "dilation_rate other than 1");
  }
  if (className === "Concatenate") return adaptConcatenate(layer);
  if (className === "BatchNormalization") return adaptBatchNormalization(layer);
  return withActivation(layer);
}

function withActivation(layer: Adapted): readonly Step[] {
  const { className, config } = layer;
  const parts = adaptParts(layer);
  if (!("activation" in config)) return [{ className, config: parts }];
  const activation = adaptActivation(config["activation"], layer);
  if (activation === undefined) return lack(layer, `activation ${JSON.stringify(config["activation"])}`);
  return [{ className, config: { ...parts, activation: activation.kept } }, ...activation.after];
}

/** TensorFlow.js takes each negative axis for the last. */
function adaptConcatenate(layer: Adapted): readonly Step[] {
  const { className, config, inputShape } = layer;
  const { axis } = config;
  if (typeof axis !== "number" || axis >= -1) return [{ className, config }];
  if (inputShape === undefined) return lack(layer, `axis ${axis}`);
  return [{ className, config: { ...config, axis: axis + inputShape.length } }];
}

/** TensorFlow.js takes the statistics of any other axis for those of the last, which this axis therefore becomes for a while. */
function adaptBatchNormalization(layer: Adapted): readonly Step[] {
  const { className, config, inputShape, name } = layer;
  const own = { className, config: { ...adaptParts(layer), axis: -1 } };
  const { axis } = config;
  if (axis === -1) return [own];
  if (typeof axis !== "number" || inputShape === undefined) return lack(layer, `axis ${JSON.stringify(axis)}`);
  const rank = inputShape.length;
  const place = axis < 0 ? axis + rank : axis;
  if (place === rank - 1) return [own];
  note(layer, "stands between layers that make its axis the last, and turn it back");
  const axes = Array.from({ length: rank - 1 }, (_, index) => index + 1);
  const turned = [...axes.filter((each) => each !== place), place];
  const back = axes.map((each) => turned.indexOf(each) + 1);
  const permute = (suffix: string, dims: readonly number[]): Step => ({
    className: "Permute",
    config: { name: `${name}_${suffix}`, trainable: true, dims },
  });
  return [permute("turned", turned), own, permute("back", back)];
}

/** TensorFlow.js has a limit, a slope below 0 or a threshold, each by itself. */
function adaptRelu(layer: Adapted): readonly Step[] {
  const { config, name } = layer;
  const { max_value: limit = null, negative_slope: slope = 0, threshold = 0 } = config;
  const base = { name, trainable: config["trainable"] };
  if (slope === 0 && threshold === 0) return [{ className: "ReLU", config: { ...config } }];
  if (limit === null && threshold === 0) {
    return [{ className: "LeakyReLU", config: { ...base, negative_slope: slope } }];
  }
  if (limit === null && slope === 0) return [{ className: "ThresholdedReLU", config: { ...base, theta: threshold } }];
  return lack(layer, "max_value, negative_slope and threshold together");
}

/** A BatchNormalization that does not train does the same, for channels that are last. */
function adaptNormalization(layer: Adapted): readonly Step[] {
  const { config, name, inputShape } = layer;
  const [axis, ...others] = [config["axis"]].flat();
  const isLast = axis === -1 || (inputShape !== undefined && axis === inputShape.length - 1);
  const isByChannel = config["mean"] === null || (Array.isArray(config["mean"]) && !Array.isArray(config["mean"][0]));
  if (!isLast || others.length > 0 || config["invert"] === true || !isByChannel) {
    return lack(layer, "other than by the last axis, or inverted");
  }
  note(layer, "is written as a BatchNormalization that does not train");
  const options = { axis: -1, momentum: 0.99, epsilon: 0, center: false, scale: false };
  return [{ className: "BatchNormalization", config: { name, trainable: false, ...options } }];
}

function adaptRescaling(layer: Adapted): readonly Step[] {
  const { className, config } = layer;
  const { scale, offset } = config;
  if (typeof scale === "number" && typeof offset === "number") return [{ className, config }];
  return lack(layer, "scale and offset by channel");
}

function isKeepingPooling({ className, config }: Adapted): boolean {
  return /^Global(Average|Max)Pooling2D$/.test(className) && config["keepdims"] === true;
}

/** Pooling over windows as large as the input keeps the axes. */
export function adaptKeepingPooling(layer: Adapted): readonly Step[] {
  const { className, config, inputShape, name } = layer;
  const [, height, width] = inputShape ?? [];
  if (typeof height !== "number" || typeof width !== "number") return lack(layer, "keepdims, for inputs of any size");
  const options: JsonObject = {
    name,
    trainable: config["trainable"] ?? true,
    pool_size: [height, width],
    strides: [height, width],
    padding: "valid",
    data_format: "channels_last",
  };
  return [{ className: className.replace("Global", ""), config: options }];
}
