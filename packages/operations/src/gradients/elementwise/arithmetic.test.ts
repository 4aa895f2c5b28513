import { useBackend } from "@featuremap/testing/backend";
import * as tf from "@tensorflow/tfjs-core";
import { afterAll, describe, expect, test } from "vitest";
import { arithmeticGradients } from "./arithmetic.ts";
import { distinctValues, gradientMismatches, watchGradients } from "../../testing/numerical-gradient.ts";
import { registerGradients } from "../register-gradients.ts";

useBackend();
const unused = watchGradients(arithmeticGradients);
afterAll(() => expect(unused(), "gradients that no test used").toEqual([]));

const shapes: [number[], number[]][] = [
  [
    [2, 3],
    [2, 3],
  ],
  [[2, 3], [3]],
  [[3], [2, 3]],
  [
    [2, 1, 3],
    [4, 1],
  ],
  [[], [2, 3]],
  [[2, 3], []],
];

describe("arithmetic of two tensors", () => {
  const operations: [string, (a: tf.Tensor, b: tf.Tensor) => tf.Tensor, [number, number]?][] = [
    ["add", tf.add],
    ["sub", tf.sub],
    ["mul", tf.mul],
    ["div", tf.div, [0.5, 2]],
    ["maximum", tf.maximum],
    ["minimum", tf.minimum],
    ["squaredDifference", tf.squaredDifference],
    ["pow", tf.pow, [0.5, 2]],
    ["atan2", tf.atan2],
  ];
  describe.for(operations)("%s", ([, operation, [low, high] = [-2, 2]]) => {
    test.for(shapes)("has the slope that differences show, for %j and %j", ([a, b]) => {
      // Different ranges, so that no element of one equals an element of the other.
      const inputs = [distinctValues(a, low, high), distinctValues(b, low * 0.93 + 0.01, high * 0.93, 3)];
      expect(gradientMismatches(operation, inputs)).toEqual([]);
    });
  });

  test("mod has the slope that differences show, away from its jumps", () => {
    const inputs = [tf.tensor1d([5.3, -4.2, 7.7]), tf.tensor1d([2, 3, -1.9])];
    expect(gradientMismatches((a, b) => tf.mod(a, b), inputs)).toEqual([]);
  });

  test("floorDiv has the slope of the plain quotient, as in TensorFlow.js", () => {
    registerGradients();
    tf.tidy(() => {
      const gradient = tf.grads((a: tf.Tensor, b: tf.Tensor) => tf.floorDiv(a, b));
      const [da, db] = gradient([tf.tensor1d([7, 9]), tf.scalar(2)]);
      expect(da?.arraySync()).toEqual([0.5, 0.5]);
      expect(db?.arraySync()).toBe(-4);
    });
  });

  test("pow of a base that is not positive has no slope by its exponent", () => {
    registerGradients();
    tf.tidy(() => {
      const [da, db] = tf.grads((a: tf.Tensor, b: tf.Tensor) => tf.pow(a, b))([
        tf.tensor1d([-2, 0]),
        tf.tensor1d([3, 2]),
      ]);
      expect(da?.arraySync()).toEqual([12, 0]);
      expect(db?.dataSync().map(Math.abs)).toEqual(Float32Array.of(0, 0));
    });
  });

  test("integers on the way have float32 slopes", () => {
    registerGradients();
    tf.tidy(() => {
      const gradient = tf.grad((x: tf.Tensor) => tf.mul(tf.add(x, tf.scalar(1, "int32")), tf.scalar(3, "int32")));
      const result = gradient(tf.tensor1d([1, 2]));
      expect(result.dtype).toBe("float32");
      expect(result.arraySync()).toEqual([3, 3]);
    });
  });

  test("one tensor used for both operands gets the sum of both slopes", () => {
    expect(gradientMismatches((x) => tf.add(tf.mod(x, 7), x), [tf.tensor1d([1.5, 2])])).toEqual([]);
  });
});

describe("arithmetic of one tensor", () => {
  const operations: [string, (x: tf.Tensor) => tf.Tensor, [number, number]?][] = [
    ["neg", tf.neg],
    ["abs", tf.abs],
    ["square", tf.square],
    ["sqrt", tf.sqrt, [0.3, 3]],
    ["rsqrt", tf.rsqrt, [0.3, 3]],
    ["reciprocal", tf.reciprocal, [0.5, 3]],
    ["clipByValue", (x) => tf.clipByValue(x, -1.05, 0.55)],
  ];
  test.for(operations)("%s has the slope that differences show", ([, operation, [low, high] = [-2, 2]]) => {
    expect(gradientMismatches((x) => operation(x), [distinctValues([3, 4], low, high)])).toEqual([]);
  });

  test("abs has no slope at zero", () => {
    registerGradients();
    tf.tidy(() => {
      const slope = tf.grad((x: tf.Tensor) => tf.abs(x))(tf.tensor1d([-2, 0, 2]));
      expect(slope.arraySync()).toEqual([-1, 0, 1]);
    });
  });

  test("addN gives every tensor the whole slope, also one that comes twice", () => {
    const sum = (...[a, b, c]: tf.Tensor[]): tf.Tensor => tf.addN([a, b, c, a] as tf.Tensor[]);
    expect(gradientMismatches(sum, [distinctValues([3]), distinctValues([3]), distinctValues([3])])).toEqual([]);
  });

  test("the absolute value of complex numbers has its slope along the real axis", () => {
    registerGradients();
    tf.tidy(() => {
      const numbers = tf.complex(tf.tensor1d([3, -3, 0]), tf.tensor1d([4, 4, 0]));
      const slope = tf.grad((x: tf.Tensor) => tf.abs(x))(numbers);
      expect(slope.dtype).toBe("float32");
      const [first, second, third] = slope.dataSync();
      expect(first).toBeCloseTo(0.6);
      expect(second).toBeCloseTo(-0.6);
      expect(third).toBe(0);
    });
  });
});
