import { type HostArray, RandomStream, sizeOf } from "@featuremap/tensor";
import { describe, expect, test } from "vitest";
import golden from "../../fixtures/parts/kernel-fans.json" with { type: "json" };
import { deserializeLayer } from "../../saving/serialization.ts";
import { Constant, Ones, Zeros } from "./constant.ts";
import type { Initializer } from "./initializer.ts";
import { Orthogonal } from "./orthogonal.ts";
import { RandomNormal, RandomUniform, TruncatedNormal } from "./random.ts";
import {
  GlorotNormal,
  GlorotUniform,
  HeNormal,
  HeUniform,
  LecunNormal,
  LecunUniform,
  VarianceScaling,
} from "./variance-scaling.ts";

/** Connections of a kernel, as Keras counts them. */
interface Fans {
  readonly fanIn: number;
  readonly fanOut: number;
}

/** How values spread: within bounds, around a mean. */
interface Spread {
  readonly mean: number;
  readonly deviation: number;
  readonly lower: number;
  readonly upper: number;
}

const kernels = golden.flatMap(({ layer, kernels: found }) =>
  found.map((kernel) => ({ ...kernel, title: `${layer.class_name} ${kernel.name} [${kernel.shape.join(", ")}]` })),
);

const uniform = (lower: number, upper: number): Spread => ({
  mean: (lower + upper) / 2,
  deviation: (upper - lower) / Math.sqrt(12),
  lower,
  upper,
});
const normal = (mean: number, deviation: number): Spread => ({
  mean,
  deviation,
  lower: Number.NEGATIVE_INFINITY,
  upper: Number.POSITIVE_INFINITY,
});
/** Standard deviation of a standard normal variate that is drawn again beyond 2. */
const cutDeviation = 0.8796256610342398;
/** Of this standard deviation after the cut. */
const truncated = (mean: number, deviation: number): Spread => {
  const limit = (2 * deviation) / cutDeviation;
  return { mean, deviation, lower: mean - limit, upper: mean + limit };
};
const symmetric = (variance: number): Spread => uniform(-Math.sqrt(3 * variance), Math.sqrt(3 * variance));

const modes = {
  fanIn: ({ fanIn }: Fans) => fanIn,
  fanOut: ({ fanOut }: Fans) => fanOut,
  fanAvg: ({ fanIn, fanOut }: Fans) => (fanIn + fanOut) / 2,
};
const distributions = {
  uniform: symmetric,
  truncatedNormal: (variance: number) => truncated(0, Math.sqrt(variance)),
  untruncatedNormal: (variance: number) => normal(0, Math.sqrt(variance)),
  normal: (variance: number) => truncated(0, Math.sqrt(variance)),
};

type Case = readonly [name: string, make: () => Initializer, spread: (fans: Fans) => Spread];

const scaled: readonly Case[] = (["fanIn", "fanOut", "fanAvg"] as const).flatMap((mode) =>
  (["uniform", "truncatedNormal", "untruncatedNormal", "normal"] as const).map((distribution): Case => [
    `VarianceScaling of ${mode}, ${distribution}`,
    () => new VarianceScaling({ scale: 1.5, mode, distribution }),
    (fans) => distributions[distribution](1.5 / modes[mode](fans)),
  ]),
);

const cases: readonly Case[] = [
  ...scaled,
  ["GlorotUniform", () => new GlorotUniform(), (fans) => symmetric(1 / modes.fanAvg(fans))],
  ["GlorotNormal", () => new GlorotNormal(), (fans) => truncated(0, Math.sqrt(1 / modes.fanAvg(fans)))],
  ["HeUniform", () => new HeUniform(), ({ fanIn }) => symmetric(2 / fanIn)],
  ["HeNormal", () => new HeNormal(), ({ fanIn }) => truncated(0, Math.sqrt(2 / fanIn))],
  ["LecunUniform", () => new LecunUniform(), ({ fanIn }) => symmetric(1 / fanIn)],
  ["LecunNormal", () => new LecunNormal(), ({ fanIn }) => truncated(0, Math.sqrt(1 / fanIn))],
  ["RandomUniform", () => new RandomUniform(), () => uniform(-0.05, 0.05)],
  ["RandomUniform between bounds", () => new RandomUniform({ minval: 1, maxval: 3 }), () => uniform(1, 3)],
  ["RandomNormal", () => new RandomNormal(), () => normal(0, 0.05)],
  ["RandomNormal around 2", () => new RandomNormal({ mean: 2, stddev: 0.5 }), () => normal(2, 0.5)],
  ["TruncatedNormal", () => new TruncatedNormal(), () => truncated(0, 0.05 * cutDeviation)],
  [
    "TruncatedNormal around -1",
    () => new TruncatedNormal({ mean: -1, stddev: 2 }),
    () => truncated(-1, 2 * cutDeviation),
  ],
];

/** Expects bounds never passed, and mean and deviation within five standard errors. */
function expectSpread(values: Float32Array, { mean, deviation, lower, upper }: Spread): void {
  const count = values.length;
  const least = values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const most = values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  expect(least).toBeGreaterThanOrEqual(Math.fround(lower));
  expect(most).toBeLessThanOrEqual(Math.fround(upper));
  // Bounded ones come near their bounds; others go further than the bounds of a truncated one.
  const reached = Number.isFinite(upper) ? 0.9 * (upper - mean) : (2 * deviation) / cutDeviation;
  expect(most - mean).toBeGreaterThan(reached);
  expect(mean - least).toBeGreaterThan(reached);
  const average = values.reduce((sum, value) => sum + value, 0) / count;
  const variance = values.reduce((sum, value) => sum + (value - average) ** 2, 0) / count;
  expect(Math.abs(average - mean)).toBeLessThan((5 * deviation) / Math.sqrt(count));
  expect(Math.abs(Math.sqrt(variance) / deviation - 1)).toBeLessThan(5 / Math.sqrt(2 * count));
}

describe.for(kernels)("for the kernel of $title", ({ shape, ...fans }) => {
  test.for(cases)("%s has its mean, deviation and bounds", ([, make, spread]) => {
    expectSpread(make().initialize(shape, new RandomStream(sizeOf(shape))), spread(fans));
  });

  test.for<readonly [string, Initializer, number]>([
    ["Zeros", new Zeros(), 0],
    ["Ones", new Ones(), 1],
    ["Constant", new Constant({ value: -2.5 }), -2.5],
  ])("%s fills it", ([, initializer, value]) => {
    const values = initializer.initialize(shape, new RandomStream(1));
    expect(values).toHaveLength(sizeOf(shape));
    expect(values.every((each) => each === value)).toBe(true);
  });

  test("Orthogonal makes rows or columns of the length of its gain", () => {
    const values = new Orthogonal({ gain: 3 }).initialize(shape, new RandomStream(1));
    const columns = shape.at(-1) ?? 1;
    const rows = values.length / columns;
    const energy = values.reduce((sum, value) => sum + value ** 2, 0);
    expect(energy / (9 * Math.min(rows, columns))).toBeCloseTo(1, 5);
  });
});

describe("layers", () => {
  test.for(golden.map((entry) => [entry.layer.class_name, entry] as const))(
    "%s gives its kernels Keras's shapes, and first values of Keras's spread",
    async ([, { layer: json, inputShape, kernels: expected }]) => {
      const layer = deserializeLayer(json, "fixture");
      layer.build(inputShape, new RandomStream(3));
      const found: [string, HostArray<Float32Array>][] = [];
      for (const weight of layer.weights) {
        if (weight.shape.length > 1) found.push([weight.name, await weight.read()]);
      }
      expect(found.map(([, { shape }]) => shape)).toEqual(expected.map(({ shape }) => shape));
      // Each of these kernels is GlorotUniform by default.
      found.forEach(([, { data }], index) => {
        const { fanIn, fanOut } = expected[index] ?? { fanIn: Number.NaN, fanOut: Number.NaN };
        expectSpread(data, symmetric(2 / (fanIn + fanOut)));
      });
      layer.dispose();
    },
  );
});
