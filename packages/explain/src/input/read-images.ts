import {
  HostArray,
  InvalidConfigError,
  type NestedNumbers,
  type Shape,
  ShapeError,
  formatShape,
  shapeAccepts,
} from "@featuremap/tensor";
import { type InputValues, type NamedValues, requireDevice } from "@featuremap/layers";
import * as tf from "@tensorflow/tfjs-core";
import type { Network } from "../network/network.ts";
import type { Values } from "../network/run-steps.ts";

/**
 * A batch of images, batch axis first, as the model takes them: a tensor, a host array, or numbers in nested lists. For a
 * model of several inputs a list of them, or a record by the inputs' names.
 */
export type Images = InputValues | readonly InputValues[] | NamedValues;

/** Images that were checked. */
export interface ImageSet {
  readonly count: number;
  /** Shape of what enters each of the model's inputs. */
  readonly shapes: readonly (readonly number[])[];
  /** The model's inputs for images `[from, to)`, float32, which belong to the tidy around the call. */
  values(from: number, to: number): Values;
}

/**
 * @param owner who asks, for errors
 * @throws {ShapeError} the images are not of the shape that the model takes; the message tells both.
 * @throws {InvalidConfigError} they are of another kind, or there are none.
 * @throws {NotReadyError} no device is open.
 */
export function readImages(owner: string, network: Network, images: unknown): ImageSet {
  requireDevice(owner);
  const inputs = listInputs(owner, network, images).map((each) => readArray(owner, each));
  const shapes = inputs.map(({ shape }) => shape);
  network.inputs.forEach((value, index) => {
    const { name } = network.model.graph.inputs[index]?.layer ?? network.model;
    const what = network.inputs.length === 1 ? "images" : `input ${name}`;
    checkShape(owner, what, network.shapes[value] ?? [], shapes[index] ?? []);
  });
  const counts = shapes.map(([count = 0]) => count);
  const [count = 0] = counts;
  if (count === 0) throw new InvalidConfigError(owner, "images", "at least one image", "none");
  if (counts.some((each) => each !== count)) {
    throw new ShapeError(owner, "inputs", "arrays with the same number of images", counts.join(" and "));
  }
  return {
    count,
    shapes,
    values: (from, to) =>
      new Map(network.inputs.map((value, index) => [value, sliceOf(requireInput(inputs, index), from, to)])),
  };
}

function requireInput(inputs: readonly Readable[], index: number): Readable {
  const input = inputs[index];
  // As many as the network has were asked for.
  if (input === undefined) throw new Error(`Input ${index} was not read.`);
  return input;
}

type Readable = tf.Tensor | HostArray;

/** What was given for each input. */
function listInputs(owner: string, { inputs, model }: Network, images: unknown): readonly unknown[] {
  if (inputs.length === 1 && !isRecord(images)) {
    const isList = Array.isArray(images) && images.length === 1 && isArrayLike(images[0]);
    return isList ? (images as unknown[]) : [images];
  }
  const names = model.graph.inputs.map(({ layer }) => layer.name);
  if (isRecord(images)) {
    const given = new Map<unknown, unknown>(images instanceof Map ? images : Object.entries(images));
    const unknown = [...given.keys()].find((name) => !names.some((each) => each === name));
    if (unknown !== undefined)
      throw new InvalidConfigError(owner, "images", `given by the names ${names.join(", ")}`, unknown);
    return names.map((name) => {
      if (given.has(name)) return given.get(name);
      throw new InvalidConfigError(owner, "images", `given for input ${name} too`, [...given.keys()]);
    });
  }
  if (Array.isArray(images) && images.length === inputs.length) return images as unknown[];
  throw new InvalidConfigError(owner, "images", `a list of ${inputs.length}, for ${names.join(", ")}`, images);
}

function isRecord(value: unknown): value is object {
  if (typeof value !== "object" || value === null) return false;
  return Object.getPrototypeOf(value) === Object.prototype || value instanceof Map;
}

function isArrayLike(value: unknown): boolean {
  return value instanceof tf.Tensor || value instanceof HostArray;
}

function readArray(owner: string, values: unknown): Readable {
  if (values instanceof tf.Tensor) {
    if (values.isDisposed || values.dtype === "string" || values.dtype === "complex64") {
      const found = values.isDisposed ? "a disposed one" : `one of type ${values.dtype}`;
      throw new InvalidConfigError(owner, "images", "a tensor of numbers", found);
    }
    return values;
  }
  if (values instanceof HostArray) return values;
  if (Array.isArray(values)) return HostArray.from(values as NestedNumbers);
  throw new InvalidConfigError(owner, "images", "a tensor, a HostArray or numbers in nested lists", values);
}

function checkShape(owner: string, what: string, expected: Shape, found: readonly number[]): void {
  if (shapeAccepts(expected, found)) return;
  const isSingle = shapeAccepts(expected.slice(1), found);
  const hint = isSingle ? ": one image, which needs a batch axis of length 1 before it" : "";
  throw new ShapeError(owner, what, `of shape ${formatShape(expected)}`, `${formatShape(found)}${hint}`);
}

function sliceOf(input: Readable, from: number, to: number): tf.Tensor {
  if (input instanceof HostArray) {
    const { data, shape } = input.slice(from, to);
    return tf.tensor(Float32Array.from(data), [...shape], "float32");
  }
  const [count = 0, ...rest] = input.shape;
  const all = from === 0 && to === count;
  const part = all ? input : tf.slice(input, [from, ...rest.map(() => 0)], [to - from, ...rest]);
  return part.dtype === "float32" ? part : tf.cast(part, "float32");
}
