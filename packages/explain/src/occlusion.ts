import {
  HostArray,
  InvalidConfigError,
  type NestedNumbers,
  type OptionNames,
  ShapeError,
  checkOptions,
  formatShape,
} from "@featuremap/tensor";
import type { InputValues, Model } from "@featuremap/layers";
import * as tf from "@tensorflow/tfjs-core";
import { type Pace, type PaceOptions, batchesOf, paceOptions, readPace } from "./input/pace.ts";
import { readImages } from "./input/read-images.ts";
import { type Squares, cover, pixelsAt, placesOf, readSquares } from "./input/squares.ts";
import { computeBatches } from "./network/compute-batches.ts";
import { isChannelsFirst } from "./network/layer-kinds.ts";
import { type Network, openNetwork } from "./network/network.ts";
import { type ScoreOutput, predictedClass, readClassIndices, readScoreOutput } from "./network/scores.ts";

export interface OcclusionOptions extends PaceOptions {
  /** Height and width of the square that covers the image, in pixels. Default: a quarter of the shorter side. */
  readonly size?: number | undefined;
  /** Pixels from one place of the square to the next. Default: half of `size`. The last place always reaches the edge. */
  readonly stride?: number | undefined;
  /** What the square is filled with, in the units of the model's input. Default: 0. */
  readonly value?: number | undefined;
  /** Which class, counted from 0. Default: the predicted one. */
  readonly classIndex?: number | undefined;
  /** Which output, by its layer's name or by its index among the model's outputs; needed where there are several. */
  readonly output?: string | number | undefined;
}

const occlusionOptions: OptionNames<OcclusionOptions> = {
  size: true,
  stride: true,
  value: true,
  classIndex: true,
  output: true,
  ...paceOptions,
};

/** How much a class's output falls with each part of an image covered. */
export interface Occlusion {
  readonly classIndex: number;
  /** The class's output for the whole image: a probability where the model gives one. */
  readonly score: number;
  /** The class's output with the square at each of its places, `[rows, columns]`. */
  readonly scores: HostArray<Float32Array>;
  /** `[height, width]`: how far the output falls where a pixel is covered, on average over the squares that cover it. Below 0 it rises. */
  readonly drops: HostArray<Float32Array>;
}

/**
 * Covers one part of an image after another, and sees what a class's output becomes: slower than gradients, and true of any model.
 *
 * A model of a single number has the classes 0 and 1; the output of class 0 is `1 - output` for probabilities, else `-output`.
 * Source: Zeiler and Fergus, "Visualizing and understanding convolutional networks", ECCV 2014.
 *
 * @param image one image, with a batch axis of length 1 or without
 * @throws {InvalidConfigError} an option is out of range, or the model has several inputs.
 * @throws {ShapeError} the image does not fit the model.
 * @throws {AbortedError} the signal asked to stop.
 */
export async function occlusion(model: Model, image: InputValues, options: OcclusionOptions = {}): Promise<Occlusion> {
  const owner = "occlusion";
  checkOptions(owner, options, occlusionOptions);
  const network = openNetwork(owner, model);
  const pace = readPace(owner, options);
  const output = readScoreOutput(owner, network, options.output);
  const whole = await readImage(owner, network, image);
  const isTurned = isChannelsFirst(network, network.inputs[0] ?? 0);
  const [height = 1, width = 1] = isTurned ? whole.shape.slice(2) : whole.shape.slice(1);
  const squares = readSquares(owner, options, { height, width });
  const given = readClassIndices(owner, output, 1, options.classIndex)?.[0];

  const [scoresOfWhole = []] = await outputsFor(owner, network, output, whole, pace);
  const classIndex = given ?? predictedClass(scoresOfWhole, output);
  const score = scoreOf(scoresOfWhole, classIndex, output);
  const places = placesOf(squares);
  const scores = new Float32Array(places.length);
  for (const [from, to] of batchesOf(places.length, pace.batchSize)) {
    const batch = new Float32Array((to - from) * whole.size);
    for (const [index, place] of places.slice(from, to).entries()) {
      const copy = batch.subarray(index * whole.size, (index + 1) * whole.size);
      copy.set(whole.data);
      cover(copy, squares, place, isTurned);
    }
    const images = new HostArray(batch, [to - from, ...whole.shape.slice(1)]);
    const outputs = await outputsFor(owner, network, output, images, pace);
    for (const [index, each] of outputs.entries()) scores[from + index] = scoreOf(each, classIndex, output);
    await pace.report(to, places.length);
  }
  return {
    classIndex,
    score,
    scores: new HostArray(scores, [squares.rows.length, squares.columns.length]),
    drops: meanDrops(squares, score, scores),
  };
}

/** One image as a batch of one. */
async function readImage(owner: string, network: Network, image: unknown): Promise<HostArray<Float32Array>> {
  const [input = -1] = network.inputs;
  const shape = network.shapes[input] ?? [];
  if (network.inputs.length !== 1) {
    throw new InvalidConfigError(owner, "model", "one with a single input", `one with ${network.inputs.length}`);
  }
  if (shape.length !== 4) {
    throw new ShapeError(owner, "input of the model", "images, with a batch axis and three more", formatShape(shape));
  }
  const array = Array.isArray(image) ? HostArray.from(image as NestedNumbers) : image;
  const isSingle = (array instanceof HostArray || array instanceof tf.Tensor) && array.shape.length === 3;
  const batch = isSingle ? await hostCopy(array, [1, ...array.shape]) : array;
  const set = readImages(owner, network, batch);
  if (set.count !== 1) throw new ShapeError(owner, "image", "one image", `${set.count}`);
  // Checked above: what is read is one of the two.
  return hostCopy(batch as HostArray | tf.Tensor, set.shapes[0] ?? []);
}

async function hostCopy(values: HostArray | tf.Tensor, shape: readonly number[]): Promise<HostArray<Float32Array>> {
  const data = values instanceof HostArray ? values.data : await values.data();
  return new HostArray(Float32Array.from(data), shape);
}

/** A model's output for each image. */
async function outputsFor(
  owner: string,
  network: Network,
  { value, units }: ScoreOutput,
  images: HostArray,
  pace: Pace,
): Promise<readonly Float32Array[]> {
  const outputs: Float32Array[] = [];
  for await (const { arrays } of computeBatches(network, readImages(owner, network, images), [value], pace)) {
    const data = arrays[0]?.data ?? new Float32Array(0);
    for (let start = 0; start < data.length; start += units) outputs.push(data.subarray(start, start + units));
  }
  return outputs;
}

/** What speaks for a class. */
function scoreOf(outputs: ArrayLike<number>, classIndex: number, { units, threshold }: ScoreOutput): number {
  if (units > 1) return outputs[classIndex] ?? Number.NaN;
  const [score = Number.NaN] = Array.from(outputs);
  // Probabilities add up to 1, twice what decides between them; scores to 0.
  return classIndex === 1 ? score : 2 * threshold - score;
}

function meanDrops(squares: Squares, score: number, scores: Float32Array): HostArray<Float32Array> {
  const { height, width } = squares;
  const sums = new Float64Array(height * width);
  const counts = new Float64Array(height * width);
  for (const [index, place] of placesOf(squares).entries()) {
    for (const pixel of pixelsAt(squares, place)) {
      sums[pixel] = (sums[pixel] ?? 0) + score - (scores[index] ?? 0);
      counts[pixel] = (counts[pixel] ?? 0) + 1;
    }
  }
  return new HostArray(
    Float32Array.from(sums, (sum, pixel) => sum / (counts[pixel] ?? 1)),
    [height, width],
  );
}
