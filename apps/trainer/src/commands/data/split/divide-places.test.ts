import { RandomStream } from "@featuremap/tensor";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { dividePlaces } from "./divide-places.ts";
import { splitPlaces } from "../../../data/split-places.ts";

describe("dividePlaces", () => {
  const labels = Int32Array.from({ length: 60 }, (_, place) => place % 3);

  test("divides each class by its shares", () => {
    const {
      train,
      validation,
      test: judged,
    } = dividePlaces({ labels, validation: 0.2, test: 0.1 }, new RandomStream(1));
    expect([train, validation, judged].map(({ length }) => length)).toEqual([42, 12, 6]);
    for (const label of [0, 1, 2]) expect(validation.filter((place) => labels[place] === label)).toHaveLength(4);
    expect([...train, ...validation, ...judged].toSorted((a, b) => a - b)).toEqual([...labels.keys()]);
  });

  test("keeps for validation what train keeps by itself", () => {
    const { train, validation } = dividePlaces({ labels, validation: 0.2, test: 0 }, new RandomStream(7));
    const { first, second } = splitPlaces(labels, 0.2, new RandomStream(7).fork("validation"));
    expect([train, validation]).toEqual([first, second]);
    expect(dividePlaces({ labels, validation: 0.2, test: 0 }, new RandomStream(8)).validation).not.toEqual(second);
  });

  test("whatever the groups, divides none, loses nobody, and leaves of each class some to train on", () => {
    const data = fc.record({
      labels: fc.array(fc.nat(3), { minLength: 1, maxLength: 40 }),
      groups: fc.array(fc.nat(39), { maxLength: 30 }),
      validation: fc.double({ min: 0.01, max: 0.6, noNaN: true }),
      test: fc.constantFrom(0, 0.1, 0.35),
      seed: fc.nat(),
    });
    fc.assert(
      fc.property(data, ({ labels: classes, groups, seed, ...shares }) => {
        const left = [...new Set(groups)].filter((place) => place < classes.length);
        const together: number[][] = [];
        while (left.length >= 2) together.push(left.splice(0, 2 + (left.length % 3)).toSorted((a, b) => a - b));
        const parts = dividePlaces({ labels: classes, together, ...shares }, new RandomStream(seed));
        const sets = [parts.train, parts.validation, parts.test].map((places) => new Set(places));
        expect(sets.flatMap((set) => [...set]).toSorted((a, b) => a - b)).toEqual([...classes.keys()]);
        for (const group of together) {
          expect(sets.filter((set) => group.some((place) => set.has(place)))).toHaveLength(1);
        }
        const trained = (label: number): boolean => [...parts.train].some((place) => classes[place] === label);
        const grouped = new Set(together.flat().map((place) => classes[place]));
        expect(classes.filter((label) => !grouped.has(label) && !trained(label))).toEqual([]);
      }),
    );
  });

  test("a group too large for a part stays to train on, and a part gets the smallest rather than none", () => {
    const one = Array<number>(12).fill(0);
    const large = { labels: one, together: [[0, 1, 2, 3, 4, 5, 6, 7]], validation: 0.25, test: 0 };
    for (let seed = 0; seed < 20; seed++) {
      const { train, validation } = dividePlaces(large, new RandomStream(seed));
      expect([train.includes(0), validation.length]).toEqual([true, 3]);
    }
    const pairs = {
      labels: [0, 0, 0, 0],
      together: [
        [0, 1],
        [2, 3],
      ],
      validation: 0.2,
      test: 0,
    };
    expect(dividePlaces(pairs, new RandomStream(3)).validation).toHaveLength(2);
    const single = { labels: [0, 0], together: [[0, 1]], validation: 0.5, test: 0.2 };
    expect(dividePlaces(single, new RandomStream(3)).train).toHaveLength(2);
  });
});
