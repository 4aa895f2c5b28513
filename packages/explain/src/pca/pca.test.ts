import { HostArray, RandomStream } from "@featuremap/tensor";
import { firstDifference } from "@featuremap/testing/closeness";
import { describe, expect, test } from "vitest";
import { pca } from "./pca.ts";
import golden from "./pca.golden.json" with { type: "json" };

/** The rows that the fixture's script makes. */
function rowsOf({
  shape: [count = 0, length = 0],
  halving,
}: {
  readonly shape: readonly number[];
  readonly halving: number;
}): HostArray<Float32Array> {
  const data = Float32Array.from({ length: count * length }, (_, place) => {
    const [i, j] = [Math.floor(place / length), place % length];
    return (((i * 7919 + j * 104729 + i * j * 31) % 1009) - 300) * 0.5 ** Math.floor(j / halving);
  });
  return new HostArray(data, [count, length]);
}

function expectSame(
  actual: HostArray | Float64Array,
  expected: { readonly shape: readonly number[]; readonly values: readonly number[] },
): void {
  const found = actual instanceof HostArray ? actual : { shape: [actual.length], data: actual };
  const difference = firstDifference({ shape: found.shape, values: found.data }, expected, 2e-6);
  expect(difference).toBeUndefined();
}

test.each(golden.map((each) => [each.name, each] as const))(
  "rows of kind %s have numpy's components, signs included",
  (_name, expected) => {
    const found = pca(rowsOf(expected), 3);
    expectSame(found.mean, expected.mean);
    expectSame(found.explainedVariance, expected.explainedVariance);
    expectSame(found.explainedVarianceRatio, expected.explainedVarianceRatio);
    expectSame(found.components, expected.components);
    expectSame(found.projections, expected.projections);
  },
);

describe("pca", () => {
  test("gives two components by default, the same each time", () => {
    const rows = rowsOf({ shape: [200, 160], halving: 40 });
    const [first, second] = [pca(rows), pca(rows)];
    expect(first.components.shape).toEqual([2, 160]);
    expect(first).toEqual(second);
  });

  test("keeps all there is with as many components as features", () => {
    const rows = rowsOf({ shape: [30, 4], halving: 4 });
    const { projections, components, mean, explainedVarianceRatio } = pca(rows, 4);
    expect(explainedVarianceRatio.reduce((sum, share) => sum + share)).toBeCloseTo(1, 12);
    for (let row = 0; row < 30; row++) {
      for (let feature = 0; feature < 4; feature++) {
        let value = mean.at(feature);
        for (let k = 0; k < 4; k++) value += projections.at(row, k) * components.at(k, feature);
        expect(value).toBeCloseTo(rows.at(row, feature), 2);
      }
    }
  });

  test("finds directions at right angles where rows spread along fewer, or not at all", () => {
    const line = pca(
      [
        [0, 0, 0],
        [1, 2, 2],
        [2, 4, 4],
      ],
      3,
    );
    expect([...line.explainedVariance]).toEqual([expect.closeTo(9, 5), expect.closeTo(0, 10), expect.closeTo(0, 10)]);
    expect([...line.components.entry(0).data]).toEqual(
      [1 / 3, 2 / 3, 2 / 3].map((value) => expect.closeTo(value, 6) as number),
    );
    const flat = pca(
      [
        [5, 7],
        [5, 7],
      ],
      2,
    );
    expect([...flat.explainedVarianceRatio]).toEqual([0, 0]);
    for (const { components } of [line, flat]) {
      const vectors = components.toNested() as number[][];
      for (const [a, left] of vectors.entries()) {
        for (const [b, right] of vectors.entries()) {
          expect(left.reduce((sum, value, place) => sum + value * (right[place] ?? 0), 0)).toBeCloseTo(
            Number(a === b),
            6,
          );
        }
      }
    }
  });

  test("finds what few directions hold beneath far less in all others", () => {
    const random = new RandomStream(4);
    const data = Float32Array.from({ length: 300 * 200 }, (_, place) => {
      const [row, column] = [Math.floor(place / 200), place % 200];
      return (
        1000 +
        random.normal() * 0.01 +
        (column === 17 ? 5 * Math.sin(row) : 0) +
        (column === 60 ? 2 * Math.cos(row) : 0)
      );
    });
    const { components, explainedVarianceRatio } = pca(new HostArray(data, [300, 200]));
    expect(components.at(0, 17)).toBeCloseTo(1, 4);
    expect(components.at(1, 60)).toBeCloseTo(1, 4);
    expect((explainedVarianceRatio[0] ?? 0) + (explainedVarianceRatio[1] ?? 0)).toBeGreaterThan(0.99);
  });

  test.each([
    ["one row", [[1, 2]], 1, /rows must be of shape \(rows, features\) with two rows or more, received \(1, 2\)/],
    ["rows of another rank", [1, 2, 3], 1, /received \(3,\)/],
    [
      "too many components",
      [
        [1, 2],
        [3, 4],
      ],
      3,
      /components must be at most 2 for rows of \(2, 2\), received 3/,
    ],
    [
      "half a component",
      [
        [1, 2],
        [3, 4],
      ],
      1.5,
      /components must be an integer of at least 1, received 1.5/,
    ],
    [
      "what is not a number",
      [
        [1, 2],
        [3, Number.NaN],
      ],
      1,
      /rows must be finite, received NaN in row 1, feature 1/,
    ],
    ["what is not an array", "rows", 1, /rows must be a HostArray or numbers in nested lists, received "rows"/],
  ] as const)("refuses %s", (_what, rows, components, message) => {
    expect(() => pca(rows as unknown as number[][], components)).toThrow(message);
  });
});
