import { RandomStream } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, test } from "vitest";
import { expectSame } from "../../testing/expect-same.ts";
import { useWasmBackend } from "../../testing/use-wasm-backend.ts";

const random = new RandomStream(34);

useWasmBackend();

const SPECIAL = [0, -0, 1, -1, 0.5, -0.5, 1e-8, -1e-20, 1e-45, 3.7, -3.7, 20, -20, 88, -88, 89, 1e5, -1e7, 3e20].concat(
  [3.4e38, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN, Math.fround(Math.PI / 2), -0.9999999],
);

/** Values of all sizes, of both signs. */
function allSizes(count: number): number[] {
  return Array.from({ length: count }, () => Math.fround(random.normal() * 2 ** (random.uniform() * 60 - 30)));
}

/** Double-precision references that are good to the last place of float32. */
const PRECISE: Readonly<Record<string, (x: number) => number>> = {
  Sin: Math.sin,
  Cos: Math.cos,
  Atan: Math.atan,
  Expm1: Math.expm1,
  Log1p: Math.log1p,
  Selu: (x) => (x >= 0 ? 1.0507009873554805 * x : 1.7580993408473768 * Math.expm1(x)),
};

/** Distance between neighbouring float32 values at x. */
function unitInTheLastPlace(x: number): number {
  return Math.max(2 ** -149, 2 ** (Math.floor(Math.log2(Math.abs(x))) - 23));
}

describe("elementary functions", () => {
  test.for([...Object.keys(PRECISE), "Erf", "Sign", "IsNan", "IsFinite", "IsInf"])(
    "%s agrees with the CPU backend on special values, at all sizes and in any length",
    async (name) => {
      for (const value of SPECIAL) await expectSame({ name, inputs: { x: { shape: [1], values: [value] } } }, random);
      for (const length of [2, 3, 20_001]) {
        await expectSame({ name, inputs: { x: { shape: [length], values: allSizes(length) } } }, random);
      }
      await expectSame({ name, inputs: { x: [3, 0] } }, random);
      await expectSame({ name, inputs: { x: [5, 7, 11] } }, random);
    },
  );

  test.for(Object.entries(PRECISE))("%s is within 4 units in the last place", async ([name, reference]) => {
    await tf.setBackend("featuremap-wasm");
    // Near the multiples of half pi, where sine and cosine cross 0, small results need the most exact reduction.
    const crossings = Array.from({ length: 1000 }, (_, index) => Math.fround((index * Math.PI) / 2));
    const values = [
      ...crossings,
      ...allSizes(20_000),
      ...Array.from({ length: 20_000 }, () => Math.fround(4 * random.normal())),
    ];
    const output = tf.tidy(() => tf.engine().runKernel<tf.Tensor>(name, { x: tf.tensor1d(values) }));
    const given = await output.data();
    output.dispose();
    let worst = { units: 0, x: 0, y: 0 };
    for (const [index, x] of values.entries()) {
      const want = reference(x);
      const y = given[index] ?? Number.NaN;
      const exact = y === Math.fround(want) || (Number.isNaN(want) && Number.isNaN(y));
      const units = exact ? 0 : Math.abs(y - want) / unitInTheLastPlace(want);
      if (!(units <= worst.units)) worst = { units, x, y };
    }
    expect(worst.units, `${name}(${worst.x}) = ${worst.y}`).toBeLessThan(4);
  });
});

describe("powers", () => {
  test("agree with JavaScript's for all special bases and exponents", async () => {
    const exponents = [0, -0, 1, -1, 2, 3, -3, 0.5, -0.5, 1 / 3, 127, -149, 1e10, 16_777_215, Infinity, -Infinity, NaN];
    for (const exponent of exponents) {
      const a = { shape: [SPECIAL.length], values: SPECIAL };
      await expectSame({ name: "Pow", inputs: { a, b: { shape: [], values: [exponent] } } }, random);
    }
  });

  test("take a single exponent, one for each value, or any that broadcast", async () => {
    const base = (shape: number[]): { shape: number[]; values: number[] } => ({
      shape,
      values: allSizes(tf.util.sizeFromShape(shape)).map((value) => Math.min(100, Math.abs(value))),
    });
    for (const [a, b] of [
      [[20_001], [1]],
      [[20_001], [20_001]],
      [[3, 4], [4]],
      [[3, 4], []],
      [[1], [3, 1]],
      [[2], [1, 1]],
      [[1], [1, 1]],
      [[0, 2], [1]],
    ] as [number[], number[]][]) {
      await expectSame({ name: "Pow", inputs: { a: base(a), b } }, random);
    }
  });
});
