import { InvalidConfigError, type Shape, ShapeError, formatShape } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { type ActivationName, resolveActivation } from "../parts/activations.ts";
import type { ConfigReader } from "../config/config-reader.ts";
import { arithmetic, tensorOf } from "./arithmetic.ts";
import { comparisons } from "./comparison.ts";
import { readItemOperation } from "./item-operation.ts";
import {
  axesIn,
  readExpandDims,
  readTranspose,
  readFlip,
  readMoveaxis,
  readSqueeze,
  readStack,
  readSwapaxes,
} from "./shape-operations.ts";
import { matmul, readPad, readTake, where } from "./tensor-operations.ts";
import type { Layer } from "../layer/layer.ts";
import { AveragePooling2D } from "../layers/pooling/average-pooling2d.ts";
import { Concatenate } from "../layers/merging/concatenate.ts";
import { ELU } from "../layers/activation/elu.ts";
import { LeakyReLU } from "../layers/activation/leaky-relu.ts";
import type { Computation } from "../model/operation-layer.ts";
import { MaxPooling2D } from "../layers/pooling/max-pooling2d.ts";
import type { PoolingConfig } from "../layers/pooling/pooling.ts";
import { ReLU } from "../layers/activation/relu.ts";
import { resolveAxis } from "../config/resolve-axis.ts";
import { Softmax } from "../layers/activation/softmax.ts";
import { gelu } from "@featuremap/operations";

/** Reads an operation's options, and what its second argument says where that is neither tensor nor number. */
type OperationReader = (reader: ConfigReader, items: unknown) => Computation;

function unary(compute: (x: tf.Tensor) => tf.Tensor): OperationReader {
  return () => ({ operands: 1, outputShape: ([shape = []]) => shape, compute: ([x = 0]) => compute(tensorOf(x)) });
}

/** Keeps the shape, and is one of the activations. */
function activation(name: ActivationName): OperationReader {
  return unary((x) => resolveActivation(name, name).apply(x));
}

/** Does what a layer without weights does. */
function asLayer(make: (reader: ConfigReader) => Layer): OperationReader {
  return (reader) => {
    const layer = make(reader);
    return {
      operands: layer.takesList ? "list" : 1,
      outputShape: (shapes) => layer.inferShapes(shapes)[0] ?? [],
      compute: (operands) => layer.callAll(operands.map(tensorOf), { training: false })[0] ?? tf.scalar(Number.NaN),
    };
  };
}

/** Makes one value of all along some axes, or along every axis. */
function reduction(reduce: (x: tf.Tensor, axes: number[], keep: boolean) => tf.Tensor): OperationReader {
  return (reader) => {
    const axes = axesIn(reader, "axis");
    const keep = reader.boolean("keepdims") ?? false;
    reader.only("initial", null);
    const axesOf = (shape: Shape): readonly number[] =>
      resolveAxis("reduction", axes ?? shape.map((_, axis) => axis), shape);
    return {
      operands: 1,
      outputShape: ([shape = []]) => {
        const reduced = axesOf(shape);
        const kept = shape.map((length, axis) => (reduced.includes(axis) ? 1 : length));
        return keep ? kept : kept.filter((_, axis) => !reduced.includes(axis));
      },
      compute: ([x = 0]) => reduce(tensorOf(x), [...axesOf(tensorOf(x).shape)], keep),
    };
  };
}

function clip(reader: ConfigReader): Computation {
  const [low, high] = [reader.number("x_min") ?? Number.NaN, reader.number("x_max") ?? Number.NaN];
  if (!(low <= high)) throw new InvalidConfigError("Clip", "x_max", `at least x_min, ${low}`, high);
  // Between equal limits tf.clipByValue fills in the limit, and NaN would disappear.
  return unary((x) => (low === high ? tf.maximum(tf.minimum(x, high), low) : tf.clipByValue(x, low, high)))(
    reader,
    undefined,
  );
}

/** `x Phi(x)`, or its approximation by tanh. */
function readGelu(reader: ConfigReader): Computation {
  if (reader.boolean("approximate") === false) return unary(gelu)(reader, undefined);
  const inner = (x: tf.Tensor): tf.Tensor => tf.mul(tf.add(x, tf.mul(tf.pow(x, 3), 0.044715)), Math.sqrt(2 / Math.PI));
  return unary((x) => tf.mul(tf.mul(x, 0.5), tf.add(tf.tanh(inner(x)), 1)))(reader, undefined);
}

/** Of `max_pool` and `average_pool`, on pictures. */
function windowOf(reader: ConfigReader): PoolingConfig<2> {
  const padding = reader.string("padding") ?? "valid";
  if (padding !== "valid" && padding !== "same") return reader.fail("padding", "valid or same", padding);
  return {
    poolSize: reader.pair("pool_size") ?? Number.NaN,
    strides: (reader.take("strides") ?? null) === null ? undefined : reader.pair("strides"),
    padding,
    dataFormat: reader.string("data_format") === "channels_first" ? "channelsFirst" : "channelsLast",
  };
}

/** The whole shape, batch axis first, which may be -1: it takes what the others leave. */
function reshape(reader: ConfigReader): Computation {
  const [batch = 0, ...rest] = [reader.numbers("newshape") ?? []].flat();
  if (batch !== -1 || !rest.every((length) => Number.isInteger(length) && length >= 0)) {
    return reader.fail("newshape", "-1, and lengths after it", [batch, ...rest]);
  }
  return {
    operands: 1,
    outputShape: ([shape = []]) => {
      const [length, elements] = [product(rest) ?? 0, product(shape)];
      if (elements === null) return [null, ...rest];
      if (length > 0 && elements % length === 0) return [elements / length, ...rest];
      throw new ShapeError("Reshape", "input", `of a multiple of ${length} elements`, formatShape(shape));
    },
    compute: ([x = 0]) => tf.reshape(tensorOf(x), [-1, ...rest]),
  };
}

function product(shape: Shape): number | null {
  return shape.reduce<number | null>((size, length) => (size === null || length === null ? null : size * length), 1);
}

/** Operations of `keras.ops` by class name, as Keras's functional configs hold them. */
export const kerasOperations: Readonly<Record<string, OperationReader>> = {
  ...Object.fromEntries(
    Object.entries({ ...arithmetic, ...comparisons }).map(([name, computation]) => [name, () => computation]),
  ),
  Negative: unary((x) => tf.neg(x)),
  Absolute: unary((x) => tf.abs(x)),
  Abs: unary((x) => tf.abs(x)),
  Exp: unary((x) => tf.exp(x)),
  Log: unary((x) => tf.log(x)),
  Sqrt: unary((x) => tf.sqrt(x)),
  Rsqrt: unary((x) => tf.rsqrt(x)),
  Square: unary((x) => tf.square(x)),
  Floor: unary((x) => tf.floor(x)),
  Round: (reader) => {
    reader.only("decimals", 0);
    return unary((x) => tf.round(x))(reader, undefined);
  },
  Ceil: unary((x) => tf.ceil(x)),
  Sin: unary((x) => tf.sin(x)),
  Cos: unary((x) => tf.cos(x)),
  Log1p: unary((x) => tf.log1p(x)),
  Expm1: unary((x) => tf.expm1(x)),
  Reciprocal: unary((x) => tf.reciprocal(x)),
  Sign: unary((x) => tf.sign(x)),
  Erf: unary((x) => tf.erf(x)),
  Cast: (reader) => {
    reader.only("dtype", "float32");
    return unary((x) => x)(reader, undefined);
  },
  Clip: clip,
  Mean: reduction((x, axes, keep) => tf.mean(x, axes, keep)),
  Sum: reduction((x, axes, keep) => tf.sum(x, axes, keep)),
  Max: reduction((x, axes, keep) => tf.max(x, axes, keep)),
  Min: reduction((x, axes, keep) => tf.min(x, axes, keep)),
  Var: reduction((x, axes, keep) => tf.moments(x, axes, keep).variance),
  Std: reduction((x, axes, keep) => tf.sqrt(tf.moments(x, axes, keep).variance)),
  MaxPool: asLayer((reader) => new MaxPooling2D(windowOf(reader))),
  AveragePool: asLayer((reader) => new AveragePooling2D(windowOf(reader))),
  Reshape: reshape,
  ExpandDims: readExpandDims,
  Squeeze: readSqueeze,
  Swapaxes: readSwapaxes,
  Moveaxis: readMoveaxis,
  Stack: readStack,
  Flip: readFlip,
  Transpose: readTranspose,
  GetItem: readItemOperation,
  Matmul: () => matmul,
  Where: () => where,
  Pad: readPad,
  Take: readTake,
  Concatenate: asLayer((reader) => Concatenate.fromConfig(reader)),
  Relu: activation("relu"),
  Relu6: activation("relu6"),
  Sigmoid: activation("sigmoid"),
  HardSigmoid: activation("hardSigmoid"),
  LogSigmoid: activation("logSigmoid"),
  Silu: activation("silu"),
  HardSilu: activation("hardSilu"),
  Selu: activation("selu"),
  Softplus: activation("softplus"),
  Softsign: activation("softsign"),
  Tanh: activation("tanh"),
  HardTanh: activation("hardTanh"),
  Gelu: readGelu,
  Elu: asLayer((reader) => ELU.fromConfig(reader)),
  LeakyRelu: asLayer((reader) => new LeakyReLU({ negativeSlope: reader.number("negative_slope") ?? 0.2 })),
  ReLU: asLayer((reader) => ReLU.fromConfig(reader)),
  Softmax: asLayer((reader) => Softmax.fromConfig(reader)),
  LogSoftmax: (reader) => {
    reader.only("axis", -1);
    return activation("logSoftmax")(reader, undefined);
  },
};
