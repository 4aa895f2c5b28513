import type { JsonObject } from "../reading/json.ts";
import { partModule, readActivation, readPart } from "./read-parts.ts";
import { type Entry, type Reading, nameEntry, plainLayerName, readEntry, refuse, withoutTuples } from "./reading.ts";
import { smoothUpSampling } from "./smooth-up-sampling.ts";

/** A layer in Keras 3's JSON, and layers after it that do what its activation did. */
export interface ReadLayer {
  readonly object: JsonObject;
  readonly followers: readonly JsonObject[];
}

/** Keras 2's other names of layers, and what stands for those that Keras 3 does not have. */
const firstNames: ReadonlyMap<string, string> = new Map([
  ["BatchNormalizationV1", "BatchNormalization"],
  ["BatchNormalizationV2", "BatchNormalization"],
  ["SyncBatchNormalization", "BatchNormalization"],
  ["ThresholdedReLU", "ReLU"],
]);

type Rename = (value: unknown) => readonly [string, unknown] | undefined;

const drop: Rename = () => undefined;
/** Left out where it says nothing; else it stays, and whoever makes the layer refuses it by name. */
const dropIf =
  (key: string, ...neutral: readonly unknown[]): Rename =>
  (value) =>
    neutral.includes(value) ? undefined : [key, value];
const rename =
  (key: string): Rename =>
  (value) => [key, value];

/** Options that Keras 2 has and Keras 3 has not, or by another name. Other options are the same in both. */
const everywhere: Readonly<Record<string, Rename>> = {
  batch_input_shape: drop,
  input_shape: drop,
  input_dtype: drop,
  autocast: drop,
  dtype: dropIf("dtype", null),
  data_format: dropIf("data_format", null),
  stateful: dropIf("stateful", false),
  dynamic: dropIf("dynamic", false),
};

const separable = { kernel_initializer: drop, kernel_regularizer: drop, kernel_constraint: drop };
const noGroups = { groups: dropIf("groups", 1), implementation: drop };
const normalized = {
  axis: (axis: unknown) => ["axis", Array.isArray(axis) && axis.length === 1 ? (axis[0] as unknown) : axis] as const,
  fused: drop,
  virtual_batch_size: dropIf("virtual_batch_size", null),
  adjustment: dropIf("adjustment", null),
};
/** TensorFlow.js saves the one open length, which it is given as -1, as `null`. */
const openAsNegative: Rename = (shape) => [
  "target_shape",
  Array.isArray(shape) ? shape.map((length: unknown) => length ?? -1) : shape,
];
const spatialDropout = { noise_shape: dropIf("noise_shape", null) };

const byClass: Readonly<Record<string, Readonly<Record<string, Rename>>>> = {
  InputLayer: { batch_input_shape: rename("batch_shape"), trainable: drop },
  BatchNormalization: normalized,
  BatchNormalizationV1: normalized,
  BatchNormalizationV2: normalized,
  SyncBatchNormalization: normalized,
  DepthwiseConv1D: { ...separable, ...noGroups, filters: drop },
  DepthwiseConv2D: { ...separable, ...noGroups, filters: drop },
  SeparableConv1D: { ...separable, ...noGroups },
  SeparableConv2D: { ...separable, ...noGroups },
  Conv1DTranspose: noGroups,
  Conv2DTranspose: noGroups,
  Conv3DTranspose: noGroups,
  LeakyReLU: { alpha: rename("negative_slope") },
  Reshape: { target_shape: openAsNegative },
  ThresholdedReLU: { theta: rename("threshold") },
  SpatialDropout1D: spatialDropout,
  SpatialDropout2D: spatialDropout,
  SpatialDropout3D: spatialDropout,
};

/**
 * A layer that is no model, from Keras 2's JSON.
 *
 * @throws {FormatError} it is one whose code is in the file.
 */
export function readLayer(entry: Entry, reading: Reading): ReadLayer {
  const { className, config, registeredName } = entry;
  if (className === "Lambda") {
    refuse(
      reading,
      `layer ${nameEntry(entry)}`,
      "of Keras, or registered",
      "Lambda, whose Python code cannot run here",
    );
  }
  const renames = Object.hasOwn(byClass, className) ? (byClass[className] ?? {}) : {};
  const followers: JsonObject[] = [];
  const options = Object.entries(config).flatMap(([key, raw]): (readonly [string, unknown])[] => {
    const value = withoutTuples(raw);
    const option =
      (Object.hasOwn(renames, key) ? renames[key] : undefined) ??
      (Object.hasOwn(everywhere, key) ? everywhere[key] : undefined);
    const renamed = option === undefined ? ([key, value] as const) : option(value);
    if (renamed === undefined) return [];
    const module = partModule(key);
    if (module !== undefined) return [[key, readPart(value, module)]];
    if (key === "activation") {
      const { value: activation, after } = splitActivation(value, entry, reading);
      followers.push(...after);
      return [[key, activation]];
    }
    if (key === "name" && typeof value === "string") return [[key, plainLayerName(value)]];
    return [renamed];
  });
  const written = Object.fromEntries(options);
  const [smooth, ...smoothing] = smoothUpSampling(entry, written, reading);
  if (smooth !== undefined) return { object: smooth, followers: smoothing };
  const object = {
    module: registeredName === undefined ? "keras.layers" : null,
    class_name: firstNames.get(className) ?? className,
    config: written,
    registered_name: registeredName ?? null,
  };
  return { object, followers };
}

/** The activation that the layer keeps, and the layers after it. */
function splitActivation(
  value: unknown,
  entry: Entry,
  reading: Reading,
): { readonly value: unknown; readonly after: readonly JsonObject[] } {
  const activation = readActivation(value);
  if (activation.kind === "function") return { value: activation.value, after: [] };
  const owner = plainLayerName(entry.name ?? entry.className.toLowerCase());
  if (activation.kind === "hard sigmoid") return { value: "linear", after: hardSigmoid(owner) };
  const inner = readEntry(activation.value, reading);
  const { object, followers } = readLayer({ ...inner, name: `${owner}_activation` }, reading);
  const named = { ...object, config: { ...(object["config"] as JsonObject), name: `${owner}_activation` } };
  return { value: "linear", after: [named, ...followers] };
}

/** `min(max(x / 5 + 1 / 2, 0), 1)`, as Keras 2 and TensorFlow.js have it; Keras 3 divides by 6. */
function hardSigmoid(owner: string): readonly JsonObject[] {
  const layer = (className: string, config: JsonObject): JsonObject => ({
    module: "keras.layers",
    class_name: className,
    config,
    registered_name: null,
  });
  return [
    layer("Rescaling", { name: `${owner}_rescaled`, scale: 0.2, offset: 0.5 }),
    layer("ReLU", { name: `${owner}_hard_sigmoid`, max_value: 1, negative_slope: 0, threshold: 0 }),
  ];
}
