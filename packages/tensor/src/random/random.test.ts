import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { FormatError, InvalidConfigError } from "../errors.ts";
import { type RandomState, RandomStream } from "./random.ts";

const draws = 200_000;
const seeds = fc.integer({ min: 0, max: 0xffffffff });

function sample(count: number, draw: () => number): Float64Array {
  return new Float64Array(count).map(draw);
}

/** Mean of the `order`-th powers. */
function moment(values: Float64Array, order: number): number {
  return values.reduce((sum, value) => sum + value ** order, 0) / values.length;
}

/** Sum of (observed - expected)^2 / expected over equally likely bins. */
function chiSquare(counts: readonly number[]): number {
  const expected = counts.reduce((sum, count) => sum + count, 0) / counts.length;
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}

describe("the generator", () => {
  test("is xoshiro128**, by the numbers of its authors' reference program", () => {
    const stream = RandomStream.restore({ algorithm: "xoshiro128**", words: [1, 2, 3, 4] });
    expect(Array.from({ length: 10 }, () => stream.uint32())).toEqual([
      11520, 0, 5927040, 70819200, 2031721883, 1637235492, 1287239034, 3734860849, 3729100597, 4258142804,
    ]);
  });

  test("takes its first state from the seed by SplitMix32", () => {
    expect(new RandomStream(0).save().words).toEqual([1684164658, 3653269916, 2939563536, 2141751570]);
  });

  test.for([-1, 0.5, 2 ** 32, Number.NaN])("refuses seed %d", (seed) => {
    expect(() => new RandomStream(seed)).toThrow(
      expect.objectContaining({ code: "INVALID_CONFIG", option: "seed" }) as Error,
    );
  });

  test("differs from run to run where no seed is given", () => {
    expect(new RandomStream().save()).not.toEqual(new RandomStream().save());
  });
});

describe("save and restore", () => {
  test("go on exactly where the stream stood, through JSON, whatever was drawn", () => {
    fc.assert(
      fc.property(seeds, fc.nat({ max: 50 }), (seed, drawn) => {
        const stream = new RandomStream(seed);
        for (let draw = 0; draw < drawn; draw++) stream.normal();
        const state = JSON.parse(JSON.stringify(stream.save())) as RandomState;
        const rest = [stream.uint32(), stream.normal(), stream.integer(10), ...stream.permutation(5)];
        const other = RandomStream.restore(state);
        expect([other.uint32(), other.normal(), other.integer(10), ...other.permutation(5)]).toEqual(rest);
      }),
    );
  });

  test.for<unknown>([
    null,
    {},
    { algorithm: "mt19937", words: [1, 2, 3, 4] },
    { algorithm: "xoshiro128**" },
    { algorithm: "xoshiro128**", words: [1, 2, 3] },
    { algorithm: "xoshiro128**", words: [0, 0, 0, 0] },
    { algorithm: "xoshiro128**", words: [1, 2, 3, -4] },
    { algorithm: "xoshiro128**", words: [1, 2, 3, 2 ** 32] },
    { algorithm: "xoshiro128**", words: [1, 2, 3, "4"] },
  ])("refuse %j", (state) => {
    expect(() => RandomStream.restore(state as RandomState)).toThrow(FormatError);
  });
});

describe("fork", () => {
  test("gives the same stream for the same seed and name, another for another name", () => {
    const fork = (seed: number, name: string) => new RandomStream(seed).fork(name).save();
    expect(fork(1, "weights")).toEqual(fork(1, "weights"));
    expect(fork(1, "weights")).not.toEqual(fork(1, "shuffle"));
    expect(fork(1, "weights")).not.toEqual(fork(2, "weights"));
  });

  test("gives streams of their own for a thousand epochs", () => {
    const states = Array.from({ length: 1000 }, (_, epoch) =>
      new RandomStream(7).fork(`epoch ${epoch}`).save().words.join(),
    );
    expect(new Set(states).size).toBe(1000);
  });

  test("gives streams without correlation", () => {
    const left = new RandomStream(7).fork("epoch 1");
    const right = new RandomStream(7).fork("epoch 2");
    const products = sample(draws, () => left.uniform(-1, 1) * right.uniform(-1, 1));
    expect(Math.abs(moment(products, 1))).toBeLessThan(4 * Math.sqrt(1 / 9 / draws));
  });
});

// Seeds are fixed, so these hold or fail for good; bounds are four standard errors, or the 99.9th percentile.
describe("uniform numbers", () => {
  test("have the mean and the variance of the interval, and stay inside it", () => {
    const stream = new RandomStream(3);
    const values = sample(draws, () => stream.uniform(-2, 6));
    expect(Math.min(...values.subarray(0, 1000))).toBeGreaterThanOrEqual(-2);
    expect(values.every((value) => value >= -2 && value < 6)).toBe(true);
    const mean = moment(values, 1);
    expect(Math.abs(mean - 2)).toBeLessThan(4 * Math.sqrt(64 / 12 / draws));
    expect(moment(values, 2) - mean ** 2).toBeCloseTo(64 / 12, 1);
  });

  test("fill 256 bins evenly, in their high bits and in their low bits", () => {
    const stream = new RandomStream(4);
    const high = new Array<number>(256).fill(0);
    const low = new Array<number>(256).fill(0);
    for (let draw = 0; draw < draws; draw++) {
      const word = stream.uint32();
      high[word >>> 24] = (high[word >>> 24] ?? 0) + 1;
      low[word & 0xff] = (low[word & 0xff] ?? 0) + 1;
    }
    expect(chiSquare(high)).toBeLessThan(331);
    expect(chiSquare(low)).toBeLessThan(331);
  });
});

describe("integers", () => {
  test("are equally likely for a bound that does not divide 2^32", () => {
    const stream = new RandomStream(5);
    const counts = new Array<number>(7).fill(0);
    for (let draw = 0; draw < draws; draw++) {
      const value = stream.integer(7);
      counts[value] = (counts[value] ?? 0) + 1;
    }
    expect(counts).toHaveLength(7);
    expect(chiSquare(counts)).toBeLessThan(22.5);
  });

  test("have no modulo bias for a bound near 2^32", () => {
    // Taking the remainder of 32 bits by 3 * 2^30 would give the lower third twice as often.
    const stream = new RandomStream(6);
    const bound = 3 * 2 ** 30;
    const lower = sample(30_000, () => (stream.integer(bound) < 2 ** 30 ? 1 : 0));
    expect(moment(lower, 1)).toBeCloseTo(1 / 3, 1);
  });

  test("reach both ends of the largest bound, and only 0 for bound 1", () => {
    const stream = new RandomStream(8);
    expect(stream.integer(1)).toBe(0);
    expect(stream.integer(2 ** 32)).toBeLessThan(2 ** 32);
  });

  test.for([0, -1, 1.5, 2 ** 32 + 1, Number.NaN])("refuse bound %d", (bound) => {
    expect(() => new RandomStream(1).integer(bound)).toThrow(InvalidConfigError);
  });
});

describe("normal variates", () => {
  test("have the moments of the distribution", () => {
    const stream = new RandomStream(9);
    const values = sample(draws, () => stream.normal());
    expect(Math.abs(moment(values, 1))).toBeLessThan(4 / Math.sqrt(draws));
    expect(moment(values, 2)).toBeCloseTo(1, 1);
    expect(moment(values, 3)).toBeCloseTo(0, 1);
    expect(Math.abs(moment(values, 4) - 3)).toBeLessThan(4 * Math.sqrt(96 / draws));
    expect(values.every(Number.isFinite)).toBe(true);
  });

  test("lie beyond two standard deviations as often as they should", () => {
    const stream = new RandomStream(10);
    const beyond = sample(draws, () => (Math.abs(stream.normal(5, 3) - 5) > 6 ? 1 : 0));
    expect(moment(beyond, 1)).toBeCloseTo(0.0455, 2);
  });
});

describe("shares", () => {
  test.for([0.2, 1, 5])(
    "of two with concentration %d have the mean and the variance of the Beta distribution",
    (of) => {
      const stream = new RandomStream(17);
      const values = sample(draws, () => stream.beta(of));
      expect(moment(values, 1)).toBeCloseTo(0.5, 2);
      expect(moment(values, 2) - 0.25).toBeCloseTo(1 / (4 * (2 * of + 1)), 2);
    },
  );

  test("add up to 1", () => {
    const shares = new RandomStream(3).shares(0.5, 7);
    expect(shares).toHaveLength(7);
    expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12);
    expect(Math.min(...shares)).toBeGreaterThanOrEqual(0);
  });

  test.for([
    ["concentration", 0, 2],
    ["concentration", Number.NaN, 2],
    ["count", 1, 0],
    ["count", 1, 1.5],
  ] as const)("refuse a wrong %s", ([option, concentration, count]) => {
    expect(() => new RandomStream(1).shares(concentration, count)).toThrow(
      expect.objectContaining({ option }) as Error,
    );
  });
});

describe("permutations", () => {
  test("hold every position once", () => {
    fc.assert(
      fc.property(seeds, fc.nat({ max: 200 }), (seed, length) => {
        const order = new RandomStream(seed).permutation(length);
        expect([...order].toSorted((a, b) => a - b)).toEqual(Array.from({ length }, (_, index) => index));
      }),
    );
  });

  test("are equally likely", () => {
    const stream = new RandomStream(11);
    const counts = new Map<string, number>();
    for (let draw = 0; draw < 24_000; draw++) {
      const order = stream.permutation(4).join("");
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(counts.size).toBe(24);
    expect(chiSquare([...counts.values()])).toBeLessThan(49.8);
  });

  test.for([-1, 2.5, 2 ** 32])("refuse length %d", (length) => {
    expect(() => new RandomStream(1).permutation(length)).toThrow(InvalidConfigError);
  });
});

test("a stream takes over another's state, and refuses what is none", () => {
  const [one, other] = [new RandomStream(1), new RandomStream(2)];
  one.uint32();
  other.assign(one.save());
  expect(other.uint32()).toBe(one.uint32());
  expect(() => other.assign({} as RandomState)).toThrow(FormatError);
});
