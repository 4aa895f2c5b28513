import * as tf from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { WasmBackend } from "./backend.ts";
import { registerWasmBackend } from "./index.ts";
import type { WeightsUpdate } from "./optimizer.ts";

beforeAll(async () => {
  await registerWasmBackend({ threads: 2 });
  await tf.setBackend("featuremap-wasm");
});
afterAll(() => {
  expect(tf.memory().numTensors).toBe(0);
  tf.removeBackend("featuremap-wasm");
});

const numbers = { rate: 0.1, decay: 0.9, share: 0.1, secondShare: 0.001, epsilon: 1e-7, weightDecay: 0.01 };

/** New weight and slots by the documented formulas, in float64. */
const formulas: Record<WeightsUpdate["rule"], (w: number, g: number, s: number, t: number) => number[]> = {
  sgd: (w, g) => [w - 0.1 * g],
  momentum: (w, g, m) => [w + (0.9 * m - 0.1 * g), 0.9 * m - 0.1 * g],
  nesterov: (w, g, m) => [w + 0.9 * (0.9 * m - 0.1 * g) - 0.1 * g, 0.9 * m - 0.1 * g],
  rmsprop: (w, g, v) => {
    const mean = 0.9 * v + 0.1 * g * g;
    return [w - (0.1 * g) / Math.sqrt(mean + 1e-7), mean];
  },
  adam: (w, g, m, v) => {
    const [mean, square] = [m + 0.1 * (g - m), v + 0.001 * (g * g - v)];
    return [w - 0.01 * w - (0.1 * mean) / (Math.sqrt(square) + 1e-7), mean, square];
  },
};

const slotCounts = { sgd: 0, momentum: 1, nesterov: 1, rmsprop: 1, adam: 2 } as const;

describe("updateInPlace", () => {
  test.for(Object.keys(formulas) as WeightsUpdate["rule"][])(
    "follows the formula of %s, for weights of any size",
    async (rule) => {
      const backend = tf.backend() as WasmBackend;
      const sizes = [1, 7, 40_001];
      const weights = sizes.map((size) => ({
        weight: tf.randomNormal([size], 0, 1, "float32", 1),
        gradient: tf.randomNormal([size], 0, 1, "float32", 2),
        slots: Array.from({ length: slotCounts[rule] }, (_, slot) =>
          tf.randomUniform([size], 0, 1, "float32", 3 + slot),
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
        const [w, g, s, t] = before[index] ?? [];
        for (const element of [0, (sizes[index] ?? 1) - 1]) {
          const expected = formulas[rule](w?.[element] ?? 0, g?.[element] ?? 0, s?.[element] ?? 0, t?.[element] ?? 0);
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
