import * as tf from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { WasmBackend } from "./backend.ts";
import { registerWasmBackend } from "../index.ts";
import type { WeightsUpdate } from "./optimizer.ts";

/** Files of one package share their imports, and what one leaves is not the next one's fault. */
const tensorsBefore = tf.memory().numTensors;

beforeAll(async () => {
  await registerWasmBackend({ threads: 2 });
  await tf.setBackend("featuremap-wasm");
});
afterAll(() => {
  expect(tf.memory().numTensors).toBe(tensorsBefore);
  tf.removeBackend("featuremap-wasm");
});

const numbers = {
  rate: 0.1,
  decay: 0.9,
  share: 0.1,
  secondShare: 0.001,
  momentum: 0.8,
  epsilon: 1e-7,
  weightDecay: 0.01,
};

/** New weight, which has lost its share already, and slots by the documented formulas, in float64. */
const formulas: Record<WeightsUpdate["rule"], (w: number, g: number, ...slots: number[]) => number[]> = {
  sgd: (w, g) => [w - 0.1 * g],
  momentum: (w, g, m = 0) => [w + (0.9 * m - 0.1 * g), 0.9 * m - 0.1 * g],
  nesterov: (w, g, m = 0) => [w + 0.9 * (0.9 * m - 0.1 * g) - 0.1 * g, 0.9 * m - 0.1 * g],
  rmsprop: (w, g, v = 0) => [w - scaled(g, v), square(g, v)],
  rmspropWithMomentum: (w, g, v = 0, m = 0) => {
    const movement = 0.8 * m + scaled(g, v);
    return [w - movement, square(g, v), movement];
  },
  centeredRmsprop: (w, g, v = 0, a = 0) => [w - scaled(g, v, average(g, a)), square(g, v), average(g, a)],
  centeredRmspropWithMomentum: (w, g, v = 0, m = 0, a = 0) => {
    const movement = 0.8 * m + scaled(g, v, average(g, a));
    return [w - movement, square(g, v), movement, average(g, a)];
  },
  adam: (w, g, m = 0, v = 0) => {
    const [mean, meanSquare] = [m + 0.1 * (g - m), v + 0.001 * (g * g - v)];
    return [w - (0.1 * mean) / (Math.sqrt(meanSquare) + 1e-7), mean, meanSquare];
  },
  amsgrad: (w, g, m = 0, v = 0, h = 0) => {
    const [mean, meanSquare] = [m + 0.1 * (g - m), v + 0.001 * (g * g - v)];
    const largest = Math.max(h, meanSquare);
    return [w - (0.1 * mean) / (Math.sqrt(largest) + 1e-7), mean, meanSquare, largest];
  },
};

function square(g: number, v: number): number {
  return 0.9 * v + 0.1 * g * g;
}

function average(g: number, a: number): number {
  return 0.9 * a + 0.1 * g;
}

function scaled(g: number, v: number, mean = 0): number {
  return (0.1 * g) / Math.sqrt(square(g, v) - mean ** 2 + 1e-7);
}

const slotCounts: Record<WeightsUpdate["rule"], number> = {
  sgd: 0,
  momentum: 1,
  nesterov: 1,
  rmsprop: 1,
  rmspropWithMomentum: 2,
  centeredRmsprop: 2,
  centeredRmspropWithMomentum: 3,
  adam: 2,
  amsgrad: 3,
};

describe("updateInPlace", () => {
  test.for(Object.keys(formulas) as WeightsUpdate["rule"][])(
    "follows the formula of %s, for weights of any size",
    async (rule) => {
      const backend = tf.backend() as WasmBackend;
      const sizes = [1, 7, 40_001];
      const weights = sizes.map((size) => ({
        weight: tf.randomNormal([size], 0, 1, "float32", 1),
        gradient: tf.randomNormal([size], 0, 1, "float32", 2),
        // A mean of squares is at least the square of the mean: slots from the last are smaller.
        slots: Array.from({ length: slotCounts[rule] }, (_, slot) =>
          tf.randomUniform([size], slot === 0 ? 1 : 0, slot === 0 ? 2 : 0.9, "float32", 3 + slot),
        ),
      }));
      const before = await Promise.all(
        weights.map(async ({ weight, gradient, slots }) =>
          Promise.all([weight, gradient, ...slots].map(async (tensor) => tensor.data())),
        ),
      );
      expect(backend.updateInPlace({ rule, ...numbers, weights })).toBe(true);
      for (const [index, { weight, gradient, slots }] of weights.entries()) {
        const after = await Promise.all([weight, ...slots].map(async (tensor) => tensor.data()));
        for (const element of [0, (sizes[index] ?? 1) - 1]) {
          const [w = 0, g = 0, ...kept] = before[index]?.map((values) => values[element] ?? 0) ?? [];
          const expected = formulas[rule](w - 0.01 * w, g, ...kept);
          for (const [slot, value] of expected.entries()) expect(after[slot]?.[element]).toBeCloseTo(value, 5);
        }
        tf.dispose([weight, gradient, ...slots]);
      }
    },
  );

  test("declines where a copy still shares a weight's values", async () => {
    const backend = tf.backend() as WasmBackend;
    const weight = tf.ones([3]);
    const copy = tf.clone(weight);
    const update = { rule: "sgd", ...numbers, weights: [{ weight, gradient: copy, slots: [] }] } as const;
    expect(backend.updateInPlace(update)).toBe(false);
    expect([...(await weight.data())]).toEqual([1, 1, 1]);
    tf.dispose([weight, copy]);
  });
});
