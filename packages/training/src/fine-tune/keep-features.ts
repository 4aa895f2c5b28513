import type { Model } from "@featuremap/layers";
import { AbortedError, HostArray, type TypedArray, sizeOf } from "@featuremap/tensor";
import type { TrainingBatch, TrainingSource } from "../data/training-batch.ts";
import { giveWay } from "../loop/give-way.ts";
import { type EndSignal, readAhead } from "../loop/read-ahead.ts";
import { predictOne } from "../loop/single/predict-batches.ts";
import { explained } from "../loop/too-large.ts";
import type { FeatureRows } from "./feature-rows.ts";
import type { FeatureSet } from "./feature-source.ts";

/** What makes features of pictures, and where they go. */
export interface Extraction {
  readonly extractor: Model;
  readonly rows: FeatureRows;
  readonly signal: EndSignal | undefined;
  /** Hears of the pictures of each batch that is done. */
  readonly onDone: (pictures: number) => void;
}

/**
 * The base's features of one epoch of pictures, in its order, computed as in prediction.
 *
 * @param owner for errors
 * @throws {AbortedError} the signal was raised.
 */
export async function keepFeatures(
  owner: string,
  source: TrainingSource,
  epoch: number,
  { extractor, rows, signal, onDone }: Extraction,
): Promise<FeatureSet> {
  const leave = (): never => {
    throw new AbortedError("Computing the features was stopped.");
  };
  const labels: HostArray[] = [];
  const weights: HostArray[] = [];
  let shape: readonly number[] = [];
  let [size, batchSize] = [0, 0];
  for await (const batch of readAhead(source.batches(epoch), signal, leave)) {
    if (signal?.aborted) leave();
    const features = await featuresOf(owner, extractor, batch);
    shape = features.shape.slice(1);
    await rows.append(features.data);
    const [target] = batch.targets;
    const [weight] = batch.sampleWeights ?? [];
    if (target !== undefined) labels.push(copyOf(target));
    if (weight !== undefined) weights.push(copyOf(weight));
    batch.release?.();
    size += batch.size;
    batchSize = Math.max(batchSize, batch.size);
    onDone(batch.size);
    await giveWay();
  }
  return {
    rows,
    size,
    shape,
    labels: joinedArrays(labels),
    weights: weights.length === 0 ? undefined : joinedArrays(weights),
    batchSize,
  };
}

async function featuresOf(
  owner: string,
  extractor: Model,
  { inputs, size }: TrainingBatch,
): Promise<HostArray<Float32Array>> {
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
    throw explained(error, owner, size);
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
  const whole: TypedArray = first?.dtype === "float32" ? new Float32Array(length) : new Int32Array(length);
  let offset = 0;
  for (const { data } of arrays) {
    whole.set(data, offset);
    offset += data.length;
  }
  return new HostArray(whole, [size, ...entry]);
}
