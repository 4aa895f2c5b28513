import {
  type HostArray,
  InvalidConfigError,
  type OptionNames,
  ShapeError,
  checkOptions,
  formatShape,
} from "@featuremap/tensor";
import { type Model, registerGradients } from "@featuremap/layers";
import * as tf from "@tensorflow/tfjs-core";
import { type PaceOptions, batchesOf, paceOptions, readPace } from "./input/pace.ts";
import { type Images, readImages } from "./input/read-images.ts";
import { type LayerReference, findUses, listLayers } from "./network/find-layers.ts";
import { channelsLast } from "./network/compute-batches.ts";
import { isChannelsFirst, isConvolution, passesOn } from "./network/layer-kinds.ts";
import { type LayerUse, type Network, openNetwork, stepsBetween } from "./network/network.ts";
import { findScorePath, scoreGradient } from "./network/score-gradient.ts";
import { type ClassOptions, readClassIndices, readScoreOutput } from "./network/scores.ts";
import { joinBatches, readArrays } from "./read-arrays.ts";

const methods = ["gradCam", "hiResCam", "gradCamPlusPlus"] as const;

/** How gradients become a map. */
export type GradCamMethod = (typeof methods)[number];

export interface GradCamOptions extends ClassOptions, PaceOptions {
  /**
   * Whose output is looked at, by name, path or index. Default: the last that still has height or width. Of a layer that is
   * shared its last use.
   */
  readonly layer?: LayerReference | undefined;
  /** Default: `gradCam`. */
  readonly method?: GradCamMethod | undefined;
}

const gradCamOptions: OptionNames<GradCamOptions> = {
  layer: true,
  classIndex: true,
  output: true,
  method: true,
  ...paceOptions,
};

/** What speaks for a class, place by place. */
export interface ClassActivationMaps {
  /** The layer that was looked at. */
  readonly layer: string;
  /** The class that each image's map speaks for, `[images]`. */
  readonly classIndices: Int32Array;
  /** The score of that class, `[images]`: the logit where the model ends in softmax or sigmoid. */
  readonly scores: Float32Array;
  /** `[images, height, width]` at the layer's resolution: 0 where nothing speaks for the class. */
  readonly maps: HostArray<Float32Array>;
  /** `[images, height, width]` at the image's, in [0, 1]: {@link maps} by each image's maximum, resized bilinearly. */
  readonly heatmaps: HostArray<Float32Array>;
}

/**
 * Where in each image a model saw what speaks for a class.
 *
 * With `A` the layer's output, `k` its channels and `s` the class's score:
 * - `gradCam`: `max(0, sum_k mean(ds/dA_k) A_k)`
 * - `hiResCam`: `max(0, sum_k ds/dA_k A_k)`, element by element; where only one dense layer follows, it is what the score is the sum of
 * - `gradCamPlusPlus`: as `gradCam`, with the mean of what is positive, weighted by how far each place is from saturation
 *
 * The score is what enters the softmax or sigmoid at the end, as in the papers: behind it, other classes would count too. Where a model ends
 * in neither, it is the output. A model of a single number has the classes 0 and 1, and the score of class 0 is the negated one.
 * Every layer runs as in a prediction, and the model stays as it is.
 * Sources: Selvaraju et al., "Grad-CAM", ICCV 2017; Draelos and Carin, "Use HiResCAM instead of Grad-CAM", 2020; Chattopadhay et al.,
 * "Grad-CAM++", WACV 2018, whose weights leave out the factor `exp(s)` that an image's places share.
 *
 * @throws {InvalidConfigError} there is no such layer, class or output, or no convolution.
 * @throws {ShapeError} the images do not fit the model, or the layer gives no images.
 */
export async function gradCam(
  model: Model,
  images: Images,
  options: GradCamOptions = {},
): Promise<ClassActivationMaps> {
  const owner = "gradCam";
  checkOptions(owner, options, gradCamOptions);
  const { method = "gradCam" } = options;
  if (!methods.includes(method)) throw new InvalidConfigError(owner, "method", `one of ${methods.join(", ")}`, method);
  const network = openNetwork(owner, model);
  const pace = readPace(owner, options);
  const output = readScoreOutput(owner, network, options.output);
  const { path: layer, value } = chooseLayer(owner, network, output.value, options.layer);
  const path = findScorePath(owner, network, value, layer, output);
  const set = readImages(owner, network, images);
  const indices = readClassIndices(owner, output, set.count, options.classIndex);
  const size = imageSize(network, set.shapes, value);
  const isTurned = isChannelsFirst(network, value);
  registerGradients();
  const parts: (readonly HostArray<Float32Array>[])[] = [];
  for (const [from, to] of batchesOf(set.count, pace.batchSize)) {
    pace.check();
    const tensors = tf.tidy(() => {
      const found = scoreGradient(path, set.values(from, to), indices?.subarray(from, to));
      const [activations, gradients] = [found.value, found.gradient].map((each) =>
        isTurned ? channelsLast(each) : each,
      );
      if (activations?.rank !== 4 || gradients === undefined) {
        throw new ShapeError(owner, layer, "a layer whose output is images", formatShape(found.value.shape));
      }
      const maps = mapOf[method](activations as tf.Tensor4D, gradients as tf.Tensor4D);
      return [found.classes, found.scores, maps, enlarge(maps, size ?? maps.shape.slice(1))];
    });
    parts.push(await readArrays(tensors));
    await pace.report(to, set.count);
  }
  const [classes, scores, maps, heatmaps] = joinBatches(parts, 4);
  return { layer, classIndices: Int32Array.from(classes.data), scores: scores.data, maps, heatmaps };
}

interface ChosenLayer {
  readonly path: string;
  readonly value: number;
}

function chooseLayer(owner: string, network: Network, output: number, layer: unknown): ChosenLayer {
  const use = layer === undefined ? lastWithExtent(network, output) : findUses(owner, "layer", network, layer).at(-1);
  if (use === undefined) {
    const layers = `its layers: ${listLayers(network)}`;
    const expected = `one with a convolution whose output has height or width (${layers})`;
    throw new InvalidConfigError(owner, "model", expected, network.model);
  }
  const [value = -1] = use.outputs;
  const shape = network.shapes[value] ?? [];
  if (shape.length !== 4) throw new ShapeError(owner, use.path, "a layer whose output is images", formatShape(shape));
  return { path: use.path, value };
}

/** The last layer after a convolution whose output is more than one place large. */
function lastWithExtent(network: Network, output: number): LayerUse | undefined {
  const steps = stepsBetween(network.steps, network.inputs, [output]);
  const convolved = new Set<number>();
  for (const step of steps) {
    if (!isConvolution(step.layer) && !step.inputs.some((value) => convolved.has(value))) continue;
    for (const value of step.outputs) convolved.add(value);
  }
  const last = steps.findLast(({ layer, outputs: [value = -1] }) => {
    const shape = network.shapes[value] ?? [];
    const places = isChannelsFirst(network, value) ? shape.slice(2) : shape.slice(1, 3);
    return convolved.has(value) && shape.length === 4 && places.some((length) => length !== 1) && !passesOn(layer);
  });
  return last && network.uses.find(({ layer, outputs }) => layer === last.layer && outputs[0] === last.outputs[0]);
}

/** Height and width of the images that lead to a value: of an input, or of what the first layer makes that gives images. */
function imageSize(
  network: Network,
  inputShapes: readonly (readonly number[])[],
  value: number,
): readonly number[] | undefined {
  const steps = stepsBetween(network.steps, network.inputs, [value]);
  const taken = new Set(steps.flatMap(({ inputs }) => inputs));
  const given = network.inputs.flatMap((input, index) => {
    const shape = inputShapes[index] ?? [];
    return taken.has(input) || input === value ? [{ value: input, shape }] : [];
  });
  const made = steps.flatMap(({ outputs }) =>
    outputs.map((each) => ({ value: each, shape: network.shapes[each] ?? [] })),
  );
  const image = [...given, ...made].find(({ shape }) => shape.length === 4);
  if (image === undefined) return undefined;
  const size = isChannelsFirst(network, image.value) ? image.shape.slice(2) : image.shape.slice(1, 3);
  return size.every((length) => length !== null) ? size : undefined;
}

type MapOf = (activations: tf.Tensor4D, gradients: tf.Tensor4D) => tf.Tensor3D;

/** The methods' formulas over `[images, height, width, channels]`. */
const mapOf: Readonly<Record<GradCamMethod, MapOf>> = {
  gradCam: (activations, gradients) => weigh(activations, tf.mean(gradients, [1, 2], true)),
  hiResCam: weigh,
  gradCamPlusPlus: (activations, gradients) => {
    const squares = tf.square(gradients);
    const saturation = tf.mul(tf.sum(activations, [1, 2], true), tf.mul(squares, gradients));
    const shares = tf.divNoNan(squares, tf.add(tf.mul(squares, 2), saturation));
    return weigh(activations, tf.sum(tf.mul(shares, tf.relu(gradients)), [1, 2], true));
  },
};

function weigh(activations: tf.Tensor4D, weights: tf.Tensor): tf.Tensor3D {
  return tf.relu(tf.sum(tf.mul(activations, weights), 3));
}

/** To the size of the image, between 0 and 1. */
function enlarge(maps: tf.Tensor3D, [height = 1, width = 1]: readonly number[]): tf.Tensor3D {
  const shares = tf.divNoNan(maps, tf.max(maps, [1, 2], true));
  const resized = tf.image.resizeBilinear(tf.expandDims<tf.Tensor4D>(shares, 3), [height, width], false, true);
  return tf.squeeze(resized, [3]);
}
