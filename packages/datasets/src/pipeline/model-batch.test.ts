import { HostArray } from "@featuremap/tensor";
import { describe, expect, test } from "vitest";
import { collect } from "../sources/bytes/collect.ts";
import { Dataset } from "./dataset.ts";
import { modelBatch } from "./model-batch.ts";

const picture = (width: number, height: number, channels = 3, level = 0) => ({
  data: new Uint8Array(width * height * channels).fill(level),
  width,
  height,
});

describe("examples as a model's batch", () => {
  test("of pictures and labels are bytes and numbers, whatever else they have", () => {
    const elements = [0, 1, 2].map((label) => ({ image: picture(2, 4, 3, label), label, path: `${label}.png` }));
    const { x, y, size, ...rest } = modelBatch(elements) as unknown as Record<"x" | "y", HostArray> & { size: number };
    expect([x.dtype, x.shape, size, rest]).toEqual(["uint8", [3, 4, 2, 3], 3, {}]);
    expect([...x.data]).toEqual([0, 1, 2].flatMap((level) => new Array<number>(24).fill(level)));
    expect([y.dtype, y.shape, [...y.data]]).toEqual(["float32", [3], [0, 1, 2]]);
  });

  test.for<[string, readonly unknown[], object]>([
    [
      "pairs",
      [
        [[1, 2, 3], 0],
        [[4, 5, 6], 1],
      ],
      { x: [2, 3], y: [2] },
    ],
    [
      "pairs with weights",
      [
        [[1, 2], [0, 1], 0.5],
        [[4, 5], [1, 0], 2],
      ],
      { x: [2, 2], y: [2, 2], sampleWeight: [2] },
    ],
    [
      "records",
      [
        { x: Int32Array.of(1, 2), y: true },
        { x: Int32Array.of(3, 4), y: false, path: "b" },
      ],
      { x: [2, 2], y: [2] },
    ],
    ["host arrays", [{ x: new HostArray(new Float32Array(6), [2, 3]), y: 1 }], { x: [1, 2, 3], y: [1] }],
    [
      "several by name",
      [{ x: { left: [1], right: picture(1, 2, 1) }, y: { kind: 1, size: [2, 3] } }],
      { x: { left: [1, 1], right: [1, 2, 1, 1] }, y: { kind: [1], size: [1, 2] } },
    ],
    [
      "several in order",
      [[[picture(1, 1), Float32Array.of(1)], 1]],
      {
        x: [
          [1, 1, 1, 3],
          [1, 1],
        ],
        y: [1],
      },
    ],
    ["inputs alone", [picture(2, 2, 1), picture(2, 2, 1)], { x: [2, 2, 2, 1] }],
    ["vectors alone", [Float64Array.of(1, 2)], { x: [1, 2] }],
    ["files without labels", [{ image: picture(1, 1), label: -1, path: "a" }], { x: [1, 1, 1, 3] }],
  ])("of %s", ([, elements, expected]) => {
    const { size, ...arrays } = modelBatch(elements);
    const shapes = (value: unknown): unknown =>
      value instanceof HostArray
        ? value.shape
        : Array.isArray(value)
          ? value.map(shapes)
          : Object.fromEntries(Object.entries(value as object).map(([name, each]) => [name, shapes(each)]));
    expect(shapes(arrays)).toEqual(expected);
    expect(size).toBe(elements.length);
  });

  test.for<[string, readonly unknown[], RegExp]>([
    [
      "pictures of two sizes",
      [
        { image: picture(3, 2), label: 0 },
        { image: picture(4, 2), label: 1, path: "b.png" },
      ],
      /^Dataset\.batch: x of element 1 \(b\.png\) must be 3 x 2 pixels in 3 channels like that of element 0; pictures of a batch must have the same size: use images\(\{ imageSize \}\), or map with resizePixels, received 4 x 2 pixels in 3 channels\.$/,
    ],
    [
      "grey among colour",
      [picture(2, 2, 1), picture(2, 2)],
      /2 x 2 pixels in 1 channel like .*2 x 2 pixels in 3 channels/,
    ],
    [
      "vectors of two lengths",
      [
        [[1, 2, 3], 0],
        [[1, 2], 0],
      ],
      /x of element 1 must be \(3,?\) like that of element 0/,
    ],
    [
      "two types",
      [Float32Array.of(1), Int32Array.of(1)],
      /x of element 1 must be float32, like that of element 0, received "?int32/,
    ],
    ["a label that is missing", [{ x: 1, y: 1 }, { x: 1 }], /y of element 1 must be given, like that of element 0/],
    [
      "a weight too many",
      [
        { x: 1, y: 1 },
        { x: 1, y: 1, sampleWeight: 1 },
      ],
      /sampleWeight of element 1 must be left out/,
    ],
    [
      "other names",
      [
        { x: { a: 1 }, y: 1 },
        { x: { b: 1 }, y: 1 },
      ],
      /x of element 1 must be with a, like that of element 0/,
    ],
    ["a misspelt part", [{ x: 1, y: 1, weight: 1 }], /element 0 must be of x, y and sampleWeight, received "?weight/],
    ["text", [{ x: "a", y: 1 }], /x of element 0 must be a number, a picture/],
    ["labels that are names", [{ image: picture(1, 1), label: "cat" }], /y of element 0 must be a number/],
    [
      "nothing known",
      [{ pixels: 1 }],
      /element 0 must be \{ image, label \}, \{ x, y, sampleWeight\? \} or \[x, y, sampleWeight\?\]/,
    ],
    [
      "pixels that are too few",
      [{ data: new Uint8Array(5), width: 2, height: 2 }],
      /1, 3 or 4 bytes for each of 2 x 2/,
    ],
    [
      "pixels that are not bytes",
      [{ image: { data: new Float32Array(3), width: 1, height: 1 }, label: 0 }],
      /x of element 0 must be a picture \{ data, width, height \} of bytes .*Float32Array of 3/,
    ],
    [
      "a picture of nothing",
      [{ image: { data: new Uint8Array(0), width: 0, height: 0 }, label: 0 }],
      /x of element 0 must be a picture .* with at least one pixel/,
    ],
    ["no array", [{ x: {}, y: 1 }], /x of element 0 must be one array or more/],
    ["64-bit integers", [BigInt64Array.of(1n)], /x of element 0 must be a number/],
    ["nothing", [null], /must be \{ image, label \}/],
    ["a ragged list", [{ x: [[1], [1, 2]], y: 1 }], /./],
  ])("refuses %s", ([, elements, message]) => {
    const run = (): unknown => modelBatch(elements);
    expect(run).toThrow(message);
    expect(run).toThrow(expect.objectContaining({ code: expect.stringMatching(/^(INVALID_CONFIG|SHAPE_MISMATCH)$/) }));
  });
});

describe("Dataset.modelBatches", () => {
  const pairs = Dataset.from(Array.from({ length: 10 }, (_, index): [number, number] => [index, index % 2]));
  const given = async (dataset: Dataset<unknown>, epoch = 0, from = 0): Promise<number[][]> =>
    (await collect(dataset.modelBatches(epoch, from))).map(({ x }) => [...(x as HostArray).data]);

  test.for([
    ["by index", pairs.shuffle({ seed: 1 }).batch(3)],
    ["read ahead", pairs.shuffle({ seed: 1 }).batch(3).prefetch(2)],
    ["from a buffer", pairs.shuffle({ seed: 1, buffer: 4 }).batch(3)],
    [
      "filtered",
      pairs
        .filter(([value]) => value !== 3)
        .shuffle({ seed: 1, buffer: 4 })
        .batch(3),
    ],
  ] as const)("begins anywhere in an epoch, %s", async ([, dataset]) => {
    for (const epoch of [0, 1]) {
      const whole = await given(dataset, epoch);
      for (let from = 0; from <= whole.length + 1; from++) {
        expect(await given(dataset, epoch, from)).toEqual(whole.slice(from));
      }
    }
    expect(await given(dataset, 0)).not.toEqual(await given(dataset, 1));
  });

  test("reads nothing before its first batch where elements have indices", async () => {
    const read: number[] = [];
    const counted = pairs.map((pair) => (read.push(pair[0]), pair));
    expect(await given(counted.batch(4), 0, 2)).toEqual([[8, 9]]);
    expect(read).toEqual([8, 9]);
  });

  test.for([
    ["take", (batches: Dataset<unknown>) => batches.take(2), 2],
    ["skip", (batches: Dataset<unknown>) => batches.skip(1), 3],
    ["shard", (batches: Dataset<unknown>) => batches.shard(0, 2), 2],
    ["repeat", (batches: Dataset<unknown>) => batches.repeat(2), 8],
    ["cache", (batches: Dataset<unknown>) => batches.cache(), 4],
    ["shuffle", (batches: Dataset<unknown>) => batches.shuffle({ seed: 1 }), 4],
    ["filter", (batches: Dataset<unknown>) => batches.filter(() => true), 4],
    ["concatenate", (batches: Dataset<unknown>) => batches.concatenate(batches), 8],
    ["interleave", (batches: Dataset<unknown>) => Dataset.interleave([batches, batches]), 8],
  ] as const)("knows lists that batch made after %s", async ([, step, count]) => {
    expect(await given(step(pairs.batch(3)))).toHaveLength(count);
  });

  test("takes what map made of lists, and what never was in one, for batches", async () => {
    const batches = pairs.batch(5).map((list) => ({
      x: new HostArray(
        Float32Array.from(list, ([value]) => value),
        [5],
      ),
    }));
    expect(await given(batches)).toEqual([
      [0, 1, 2, 3, 4],
      [5, 6, 7, 8, 9],
    ]);
    const examples = Dataset.from([{ image: picture(1, 1), label: 0 }]);
    await expect(given(examples)).rejects.toThrow("Dataset: elements must be batches, as made by dataset.batch(32)");
  });

  test.for([
    ["epoch", -1, 0],
    ["epoch", 0.5, 0],
    ["from", 0, "1"],
    ["from", 0, Number.NaN],
  ] as const)("refuses a wrong %s", ([option, epoch, from]) => {
    const run = (): unknown => pairs.batch(2).modelBatches(epoch, from as number);
    expect(run).toThrow(expect.objectContaining({ code: "INVALID_CONFIG", option }));
  });
});
