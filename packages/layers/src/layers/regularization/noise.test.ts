import { RandomStream } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, test } from "vitest";
import type { Layer } from "../../layer/layer.ts";
import { checkLayerContract } from "../../testing/check-layer-contract.ts";
import { registerGradients } from "@featuremap/operations";
import { useBackend } from "@featuremap/testing/backend";
import { AlphaDropout } from "./alpha-dropout.ts";
import { GaussianDropout } from "./gaussian-dropout.ts";
import { GaussianNoise } from "./gaussian-noise.ts";
import { SpatialDropout1D } from "./spatial-dropout1d.ts";
import { SpatialDropout2D } from "./spatial-dropout2d.ts";
import { SpatialDropout3D } from "./spatial-dropout3d.ts";

useBackend(registerGradients);

/** What training makes of ones. */
function trained(layer: Layer, shape: readonly number[]): number[] {
  return tf.tidy(() => [...layer.call(tf.ones([...shape]), { training: true }).dataSync()]);
}

function moments(values: readonly number[]): { readonly mean: number; readonly deviation: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return { mean, deviation: Math.sqrt(variance) };
}

describe.for<[string, string, (config: { seed?: number; amount?: number }) => Layer, number[]]>([
  ["SpatialDropout1D", "rate", ({ seed, amount = 0.4 }) => new SpatialDropout1D({ rate: amount, seed }), [2, 3, 5]],
  ["SpatialDropout2D", "rate", ({ seed, amount = 0.4 }) => new SpatialDropout2D({ rate: amount, seed }), [2, 3, 2, 5]],
  [
    "SpatialDropout3D",
    "rate",
    ({ seed, amount = 0.4 }) => new SpatialDropout3D({ rate: amount, seed }),
    [2, 2, 2, 1, 5],
  ],
  ["AlphaDropout", "rate", ({ seed, amount = 0.4 }) => new AlphaDropout({ rate: amount, seed }), [2, 6]],
  ["GaussianNoise", "stddev", ({ seed, amount = 0.4 }) => new GaussianNoise({ stddev: amount, seed }), [2, 6]],
  ["GaussianDropout", "rate", ({ seed, amount = 0.4 }) => new GaussianDropout({ rate: amount, seed }), [2, 6]],
])("%s", ([, option, make, inputShape]) => {
  checkLayerContract(() => make({ seed: 7 }), { inputShape });

  test("gives back its input when it predicts, and when there is nothing to do", () => {
    const input = tf.ones(inputShape);
    expect(make({}).call(input, { training: false })).toBe(input);
    expect(make({ amount: 0 }).call(input, { training: true })).toBe(input);
    input.dispose();
  });

  test("draws anew at each step, the same from the same seed, its own or the model's", () => {
    const [layer, again] = [make({ seed: 3 }), make({ seed: 3 })];
    const [first, second] = [trained(layer, inputShape), trained(layer, inputShape)];
    expect(second).not.toEqual(first);
    expect([trained(again, inputShape), trained(again, inputShape)]).toEqual([first, second]);
    const built = (seed: number): number[] => {
      const seeded = make({});
      seeded.build([null, ...inputShape.slice(1)], new RandomStream(seed));
      return trained(seeded, inputShape);
    };
    expect(built(1)).toEqual(built(1));
    expect(built(1)).not.toEqual(built(4));
  });

  test.for([-0.1, 1.1, Number.NaN])(`rejects ${option} %s`, (amount) => {
    expect(() => make({ amount })).toThrow(expect.objectContaining({ code: "INVALID_CONFIG", option }));
  });

  test("rejects a seed that is not an integer", () => {
    expect(() => make({ seed: 1.5 })).toThrow(expect.objectContaining({ code: "INVALID_CONFIG", option: "seed" }));
  });
});

describe("dropout of whole channels", () => {
  test("drops its share of channels, each as a whole", () => {
    const values = trained(new SpatialDropout2D({ rate: 0.25, seed: 1 }), [40, 2, 2, 50]);
    const channel = (index: number): number[] =>
      [0, 1, 2, 3].map((pixel) => values[Math.floor(index / 50) * 200 + pixel * 50 + (index % 50)] ?? Number.NaN);
    const channels = Array.from({ length: 2000 }, (_, index) => channel(index));
    expect(channels.every((pixels) => new Set(pixels).size === 1)).toBe(true);
    const dropped = channels.filter(([value]) => value === 0).length;
    // Four standard deviations of the number dropped among 2,000.
    expect(Math.abs(dropped - 500)).toBeLessThan(4 * Math.sqrt(2000 * 0.25 * 0.75));
    expect(channels.filter(([value]) => value === Math.fround(1 / 0.75))).toHaveLength(2000 - dropped);
  });

  test("knows channels that come first", () => {
    const layer = new SpatialDropout2D({ rate: 0.5, seed: 2, dataFormat: "channelsFirst" });
    const values = trained(layer, [2, 8, 2, 2]);
    for (let map = 0; map < 16; map++) expect(new Set(values.slice(map * 4, map * 4 + 4)).size).toBe(1);
    expect(new Set(values).size).toBe(2);
  });

  test("drops channels of sequences as a whole", () => {
    const values = trained(new SpatialDropout1D({ rate: 0.5, seed: 2 }), [1, 3, 20]);
    expect(values.slice(20, 40)).toEqual(values.slice(0, 20));
    expect(values.slice(40)).toEqual(values.slice(0, 20));
    expect(new Set(values).size).toBe(2);
  });

  test.for(["channelsLast", "channelsFirst"] as const)("drops channels of volumes as a whole, %s", (dataFormat) => {
    const shape = dataFormat === "channelsLast" ? [2, 2, 1, 2, 8] : [2, 8, 2, 1, 2];
    const values = trained(new SpatialDropout3D({ rate: 0.5, seed: 2, dataFormat }), shape);
    const channelOf = (index: number): number =>
      dataFormat === "channelsLast" ? Math.floor(index / 32) * 8 + (index % 8) : Math.floor(index / 4);
    const channels = Array.from({ length: 16 }, (_, channel) =>
      values.filter((_v, index) => channelOf(index) === channel),
    );
    for (const channel of channels) expect(new Set(channel).size).toBe(1);
    expect(new Set(values).size).toBe(2);
  });

  test("rejects inputs of another rank", () => {
    const shapeMismatch: unknown = expect.objectContaining({ code: "SHAPE_MISMATCH" });
    expect(() => new SpatialDropout1D({ rate: 0.5 }).outputShape([null, 2, 2, 3])).toThrow(shapeMismatch);
    expect(() => new SpatialDropout2D({ rate: 0.5 }).outputShape([null, 2, 3])).toThrow(shapeMismatch);
  });
});

describe("AlphaDropout", () => {
  /** Keras's `a * (x * kept + s * (1 - kept)) + b` of ones, for a rate of 0.4. */
  const kept = 1.4703773;
  const dropped = -0.910642;

  test("gives what Keras's formula gives of an element that stays, and of one that drops", () => {
    const values = trained(new AlphaDropout({ rate: 0.4, seed: 1 }), [100, 20]);
    const drops = values.filter((value) => Math.abs(value - dropped) < 1e-5).length;
    expect(values.filter((value) => Math.abs(value - kept) < 1e-5)).toHaveLength(2000 - drops);
    // Four standard deviations of the number dropped among 2,000.
    expect(Math.abs(drops - 800)).toBeLessThan(4 * Math.sqrt(2000 * 0.4 * 0.6));
  });

  test("keeps mean and variance of normal inputs", () => {
    const values = tf.tidy(() => {
      const layer = new AlphaDropout({ rate: 0.3, seed: 1 });
      return [...layer.call(tf.randomNormal([200, 100], 0, 1, "float32", 3), { training: true }).dataSync()];
    });
    const { mean, deviation } = moments(values);
    expect(Math.abs(mean)).toBeLessThan(0.04);
    expect(Math.abs(deviation - 1)).toBeLessThan(0.04);
  });

  test("drops what the noise shape puts together, together", () => {
    const values = trained(new AlphaDropout({ rate: 0.5, seed: 1, noiseShape: [null, 1] }), [40, 3]);
    const rows = Array.from({ length: 40 }, (_, row) => new Set(values.slice(row * 3, row * 3 + 3)).size);
    expect(rows).toEqual(new Array(40).fill(1));
    expect(new Set(values).size).toBe(2);
  });

  test("rejects a rate of 1, which leaves no variance to keep", () => {
    expect(() => new AlphaDropout({ rate: 1 })).toThrow(
      expect.objectContaining({ code: "INVALID_CONFIG", option: "rate" }),
    );
  });
});

describe("Gaussian noise", () => {
  // Bounds are four standard errors of 20,000 draws.
  const bound = 4 / Math.sqrt(20_000);

  test("has mean 0 and its standard deviation", () => {
    const { mean, deviation } = moments(trained(new GaussianNoise({ stddev: 0.3, seed: 1 }), [200, 100]));
    expect(Math.abs(mean - 1)).toBeLessThan(0.3 * bound);
    expect(Math.abs(deviation / 0.3 - 1)).toBeLessThan(bound);
  });

  test("multiplies with mean 1 and the deviation of a dropout mask", () => {
    const { mean, deviation } = moments(trained(new GaussianDropout({ rate: 0.2, seed: 1 }), [200, 100]));
    expect(Math.abs(mean - 1)).toBeLessThan(0.5 * bound);
    expect(Math.abs(deviation / 0.5 - 1)).toBeLessThan(bound);
  });

  test("sends gradients through", () => {
    tf.tidy(() => {
      const slopes = (make: () => Layer) => {
        const layer = make();
        return [
          ...tf
            .grad((input) => tf.sum(layer.call(input, { training: true })))(tf.ones([3, 3]))
            .dataSync(),
        ];
      };
      expect(slopes(() => new GaussianNoise({ stddev: 0.5, seed: 5 }))).toEqual(new Array(9).fill(1));
      const factors = trained(new GaussianDropout({ rate: 0.5, seed: 5 }), [3, 3]);
      expect(slopes(() => new GaussianDropout({ rate: 0.5, seed: 5 }))).toEqual(factors);
    });
  });

  test("rejects a rate of 1, whose deviation is infinite", () => {
    expect(() => new GaussianDropout({ rate: 1 })).toThrow(
      expect.objectContaining({ code: "INVALID_CONFIG", option: "rate" }),
    );
  });
});
