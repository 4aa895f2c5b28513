import {
  HostArray,
  InvalidConfigError,
  type NestedNumbers,
  type Shape,
  ShapeError,
  describeValue,
} from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { requireDevice } from "./device.ts";

/** Values for one input, batch axis first: a tensor of numbers of any type, a host array, or numbers in nested lists. */
export type InputValues = tf.Tensor | HostArray | NestedNumbers;

/**
 * Values as a float32 tensor, which belongs to the tidy around the call if it was not one already.
 *
 * @throws {InvalidConfigError} they are something else, ragged, or disposed.
 */
export function tensorOf(owner: string, values: unknown): tf.Tensor {
  requireDevice(owner);
  if (values instanceof tf.Tensor) {
    const isUsable = !values.isDisposed && values.dtype !== "string" && values.dtype !== "complex64";
    if (!isUsable) {
      const found = values.isDisposed ? "a disposed one" : `one of type ${values.dtype}`;
      throw new InvalidConfigError(owner, "input", "a tensor of numbers", found);
    }
    return values.dtype === "float32" ? values : tf.cast(values, "float32");
  }
  if (!isValues(values)) {
    throw new InvalidConfigError(owner, "input", "a tensor, a HostArray or numbers in nested lists", values);
  }
  const { data, shape } = values instanceof HostArray ? values : HostArray.from(values as NestedNumbers);
  return tf.tensor(Float32Array.from(data), [...shape], "float32");
}

/** Whether a value is of a kind that holds numbers for an input. */
export function isValues(value: unknown): value is InputValues {
  return value instanceof tf.Tensor || value instanceof HostArray || Array.isArray(value);
}

/** Values for inputs by their names. */
export type NamedValues = Readonly<Record<string, InputValues>> | ReadonlyMap<string, InputValues>;

/**
 * A record or Map of values by input as a list in the model's order; anything else as it is.
 *
 * @param names of the inputs; undefined while they are not known
 * @throws {InvalidConfigError} a name is missing, or there is no such input.
 */
export function valuesInOrder(owner: string, values: unknown, names: readonly string[] | undefined): unknown {
  if (names === undefined || typeof values !== "object" || values === null) return values;
  const isRecord = Object.getPrototypeOf(values) === Object.prototype;
  if (!isRecord && !(values instanceof Map)) return values;
  const given = new Map<unknown, unknown>(isRecord ? Object.entries(values) : (values as Map<unknown, unknown>));
  for (const name of given.keys()) {
    if (!names.some((each) => each === name)) {
      throw new InvalidConfigError(owner, "inputs", `by the names ${names.join(", ")}`, name);
    }
  }
  return names.map((name) => {
    if (given.has(name)) return given.get(name);
    throw new InvalidConfigError(owner, "inputs", `given for ${name} too`, [...given.keys()]);
  });
}

/**
 * Values for a given number of inputs; a single input needs no list.
 *
 * @throws {ShapeError} there are more or fewer.
 */
export function listValues(owner: string, values: unknown, count: number): readonly unknown[] {
  const isListOfInputs =
    Array.isArray(values) && (count > 1 || values[0] instanceof tf.Tensor || values[0] instanceof HostArray);
  return requireCount(owner, isListOfInputs ? values : [values], count);
}

/** A list of so many inputs. @throws {ShapeError} it has more or fewer. */
export function requireCount(owner: string, list: unknown, count: number): readonly unknown[] {
  if (Array.isArray(list) && list.length === count) return list as readonly unknown[];
  const expected = count === 1 ? "one tensor or array" : `${count} tensors or arrays in a list`;
  throw new ShapeError(owner, "inputs", expected, Array.isArray(list) ? `${list.length}` : describeValue(list));
}

/** What takes values: a layer or a model. */
interface Taker<Context> {
  readonly name: string;
  readonly built: boolean;
  buildAll(inputs: readonly Shape[]): void;
  inferShapes(inputs: readonly Shape[]): readonly Shape[];
  callAll(inputs: readonly tf.Tensor[], context: Context): readonly tf.Tensor[];
}

/**
 * What a layer gives for values, its weights made for their shapes if it has none yet; intermediate tensors are freed.
 *
 * @throws {ShapeError} the layer cannot take such inputs.
 */
export function callWithValues<Context>(
  layer: Taker<Context>,
  values: readonly unknown[],
  context: Context,
): tf.Tensor[] {
  requireDevice(layer.name);
  return tf.tidy(() => {
    const inputs = values.map((each) => tensorOf(layer.name, each));
    if (inputs.some(({ rank }) => rank === 0))
      throw new ShapeError(layer.name, "input", "of a batch axis or more", "()");
    if (!layer.built) layer.buildAll(inputs.map(({ shape }) => [null, ...shape.slice(1)]));
    layer.inferShapes(inputs.map(({ shape }) => shape));
    const { activeScope } = tf.engine().state;
    // What this pass has not made, or a layer keeps, is somebody else's, and stays so when the output is disposed: an input that
    // is passed on, a weight.
    const isMade = (output: tf.Tensor): boolean => output.scopeId === activeScope.id && !output.kept;
    return layer
      .callAll(inputs, context)
      .map((output) => (isMade(output) && !inputs.includes(output) ? output : tf.clone(output)));
  });
}
