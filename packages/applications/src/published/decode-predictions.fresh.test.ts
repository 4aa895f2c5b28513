import { HostArray } from "@featuremap/tensor";
import { expect, test, vi } from "vitest";
import { decodePredictions } from "../index.ts";

vi.mock(import("./imagenet-classes.ts"), () => ({
  imagenetCount: 1000,
  imagenetClasses: () =>
    Promise.resolve(Array.from({ length: 1000 }, (_, place) => ({ synset: `n${place}`, label: `class_${place}` }))),
}));

test("the likeliest classes come first, of equal ones the first", async () => {
  const scores = new Float32Array(2000).fill(0.125);
  scores.set([0.25, 0.5], 900);
  scores[1003] = 0.75;
  const predictions = new HostArray(scores, [2, 1000]);
  expect(await decodePredictions(predictions, 3)).toEqual([
    [
      { synset: "n901", label: "class_901", score: 0.5 },
      { synset: "n900", label: "class_900", score: 0.25 },
      { synset: "n0", label: "class_0", score: 0.125 },
    ],
    [
      { synset: "n3", label: "class_3", score: 0.75 },
      { synset: "n0", label: "class_0", score: 0.125 },
      { synset: "n1", label: "class_1", score: 0.125 },
    ],
  ]);
  expect((await decodePredictions(predictions))[0]).toHaveLength(5);
  expect((await decodePredictions(predictions, 2000))[0]).toHaveLength(1000);
  expect(await decodePredictions(new HostArray(new Float32Array(0), [0, 1000]))).toEqual([]);
});
