import { RandomStream } from "@featuremap/tensor";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { countClasses, splitPlaces, thinPlaces } from "./split-places.ts";

const labels = fc.array(fc.nat(4), { minLength: 1, maxLength: 60 });
const share = fc.double({ min: 0.01, max: 0.99, noNaN: true });

test("each class is shared out as nearly as whole pictures allow, and none is lost or twice", () => {
  fc.assert(
    fc.property(labels, share, fc.nat(), (given, wanted, seed) => {
      const { first, second } = splitPlaces(given, wanted, new RandomStream(seed));
      expect([...first, ...second].toSorted((a, b) => a - b)).toEqual(given.map((_, place) => place));
      const counts = countClasses(given, 5);
      const taken = countClasses(
        Array.from(second, (place) => given[place] ?? -1),
        5,
      );
      for (const [label, count] of counts.entries()) {
        const most = Math.max(0, count - 1);
        expect(taken[label]).toBe(Math.min(Math.max(Math.round(count * wanted), 1), most));
      }
    }),
  );
});

test("the seed alone decides", () => {
  const given = Array.from({ length: 40 }, (_, place) => place % 3);
  const split = (seed: number): Uint32Array => splitPlaces(given, 0.2, new RandomStream(seed)).second;
  expect(split(1)).toEqual(split(1));
  expect(split(1)).not.toEqual(split(2));
});

test("thinning leaves one of each class at least, in order", () => {
  fc.assert(
    fc.property(labels, share, fc.nat(), (given, wanted, seed) => {
      const places = thinPlaces(given, wanted, new RandomStream(seed));
      expect([...places]).toEqual([...new Set(places)].toSorted((a, b) => a - b));
      const counts = countClasses(given, 5);
      const kept = countClasses(
        Array.from(places, (place) => given[place] ?? -1),
        5,
      );
      expect(kept).toEqual(counts.map((count) => (count === 0 ? 0 : Math.max(1, Math.round(count * wanted)))));
    }),
  );
});
