import type { Model } from "@featuremap/layers";
import { AbortedError, HostArray, type TypedArray, sizeOf, toFloat16 } from "@featuremap/tensor";
import type { TrainingBatch, TrainingSource } from "../data/training-batch.ts";
import { giveWay } from "../loop/give-way.ts";
import { predictOne } from "../loop/single/predict-batches.ts";
import { explained } from "../loop/too-large.ts";
import type { FeatureSet } from "./feature-source.ts";

/** How features are kept in memory. */
export type FeatureType = "float32" | "float16";

/** What is made of pictures, and how. */
export interface Extraction {
  readonly extractor: Model;
  readonly type: FeatureType;
  readonly signal: AbortSignal | undefined;
}

/**
 * The base's features of one epoch of pictures, in its order, computed as in prediction.
 *
 * @throws {AbortedError} the signal was raised.
 */
export async function keepFeatures(
  source: TrainingSource,
  epoch: number,
  { extractor, type, signal }: Extraction,
): Promise<FeatureSet> {
  const parts: (Float32Array | Uint16Array)[] = [];
  const labels: HostArray[] = [];
  const weights: HostArray[] = [];
  let shape: readonly number[] = [];
  let [size, batchSize] = [0, 0];
  for await (const batch of source.batches(epoch)) {
    if (signal?.aborted) throw new AbortedError("Computing the features was stopped.", { cause: signal.reason });
    const features = await featuresOf(extractor, batch);
    shape = features.shape.slice(1);
    parts.push(type === "float32" ? features.data : toFloat16(features.data));
    const [target] = batch.targets;
    const [weight] = batch.sampleWeights ?? [];
    if (target !== undefined) labels.push(copyOf(target));
    if (weight !== undefined) weights.push(copyOf(weight));
    batch.release?.();
    size += batch.size;
    batchSize = Math.max(batchSize, batch.size);
    await giveWay();
  }
  const whole = type === "float32" ? new Float32Array(size * sizeOf(shape)) : new Uint16Array(size * sizeOf(shape));
  return {
    features: joined(parts, whole),
    shape,
    labels: joinedArrays(labels),
    weights: weights.length === 0 ? undefined : joinedArrays(weights),
    batchSize,
  };
}

async function featuresOf(extractor: Model, { inputs, size }: TrainingBatch): Promise<HostArray<Float32Array>> {
  try {
    const [output, ...others] = predictOne(extractor, inputs);
    for (const other of others) other.dispose();
    if (output === undefined) return new HostArray(new Float32Array(0), [0]);
    try {
      return new HostArray(Float32Array.from(await output.data<"float32">()), output.shape);
    } finally {
      output.dispose();
    }
  } catch (error) {
    throw explained(error, "fineTune", size);
  }
}

/** Whoever made the batch may use its memory again. */
function copyOf({ data, shape }: HostArray): HostArray {
  return new HostArray(data.slice(), shape);
}

function joinedArrays(arrays: readonly HostArray[]): HostArray {
  const size = arrays.reduce((sum, { shape }) => sum + (shape[0] ?? 0), 0);
  const [first] = arrays;
  const entry = first?.shape.slice(1) ?? [];
  const length = size * sizeOf(entry);
  const whole = first?.dtype === "float32" ? new Float32Array(length) : new Int32Array(length);
  return new HostArray(
    joined(
      arrays.map(({ data }) => data),
      whole,
    ),
    [size, ...entry],
  );
}

function joined<Values extends TypedArray | Uint16Array>(parts: readonly ArrayLike<number>[], whole: Values): Values {
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}
