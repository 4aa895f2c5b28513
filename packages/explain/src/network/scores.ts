import { InvalidConfigError, ShapeError, formatShape } from "@featuremap/tensor";
import { Model, outputMeaning } from "@featuremap/layers";
import * as tf from "@tensorflow/tfjs-core";
import { findUses } from "./find-layers.ts";
import type { Network } from "./network.ts";

/** One of a model's outputs, read as the scores of classes. */
export interface ScoreOutput {
  /** Its number among the network's values. */
  readonly value: number;
  /** What the model gives: one number for two classes, of which it speaks for the second, or one for each class. */
  readonly units: number;
  readonly classes: number;
  /** Of a single number, from which on it speaks for the second class: 0.5 for a probability, else 0. */
  readonly threshold: number;
}

/** What the options say about whom to explain. */
export interface ClassOptions {
  /**
   * Which class, counted from 0, for all images or one for each. Default: the predicted one. A model that gives a single
   * number has the classes 0 and 1.
   */
  readonly classIndex?: number | readonly number[] | undefined;
  /** Which output, by its layer's name or by its index among the model's outputs; needed where there are several. */
  readonly output?: string | number | undefined;
}

/**
 * Finds the output whose classes are explained.
 *
 * @throws {InvalidConfigError} there are several and none is named, or there is no such output.
 * @throws {ShapeError} it gives something else than one score for each class.
 */
export function readScoreOutput(owner: string, network: Network, output: unknown): ScoreOutput {
  const index = outputIndex(owner, network, output);
  const value = network.outputs[index];
  const tensor = network.model.outputs[index];
  if (value === undefined || tensor === undefined) throw new Error(`Output ${index} was not found.`);
  const [units = null, ...others] = tensor.shape.slice(1).toReversed();
  if (units === null || tensor.shape.length < 2 || others.some((length) => length !== 1)) {
    throw new ShapeError(owner, "output", "of shape (batch, classes)", formatShape(tensor.shape));
  }
  const { inputs, outputs } = network.model;
  // Between the same ends, so that no layer is used once more.
  const single = outputs.length === 1 ? network.model : new Model({ inputs, outputs: tensor });
  const isProbability = outputMeaning(single) === "probabilities";
  return { value, units, classes: units === 1 ? 2 : units, threshold: isProbability ? 0.5 : 0 };
}

function outputIndex(owner: string, network: Network, output: unknown): number {
  const { outputs, model } = network;
  const names = model.outputs.map(({ layer }) => layer.name).join(", ");
  if (output === undefined) {
    if (outputs.length === 1) return 0;
    throw new InvalidConfigError(owner, "output", `one of ${names} for a model of several outputs`, output);
  }
  if (typeof output === "number") {
    if (Number.isInteger(output) && output >= 0 && output < outputs.length) return output;
    throw new InvalidConfigError(owner, "output", `an integer in [0, ${outputs.length}), or one of ${names}`, output);
  }
  const values = new Set(findUses(owner, "output", network, output).flatMap((use) => use.outputs));
  const index = outputs.findIndex((value) => values.has(value));
  if (index >= 0) return index;
  throw new InvalidConfigError(owner, "output", `one of the model's outputs, ${names}`, output);
}

/**
 * Class indices for `count` images; undefined where each image's predicted class is meant.
 *
 * @throws {InvalidConfigError} an index is out of range, or there are more or fewer than images.
 */
export function readClassIndices(
  owner: string,
  { classes }: ScoreOutput,
  count: number,
  given: unknown,
): Int32Array | undefined {
  if (given === undefined) return undefined;
  const list: readonly unknown[] =
    Array.isArray(given) || given instanceof Int32Array ? [...(given as unknown[])] : [given];
  const wrong = list.find(
    (index) => !(typeof index === "number" && Number.isInteger(index) && index >= 0 && index < classes),
  );
  if (wrong !== undefined || list.includes(undefined)) {
    throw new InvalidConfigError(owner, "classIndex", `an integer in [0, ${classes})`, wrong);
  }
  const isList = list.length > 1 || list[0] !== given;
  if (isList && list.length !== count) {
    throw new InvalidConfigError(
      owner,
      "classIndex",
      `one for all images, or ${count}, one for each`,
      `${list.length}`,
    );
  }
  return Int32Array.from({ length: count }, (_, index) => Number(isList ? list[index] : given));
}

/** The classes that an output speaks for, int32 of shape `[images]`. */
export function predictedClasses(output: tf.Tensor, { units, threshold }: ScoreOutput): tf.Tensor1D {
  const scores = tf.reshape(output, [-1, units]);
  const classes = units === 1 ? tf.greater(tf.reshape(scores, [-1]), threshold) : tf.argMax(scores, 1);
  return tf.cast(classes as tf.Tensor1D, "int32");
}

/** {@link predictedClasses} of one image whose output was read. */
export function predictedClass(scores: ArrayLike<number>, { units, threshold }: ScoreOutput): number {
  const list = Array.from(scores);
  const [first = 0] = list;
  return units === 1 ? Number(first > threshold) : list.indexOf(list.reduce((a, b) => Math.max(a, b), first));
}

/** With what each score of an output counts, so that the sum is the score of a class. */
export function classWeights(classes: tf.Tensor1D, { units }: ScoreOutput): tf.Tensor2D {
  const columns = units === 1 ? tf.reshape(tf.sub(tf.mul(classes, 2), 1), [-1, 1]) : tf.oneHot(classes, units);
  return tf.cast(columns, "float32") as tf.Tensor2D;
}

/** tfjs's names of operations that make probabilities of scores, and of their inputs. */
const probabilityKernels: Readonly<Record<string, string>> = { Softmax: "logits", LogSoftmax: "logits", Sigmoid: "x" };

/**
 * The scores behind an output: what entered the softmax or sigmoid that made it, else the output itself.
 *
 * Looks at the operations that are recorded for the gradient, so that it finds them in layers of any kind, also in a user's own.
 *
 * @param output made while a gradient is recorded
 * @returns of shape `[images, units]`
 */
export function scoresBehind(output: tf.Tensor, { units }: ScoreOutput): tf.Tensor2D {
  const tape = tf.engine().state.activeTape ?? [];
  let made = output;
  for (const node of tape.toReversed()) {
    if (node.outputs[0]?.id !== made.id) continue;
    const kernel = node.kernelName;
    const source = node.inputs[probabilityKernels[kernel] ?? "x"];
    // A softmax over other axes than the classes has other scores.
    if (source === undefined || source.shape.at(-1) !== units) break;
    if (Object.hasOwn(probabilityKernels, kernel)) return tf.reshape(source, [-1, units]);
    if (kernel !== "Reshape" && kernel !== "Identity") break;
    made = source;
  }
  return tf.reshape(output, [-1, units]);
}
