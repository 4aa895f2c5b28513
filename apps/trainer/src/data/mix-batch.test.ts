import { HostArray, RandomStream } from "@featuremap/tensor";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { mixBatch } from "./mix-batch.ts";

/** Pictures of one level each, with one-hot rows. */
function batch(count: number): { images: HostArray<Float32Array>; targets: HostArray<Float32Array> } {
  const images = new HostArray(new Float32Array(count * 8 * 6 * 3), [count, 8, 6, 3]);
  const targets = new HostArray(new Float32Array(count * count), [count, count]);
  for (let index = 0; index < count; index++) {
    images.data.fill(index, index * 144, (index + 1) * 144);
    targets.data[index * count + index] = 1;
  }
  return { images, targets };
}

const anyCase = [fc.integer({ min: 1, max: 6 }), fc.double({ min: 0.05, max: 4, noNaN: true }), fc.nat()] as const;

describe.for(["mixup", "cutmix"] as const)("%s", (way) => {
  test("blends pictures and targets by the same share", () => {
    fc.assert(
      fc.property(...anyCase, (count, alpha, seed) => {
        const { images, targets } = batch(count);
        mixBatch(images, [targets, undefined], { mixup: 0, cutmix: 0, seed: 0, [way]: alpha }, new RandomStream(seed));
        for (let index = 0; index < count; index++) {
          const row = targets.data.subarray(index * count, (index + 1) * count);
          expect(row.reduce((sum, value) => sum + value)).toBeCloseTo(1, 5);
          // A picture's mean level is that of the classes it is of.
          const level = row.reduce((sum, value, label) => sum + value * label, 0);
          const pixels = images.data.subarray(index * 144, (index + 1) * 144);
          expect(pixels.reduce((sum, value) => sum + value) / 144).toBeCloseTo(level, 4);
        }
      }),
    );
  });

  test("comes from the stream alone, and differs from batch to batch", () => {
    const mixed = (name: string): Float32Array => {
      const { images, targets } = batch(5);
      mixBatch(images, [targets], { mixup: 0, cutmix: 0, seed: 0, [way]: 1 }, new RandomStream(3).fork(name));
      return targets.data;
    };
    expect(mixed("epoch 0, batch 1")).toEqual(mixed("epoch 0, batch 1"));
    expect(mixed("epoch 0, batch 1")).not.toEqual(mixed("epoch 0, batch 2"));
  });
});

test("cutmix leaves every pixel one of the two pictures'", () => {
  const { images, targets } = batch(4);
  mixBatch(images, [targets], { mixup: 0, cutmix: 1, seed: 0 }, new RandomStream(12));
  expect(images.data.every(Number.isInteger)).toBe(true);
});

test("shares are those of Beta(alpha, alpha): of small alpha near 0 or 1, of large near a half", () => {
  const spread = (alpha: number): number => {
    let sum = 0;
    for (let seed = 0; seed < 400; seed++) {
      const { images, targets } = batch(2);
      mixBatch(images, [targets], { mixup: alpha, cutmix: 0, seed: 0 }, new RandomStream(seed));
      const share = targets.data[0] ?? 0;
      // Where a picture is blended with itself there is nothing to see.
      sum += share === 1 ? 0 : (share - 0.5) ** 2;
    }
    return sum / 200;
  };
  // Variances 1 / (4 (2 alpha + 1)), of about half of the batches.
  expect(spread(0.2)).toBeGreaterThan(0.14);
  expect(spread(8)).toBeLessThan(0.03);
});

test("with both, a batch has one or the other", () => {
  const whole = Array.from({ length: 60 }, (_, seed) => {
    const { images, targets } = batch(4);
    mixBatch(images, [targets], { mixup: 8, cutmix: 1, seed: 0 }, new RandomStream(seed));
    return images.data.every(Number.isInteger);
  });
  const cut = whole.filter(Boolean).length;
  expect(cut).toBeGreaterThan(15);
  expect(cut).toBeLessThan(45);
});
