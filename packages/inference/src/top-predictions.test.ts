import { expect, test } from "vitest";
import { topPredictions } from "./top-predictions.ts";

test("names the most probable first, equal ones in the order of the labels", () => {
  expect(topPredictions([0.2, 0.3, 0.2, 0.3], ["a", "b", "c", "d"], 3)).toEqual([
    { label: "b", index: 1, probability: 0.3 },
    { label: "d", index: 3, probability: 0.3 },
    { label: "a", index: 0, probability: 0.2 },
  ]);
});

test("names all where fewer are there", () => {
  expect(topPredictions([0.5, 0.5], ["a", "b"], 5)).toHaveLength(2);
});

test.for([1, 2, 7, 50, 300])("finds the same %d as sorting does", (count) => {
  // Many equal ones among them.
  const probabilities = Float64Array.from({ length: 300 }, (_, index) => ((index * 7919) % 101) / 101);
  const sorted = [...probabilities.keys()].toSorted(
    (a, b) => (probabilities[b] ?? 0) - (probabilities[a] ?? 0) || a - b,
  );
  const found = topPredictions(probabilities, [], count);
  expect(found.map(({ index }) => index)).toEqual(sorted.slice(0, count));
});

test("looks at each of a million classes about once", () => {
  let reads = 0;
  const probabilities = new Proxy({} as ArrayLike<number>, {
    get: (_, key) => {
      if (key === "length") return 1e6;
      reads++;
      return (Number(key) * 7919) % 1_000_003;
    },
  });
  topPredictions(probabilities, [], 5);
  expect(reads).toBeLessThan(3e6);
});
