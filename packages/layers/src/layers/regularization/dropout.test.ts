import { RandomStream } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, test } from "vitest";
import { checkLayerContract } from "../../testing/check-layer-contract.ts";
import { registerGradients } from "@featuremap/operations";
import { useBackend } from "@featuremap/testing/backend";
import { Dropout } from "./dropout.ts";

useBackend(registerGradients);

describe("Dropout", () => {
  checkLayerContract(() => new Dropout({ rate: 0.4, seed: 7 }), { inputShape: [2, 3] });

  const mask = (layer: Dropout, shape: number[] = [100, 100]): number[] => {
    const output = tf.tidy(() => layer.call(tf.ones(shape), { training: true }));
    const values = [...output.dataSync()];
    output.dispose();
    return values;
  };
  const count = (values: readonly number[], value: number): number => values.filter((entry) => entry === value).length;

  test("drops its share of elements and rescales the rest, so that the mean is kept", () => {
    const values = mask(new Dropout({ rate: 0.25, seed: 1 }));
    const kept = Math.fround(1 / 0.75);
    expect(count(values, 0) + count(values, kept)).toBe(10_000);
    // Four standard deviations of the number dropped among 10,000.
    expect(Math.abs(count(values, 0) - 2500)).toBeLessThan(4 * Math.sqrt(10_000 * 0.25 * 0.75));
  });

  test("takes a new mask at each step, the same from the same seed", () => {
    const [layer, again] = [new Dropout({ rate: 0.5, seed: 3 }), new Dropout({ rate: 0.5, seed: 3 })];
    const [first, second] = [mask(layer), mask(layer)];
    expect(second).not.toEqual(first);
    expect([mask(again), mask(again)]).toEqual([first, second]);
    expect(mask(new Dropout({ rate: 0.5, seed: 4 }))).not.toEqual(first);
  });

  test("takes its masks from the model's seed if it has none of its own", () => {
    const built = (seed: number): Dropout => {
      const layer = new Dropout({ rate: 0.5 });
      layer.build([null, 100], new RandomStream(seed));
      return layer;
    };
    expect(mask(built(1))).toEqual(mask(built(1)));
    expect(mask(built(1))).not.toEqual(mask(built(2)));
  });

  test("gives back its input when it predicts", () => {
    const input = tf.ones([2, 2]);
    expect(new Dropout({ rate: 0.5 }).call(input, { training: false })).toBe(input);
    input.dispose();
  });

  test("drops together what lies along an axis of length 1 of the noise shape", () => {
    const values = mask(new Dropout({ rate: 0.5, seed: 2, noiseShape: [null, 1] }), [50, 4]);
    for (let row = 0; row < 50; row++) expect(new Set(values.slice(row * 4, row * 4 + 4)).size).toBe(1);
    expect(count(values, 0)).toBeGreaterThan(0);
    expect(count(values, 2)).toBeGreaterThan(0);
  });

  test("sends gradients through what it kept", () => {
    const gradient = tf.tidy(() => {
      const layer = new Dropout({ rate: 0.5, seed: 5 });
      const output = mask(new Dropout({ rate: 0.5, seed: 5 }), [4, 4]);
      const slopes = tf.grad((input) => tf.sum(layer.call(input, { training: true })))(tf.ones([4, 4]));
      return { output, slopes: [...slopes.dataSync()] };
    });
    expect(gradient.slopes).toEqual(gradient.output);
  });

  test("keeps nothing where the rate is 1, as in Keras", () => {
    expect(mask(new Dropout({ rate: 1 }), [4, 4])).toEqual(Array.from({ length: 16 }, () => 0));
  });

  test.for([-0.1, 1.1, Number.NaN])("rejects rate %s", (rate) => {
    expect(() => new Dropout({ rate })).toThrow(expect.objectContaining({ code: "INVALID_CONFIG", option: "rate" }));
  });

  test.for([3, ["x"], [-1, 2], [0.5]])("rejects noise shape %j", (noiseShape) => {
    expect(() => new Dropout({ rate: 0.5, noiseShape: noiseShape as number[] })).toThrow(
      expect.objectContaining({ code: "INVALID_CONFIG", option: "noiseShape" }),
    );
  });
});
