import {
  type BatchSource,
  HostArray,
  InvalidConfigError,
  type OptionNames,
  ShapeError,
  checkOptions,
  sizeOf,
} from "@featuremap/tensor";
import { Dense, type Model } from "@featuremap/layers";
import * as tf from "@tensorflow/tfjs-core";
import { type Pace, type PaceOptions, paceOptions, readPace } from "./input/pace.ts";
import { type Images, readImages } from "./input/read-images.ts";
import { computeBatches } from "./network/compute-batches.ts";
import { type LayerReference, findUses, listLayers } from "./network/find-layers.ts";
import { isConvolution } from "./network/layer-kinds.ts";
import { type Network, type Step, openNetwork } from "./network/network.ts";
import { joinArrays } from "./read-arrays.ts";

/** Images in batches: arrays, or batches as training takes them, of which `x` is read. */
export type ImageBatches = Iterable<Images | { readonly x: Images }> | AsyncIterable<Images | { readonly x: Images }>;

export interface EmbeddingsOptions extends PaceOptions {
  /**
   * Whose output is taken, by name, path or index, flattened; what enters the last `Dense`, or the convolution in its stead, unless said
   * otherwise.
   */
  readonly layer?: LayerReference | undefined;
}

const embeddingsOptions: OptionNames<EmbeddingsOptions> = { layer: true, ...paceOptions };

/**
 * What a model makes of each image before it decides: vectors that are near each other for images that are alike to it.
 *
 * Batches are read one at a time, so that any number of images fits; only the vectors are kept. Of a source the epoch 0 is read, whose batches
 * come in the same order whenever they are asked for: `source.batches(0)` gives the labels that belong to the rows.
 *
 * @param images an array of them, a source of batches, or anything that gives batches one after another
 * @returns `[images, features]`, in the order in which images come
 * @throws {InvalidConfigError} there is no such layer, or, without `layer`, no `Dense`.
 * @throws {ShapeError} images do not fit the model, or give vectors of different lengths.
 * @throws {AbortedError} the signal asked to stop.
 */
export async function embeddings(
  model: Model,
  images: Images | ImageBatches | BatchSource,
  options: EmbeddingsOptions = {},
): Promise<HostArray<Float32Array>> {
  const owner = "embeddings";
  checkOptions(owner, options, embeddingsOptions);
  const network = openNetwork(owner, model);
  const pace = readPace(owner, options);
  const value = chooseValue(owner, network, options.layer);
  const { batches, total } = listBatches(owner, network, images);
  const parts: HostArray<Float32Array>[] = [];
  let done = 0;
  for await (const batch of batches) {
    pace.check();
    const vectors = await vectorsOf(owner, network, value, batch, pace, (count) => pace.report(done + count, total));
    const [known] = parts;
    if (known !== undefined && known.shape[1] !== vectors.shape[1]) {
      throw new ShapeError(owner, "features", `${known.shape[1]} for every image`, `${vectors.shape[1]}`);
    }
    parts.push(vectors);
    done += vectors.shape[0] ?? 0;
  }
  if (done === 0) throw new InvalidConfigError(owner, "images", "at least one batch", "none");
  return joinArrays(parts);
}

function chooseValue(owner: string, network: Network, layer: unknown): number {
  if (layer !== undefined) return findUses(owner, "layer", network, layer).at(-1)?.outputs[0] ?? -1;
  const last = network.steps.findLast((step) => decides(network, step))?.layer;
  const uses = network.uses.filter((use) => use.layer === last).toSorted((a, b) => a.use - b.use);
  const value = uses.at(-1)?.inputs[0];
  if (value !== undefined) return value;
  const expected = `given for a model without a Dense: one of ${listLayers(network)}`;
  throw new InvalidConfigError(owner, "layer", expected, layer);
}

/** Whether a layer is a `Dense`, or a convolution of one place alone in its stead, as MobileNetV3 has. */
function decides({ shapes }: Network, { layer, inputs: [input = -1] }: Step): boolean {
  const lengths = shapes[input]?.slice(1) ?? [];
  return layer instanceof Dense || (isConvolution(layer) && lengths.filter((length) => length !== 1).length <= 1);
}

/** The vectors of one batch, computed in parts of the batch size. */
async function vectorsOf(
  owner: string,
  network: Network,
  value: number,
  batch: unknown,
  pace: Pace,
  report: (done: number) => Promise<void>,
): Promise<HostArray<Float32Array>> {
  const set = readImages(owner, network, batch);
  const parts: HostArray<Float32Array>[] = [];
  for await (const { arrays, to } of computeBatches(network, set, [value], pace)) {
    for (const array of arrays) {
      const [count = 0, ...rest] = array.shape;
      parts.push(array.reshape([count, sizeOf(rest)]));
    }
    await report(to);
  }
  return joinArrays(parts);
}

interface Batches {
  readonly batches: Iterable<unknown> | AsyncIterable<unknown>;
  /** Number of images, where it is known. */
  readonly total: number | undefined;
}

function listBatches(owner: string, network: Network, images: unknown): Batches {
  if (typeof images !== "object" || images === null) {
    throw new InvalidConfigError(owner, "images", "an array of images, a source of batches or batches", images);
  }
  if (isSource(images)) {
    const { size } = images;
    return { batches: unpack(images.batches(0)), total: typeof size === "number" ? size : undefined };
  }
  const [first]: readonly unknown[] = Array.isArray(images) ? images : [];
  const isListOfBatches = isBatch(first) || (isArray(first) && network.inputs.length === 1);
  if (isArray(images) || images instanceof Map || (Array.isArray(images) && !isListOfBatches)) return single(images);
  if (Symbol.iterator in images || Symbol.asyncIterator in images) {
    return { batches: unpack(images as Iterable<unknown> | AsyncIterable<unknown>), total: undefined };
  }
  return single(isBatch(images) ? images.x : images);
}

function single(images: unknown): Batches {
  const [first]: readonly unknown[] = Array.isArray(images) && isArray(images[0]) ? images : [images];
  const count = isArray(first) ? first.shape[0] : Array.isArray(first) ? first.length : undefined;
  return { batches: [images], total: count };
}

async function* unpack(batches: Iterable<unknown> | AsyncIterable<unknown>): AsyncGenerator {
  for await (const batch of batches) yield isBatch(batch) ? batch.x : batch;
}

function isArray(value: unknown): value is HostArray | tf.Tensor {
  return value instanceof HostArray || value instanceof tf.Tensor;
}

function isBatch(value: unknown): value is { readonly x: unknown } {
  return typeof value === "object" && value !== null && "x" in value;
}

function isSource(value: object): value is BatchSource {
  return "batches" in value && typeof value.batches === "function";
}
