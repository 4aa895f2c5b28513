import {
  type HostArray,
  InvalidConfigError,
  type OptionNames,
  RandomStream,
  ShapeError,
  checkOptions,
  formatShape,
} from "@featuremap/tensor";
import { type Model, registerGradients } from "@featuremap/layers";
import * as tf from "@tensorflow/tfjs-core";
import { requireCount, requireNumber } from "./input/check-values.ts";
import { type Pace, type PaceOptions, batchesOf, paceOptions, readPace } from "./input/pace.ts";
import { type ImageSet, type Images, readImages } from "./input/read-images.ts";
import { channelsLast } from "./network/compute-batches.ts";
import { isChannelsFirst } from "./network/layer-kinds.ts";
import { type Network, openNetwork } from "./network/network.ts";
import { requireValue } from "./network/run-steps.ts";
import { type ScorePath, findScorePath, scoreGradient } from "./network/score-gradient.ts";
import { type ClassOptions, readClassIndices, readScoreOutput } from "./network/scores.ts";
import { joinBatches, readArrays } from "./read-arrays.ts";

/** How gradients are averaged over noisy copies of an image. */
export interface SmoothGradOptions {
  /** Noisy copies of each image. Default: 25. */
  readonly samples?: number | undefined;
  /** Standard deviation of the noise as a share of the image's range of values. Default: 0.15. */
  readonly noise?: number | undefined;
  /** The same noise each time; an integer in [0, 2^32). Default: 0. */
  readonly seed?: number | undefined;
}

export interface SaliencyOptions extends ClassOptions, PaceOptions {
  /** Averages over noisy copies, which leaves less speckle; the image itself unless given. */
  readonly smoothGrad?: SmoothGradOptions | undefined;
}

const smoothGradOptions: OptionNames<SmoothGradOptions> = { samples: true, noise: true, seed: true };
const saliencyOptions: OptionNames<SaliencyOptions> = {
  classIndex: true,
  output: true,
  smoothGrad: true,
  ...paceOptions,
};

/** How much each pixel could change a class's score. */
export interface SaliencyMaps {
  /** `[images]`. */
  readonly classIndices: Int32Array;
  /** The score of that class for the image itself, `[images]`: the logit where the model ends in softmax or sigmoid. */
  readonly scores: Float32Array;
  /** `[images, height, width]`: the largest magnitude of the score's gradient among a pixel's channels. */
  readonly maps: HostArray<Float32Array>;
}

/**
 * The gradient of a class's score with respect to the image.
 *
 * Scores and classes are those of `gradCam`. Of a model of several inputs, the first that takes images is looked at.
 * Sources: Simonyan, Vedaldi and Zisserman, "Deep inside convolutional networks", 2013; Smilkov et al., "SmoothGrad", 2017.
 *
 * @throws {InvalidConfigError} there is no such class or output, or an option is out of range.
 * @throws {ShapeError} the images do not fit the model, or it takes none.
 */
export async function saliency(model: Model, images: Images, options: SaliencyOptions = {}): Promise<SaliencyMaps> {
  const owner = "saliency";
  checkOptions(owner, options, saliencyOptions);
  const network = openNetwork(owner, model);
  const pace = readPace(owner, options);
  const smooth = readSmoothGrad(owner, options.smoothGrad);
  const output = readScoreOutput(owner, network, options.output);
  const path = findScorePath(owner, network, imageInput(owner, network), "the input", output);
  const set = readImages(owner, network, images);
  const indices = readClassIndices(owner, output, set.count, options.classIndex);
  registerGradients();
  const parts: (readonly HostArray<Float32Array>[])[] = [];
  for (const [from, to] of batchesOf(set.count, pace.batchSize)) {
    const batch = { set, from, to, indices: indices?.subarray(from, to) };
    parts.push(await computeBatch(network, path, batch, smooth, pace));
  }
  const [classes, scores, maps] = joinBatches(parts, 3);
  return { classIndices: Int32Array.from(classes.data), scores: scores.data, maps };
}

function imageInput(owner: string, network: Network): number {
  const value = network.inputs.find((input) => network.shapes[input]?.length === 4);
  if (value !== undefined) return value;
  const found = network.inputs.map((input) => formatShape(network.shapes[input] ?? [])).join(" and ");
  throw new ShapeError(owner, "input of the model", "images, with a batch axis and three more", found);
}

type SmoothGrad = Required<{ [Name in keyof SmoothGradOptions]: number }>;

function readSmoothGrad(owner: string, options: SmoothGradOptions | undefined): SmoothGrad | undefined {
  if (options === undefined) return undefined;
  checkOptions(`${owner}: smoothGrad`, options, smoothGradOptions);
  const { samples = 25, noise = 0.15, seed = 0 } = options;
  // Refuses what is not a seed.
  void new RandomStream(requireNumber(owner, "seed", seed));
  if (requireNumber(owner, "noise", noise) < 0) throw new InvalidConfigError(owner, "noise", "at least 0", noise);
  return { samples: requireCount(owner, "samples", samples), noise, seed };
}

interface SaliencyBatch {
  readonly set: ImageSet;
  readonly from: number;
  readonly to: number;
  readonly indices: Int32Array | undefined;
}

/** Classes, scores and maps of some images. */
async function computeBatch(
  network: Network,
  path: ScorePath,
  { set, from, to, indices }: SaliencyBatch,
  smooth: SmoothGrad | undefined,
  pace: Pace,
): Promise<readonly HostArray<Float32Array>[]> {
  const samples = smooth?.samples ?? 1;
  const done = from * samples;
  pace.check();
  const [classes, scores, first] = tf.tidy(() => {
    const found = scoreGradient(path, set.values(from, to), indices);
    return [found.classes, found.scores, found.gradient] as const;
  });
  let sum = first;
  try {
    if (smooth !== undefined) {
      // The image itself says which class is meant, and is none of the noisy copies.
      const meant = Int32Array.from(await classes.data());
      const noise = noiseOf(smooth, from, to);
      sum = replaced(sum, () => tf.zerosLike(first));
      for (let sample = 0; sample < samples; sample++) {
        pace.check();
        sum = replaced(sum, () => {
          const values = set.values(from, to);
          const image = requireValue(values, path.value);
          values.set(path.value, tf.add(image, noise(image)));
          return tf.add(sum, scoreGradient(path, values, meant).gradient);
        });
        await pace.report(done + (sample + 1) * (to - from), set.count * samples);
      }
    }
    const isTurned = isChannelsFirst(network, path.value);
    const maps = tf.tidy(() => tf.max(tf.abs(tf.div(isTurned ? channelsLast(sum) : sum, samples)), 3));
    const arrays = await readArrays([tf.clone(classes), tf.clone(scores), maps]);
    if (smooth === undefined) await pace.report(to, set.count);
    return arrays;
  } finally {
    for (const tensor of [classes, scores, sum]) tensor.dispose();
  }
}

/** Computes a tensor from a former one, which is freed. */
function replaced(former: tf.Tensor, compute: () => tf.Tensor): tf.Tensor {
  const next = tf.tidy(compute);
  former.dispose();
  return next;
}

/** Noise for images `[from, to)`, other each time; that of an image does not depend on those beside it. */
function noiseOf({ noise, seed }: SmoothGrad, from: number, to: number): (images: tf.Tensor) => tf.Tensor {
  const streams = Array.from({ length: to - from }, (_, index) => new RandomStream(seed).fork(`image ${from + index}`));
  return (images) => {
    const axes = images.shape.map((_, axis) => axis).slice(1);
    const size = images.size / streams.length;
    const draws = new Float32Array(images.size);
    for (const [index, stream] of streams.entries()) {
      for (let place = index * size; place < (index + 1) * size; place++) draws[place] = stream.normal();
    }
    const range = tf.sub(tf.max(images, axes, true), tf.min(images, axes, true));
    return tf.mul(tf.mul(tf.tensor(draws, images.shape), range), noise);
  };
}
