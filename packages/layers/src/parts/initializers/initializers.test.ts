import { RandomStream } from "@featuremap/tensor";
import { describe, expect, test } from "vitest";
import { ConfigReader } from "../../config/config-reader.ts";
import golden from "../../fixtures/parts/initializers.json" with { type: "json" };
import { serializePart } from "../../config/keras-object.ts";
import { initializerOption } from "../../layer/part-options.ts";
import { readPart } from "../../layer/reading/part-readers.ts";
import { Constant, Ones, Zeros } from "./constant.ts";
import { Identity } from "./identity.ts";
import type { Initializer } from "./initializer.ts";
import { Orthogonal } from "./orthogonal.ts";
import { RandomNormal, RandomUniform, TruncatedNormal } from "./random.ts";
import { type InitializerName, initializers } from "./resolve-initializer.ts";
import {
  GlorotNormal,
  GlorotUniform,
  HeNormal,
  HeUniform,
  LecunNormal,
  LecunUniform,
  VarianceScaling,
  computeFans,
} from "./variance-scaling.ts";

/** 3 * 3 * 16 = 144 inputs of one output, 3 * 3 * 40 = 360 outputs of one input. */
const kernelShape = [3, 3, 16, 40];

function statistics(initializer: Initializer) {
  const values = initializer.initialize(kernelShape, new RandomStream(5));
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return { mean, deviation: Math.sqrt(variance), largest, count: values.length };
}

describe("initializers", () => {
  test.each(golden.map((part) => [part.class_name, part] as const))("come back as Keras's JSON: %s", (_name, part) => {
    const initializer = readPart(new ConfigReader({ part }, "test", "fixture"), "part", initializers);
    expect(serializePart(initializer ?? null)).toEqual(part);
  });

  test("fill with constants", () => {
    const random = new RandomStream(0);
    expect([...new Zeros().initialize([2, 2])]).toEqual([0, 0, 0, 0]);
    expect([...new Ones().initialize([3])]).toEqual([1, 1, 1]);
    expect([...new Constant({ value: 0.5 }).initialize([2])]).toEqual([0.5, 0.5]);
    expect(random.save()).toEqual(new RandomStream(0).save());
  });

  test("count the connections of dense and convolution kernels", () => {
    expect(computeFans([])).toEqual({ fanIn: 1, fanOut: 1 });
    expect(computeFans([7])).toEqual({ fanIn: 7, fanOut: 7 });
    expect(computeFans([20, 30])).toEqual({ fanIn: 20, fanOut: 30 });
    expect(computeFans(kernelShape)).toEqual({ fanIn: 144, fanOut: 360 });
  });

  const uniform = (limit: number) => ({ deviation: limit / Math.sqrt(3), limit });
  /** Truncation at two standard deviations of the normal that is drawn from. */
  const truncated = (deviation: number) => ({ deviation, limit: (2 * deviation) / 0.8796256610342398 });

  test.for<[string, Initializer, { deviation: number; limit: number }]>([
    ["GlorotUniform", new GlorotUniform(), uniform(Math.sqrt(6 / (144 + 360)))],
    ["GlorotNormal", new GlorotNormal(), truncated(Math.sqrt(2 / (144 + 360)))],
    ["HeUniform", new HeUniform(), uniform(Math.sqrt(6 / 144))],
    ["HeNormal", new HeNormal(), truncated(Math.sqrt(2 / 144))],
    ["LecunUniform", new LecunUniform(), uniform(Math.sqrt(3 / 144))],
    ["LecunNormal", new LecunNormal(), truncated(Math.sqrt(1 / 144))],
    ["RandomUniform", new RandomUniform(), uniform(0.05)],
    ["RandomNormal", new RandomNormal(), { deviation: 0.05, limit: Number.POSITIVE_INFINITY }],
    ["TruncatedNormal", new TruncatedNormal(), { deviation: 0.05 * 0.8796256610342398, limit: 0.1 }],
    [
      "VarianceScaling",
      new VarianceScaling({ scale: 3, mode: "fanOut", distribution: "untruncatedNormal" }),
      { deviation: Math.sqrt(3 / 360), limit: Number.POSITIVE_INFINITY },
    ],
  ])("have the spread and bounds of %s", ([, initializer, { deviation, limit }]) => {
    const actual = statistics(initializer);
    // Five standard errors of 5,760 draws.
    expect(Math.abs(actual.mean)).toBeLessThan((5 * deviation) / Math.sqrt(actual.count));
    expect(Math.abs(actual.deviation / deviation - 1)).toBeLessThan(5 / Math.sqrt(2 * actual.count));
    expect(actual.largest).toBeLessThanOrEqual(Math.fround(limit) + 1e-7);
    expect(actual.largest).toBeGreaterThan(deviation * 1.5);
  });

  test("draw from the stream that is passed in, unless they have a seed", () => {
    const draw = (initializer: Initializer, seed: number) => [...initializer.initialize([4], new RandomStream(seed))];
    expect(draw(new HeNormal(), 1)).toEqual(draw(new HeNormal(), 1));
    expect(draw(new HeNormal(), 1)).not.toEqual(draw(new HeNormal(), 2));
    expect(draw(new HeNormal({ seed: 9 }), 1)).toEqual(draw(new HeNormal({ seed: 9 }), 2));
  });

  const resolve = (name: InitializerName | undefined) =>
    initializerOption("zeros").check("test", "kernelInitializer", name);

  test("are known by name in either spelling", () => {
    expect(resolve("heNormal")).toBeInstanceOf(HeNormal);
    expect(resolve("he_normal")).toBeInstanceOf(HeNormal);
    expect(resolve(undefined)).toBeInstanceOf(Zeros);
  });

  test("reject a seed or scale out of range", () => {
    expect(() => new GlorotUniform({ seed: -1 })).toThrow(expect.objectContaining({ option: "seed" }));
    expect(() => new VarianceScaling({ scale: 0 })).toThrow(expect.objectContaining({ option: "scale" }));
    const distribution = "constructor" as "normal";
    expect(() => new VarianceScaling({ distribution })).toThrow(expect.objectContaining({ option: "distribution" }));
  });

  test.for([
    ["seed", { seed: 0.5 }],
    ["scale", { scale: Number.NaN }],
    ["mode", { mode: "fanSum" }],
    ["distribution", { distribution: "cauchy" }],
    ["inputAxes", { inputAxes: [0.5] }],
  ] as const)("VarianceScaling rejects a wrong %s", ([option, config]) => {
    const make = Reflect.construct.bind(undefined, VarianceScaling);
    expect(() => make([config])).toThrow(expect.objectContaining({ code: "INVALID_CONFIG", option }));
  });

  test("count connections over the axes that are told", () => {
    expect(computeFans([2, 3, 5, 7], [0, -1], [1, 2])).toEqual({ fanIn: 14, fanOut: 15 });
    const initializer = new HeNormal({ inputAxes: [2], outputAxes: [3] });
    const deviation = Math.sqrt(2 / 16);
    expect(Math.abs(statistics(initializer).deviation / deviation - 1)).toBeLessThan(5 / Math.sqrt(2 * 5760));
  });

  test.for([
    [RandomNormal, "mean", { mean: Number.NaN }],
    [RandomNormal, "stddev", { stddev: -1 }],
    [TruncatedNormal, "stddev", { stddev: Number.POSITIVE_INFINITY }],
    [RandomUniform, "minval", { minval: Number.NEGATIVE_INFINITY }],
    [RandomUniform, "maxval", { minval: 1, maxval: 0 }],
    [Constant, "value", { value: Number.NaN }],
    [HeNormal, "outputAxes", { outputAxes: 1 }],
  ] as const)("%o rejects a wrong %s", ([type, option, config]) => {
    expect(() => Reflect.construct(type, [config])).toThrow(
      expect.objectContaining({
        code: "INVALID_CONFIG",
        option,
        message: expect.stringMatching(`^${type.className}:`),
      }),
    );
  });

  test("take modes and distributions in either spelling", () => {
    const camel = new VarianceScaling({ mode: "fanAvg", distribution: "untruncatedNormal" });
    const snake = new VarianceScaling({ mode: "fan_avg", distribution: "untruncated_normal" });
    expect(snake).toEqual(camel);
    expect(snake.getConfig()).toMatchObject({ mode: "fan_avg", distribution: "untruncated_normal" });
  });

  test("are known by Keras's other names", () => {
    expect(resolve("zero")).toBeInstanceOf(Zeros);
    expect(resolve("one")).toBeInstanceOf(Ones);
    expect(resolve("uniform")).toBeInstanceOf(RandomUniform);
    expect(resolve("normal")).toBeInstanceOf(RandomNormal);
    expect(resolve("orthogonal")).toBeInstanceOf(Orthogonal);
    expect(resolve("identity")).toBeInstanceOf(Identity);
  });
});

describe("Identity", () => {
  test("puts its gain on the diagonal", () => {
    expect([...new Identity({ gain: 2 }).initialize([2, 3])]).toEqual([2, 0, 0, 0, 2, 0]);
    expect([...new Identity().initialize([3, 2])]).toEqual([1, 0, 0, 1, 0, 0]);
  });

  test("keeps a gain other than 1 in its config", () => {
    const part = serializePart(new Identity({ gain: 2 }));
    const copy = readPart(new ConfigReader({ part }, "test", "fixture"), "part", initializers);
    expect(copy).toEqual(new Identity({ gain: 2 }));
  });

  test("rejects weights that are not a matrix, and a gain that is not a number", () => {
    expect(() => new Identity().initialize([2, 2, 2])).toThrow(expect.objectContaining({ code: "SHAPE_MISMATCH" }));
    expect(() => new Identity({ gain: Number.NaN })).toThrow(expect.objectContaining({ option: "gain" }));
  });
});

describe("Orthogonal", () => {
  /** Products of each two of the rows or columns, whichever are fewer. */
  function products(values: Float32Array, rows: number, columns: number): number[] {
    const vectors = Array.from({ length: Math.min(rows, columns) }, (_, index) =>
      rows >= columns
        ? Array.from({ length: rows }, (_unused, row) => values[row * columns + index] ?? 0)
        : [...values.subarray(index * columns, (index + 1) * columns)],
    );
    return vectors.flatMap((a) =>
      vectors.map((b) => a.reduce((sum, value, place) => sum + value * (b[place] ?? 0), 0)),
    );
  }

  test.for([
    [5, 3],
    [3, 5],
    [4, 4],
    [40, 60],
  ] as const)("makes %s rows and %s columns orthogonal, of the length of its gain", ([rows, columns]) => {
    const values = new Orthogonal({ gain: 2 }).initialize([rows, columns], new RandomStream(1));
    const size = Math.min(rows, columns);
    products(values, rows, columns).forEach((product, index) => {
      expect(product).toBeCloseTo(index % (size + 1) === 0 ? 4 : 0, 5);
    });
  });

  test("takes all axes but the last of a kernel as rows", () => {
    const kernel = new Orthogonal({ seed: 1 }).initialize([3, 3, 2, 4], new RandomStream(1));
    expect([...kernel]).toEqual([...new Orthogonal({ seed: 1 }).initialize([18, 4], new RandomStream(2))]);
  });

  test("favours no direction", () => {
    const random = new RandomStream(7);
    const first = Array.from({ length: 4000 }, () => new Orthogonal().initialize([3, 3], random)[0] ?? 0);
    const mean = first.reduce((sum, value) => sum + value, 0) / first.length;
    const square = first.reduce((sum, value) => sum + value ** 2, 0) / first.length;
    // An element of a uniform direction in three dimensions is uniform in [-1, 1].
    expect(Math.abs(mean)).toBeLessThan(4 / Math.sqrt(3 * first.length));
    expect(Math.abs(square - 1 / 3)).toBeLessThan(4 * Math.sqrt(4 / 45 / first.length));
  });

  test("rejects weights of one axis, and a gain that is not a number", () => {
    const random = new RandomStream(1);
    expect(() => new Orthogonal().initialize([3], random)).toThrow(expect.objectContaining({ code: "SHAPE_MISMATCH" }));
    expect(() => new Orthogonal({ gain: Number.NaN })).toThrow(expect.objectContaining({ option: "gain" }));
  });
});
