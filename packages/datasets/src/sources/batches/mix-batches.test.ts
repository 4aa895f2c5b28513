import { plainPreprocessing } from "@featuremap/images";
import { type Batch, type BatchSource, HostArray, InvalidConfigError, RandomStream } from "@featuremap/tensor";
import { describe, expect, test } from "vitest";
import { ImageDataset } from "../arrays/image-dataset.ts";
import golden from "./mix-batches.golden.json" with { type: "json" };
import { type MixOptions, type MixedBatch, mixBatches } from "./mix-batches.ts";
import { type Box, type Mixture, cutImages, drawCutMix, drawMixUp, mixRows } from "./mix-images.ts";

const arrayOf = ({ shape, values }: { shape: number[]; values: number[] }): HostArray<Float32Array> =>
  new HostArray(Float32Array.from(values), shape);

/** Where a number is not within rounding of another. */
function differs(found: HostArray, expected: HostArray): number {
  return found.data.findIndex((value, index) => Math.abs(value - (expected.data[index] ?? Number.NaN)) > 1e-6);
}

test.for(golden.cases)("with given draws $kind mixes $dataFormat images and labels as Keras", (each) => {
  const { order, shares, labels } = golden;
  const boxes = golden.boxes as unknown as readonly Box[];
  const images = arrayOf(each.images);
  const first = each.dataFormat === "channelsFirst";
  const [height, width] = [4, 5];
  const areas = boxes.map(([left, right, top, bottom]) => 1 - ((right - left) * (bottom - top)) / (width * height));
  const mixture: Mixture = each.kind === "MixUp" ? { order, shares } : { order, shares: areas, boxes };
  const mixed = each.kind === "MixUp" ? mixRows(images, mixture) : cutImages(images, mixture, { height, width }, first);
  expect(mixed.shape).toEqual(images.shape);
  expect(differs(mixed, arrayOf(each.mixed))).toBe(-1);
  expect(differs(mixRows(arrayOf(labels), mixture), arrayOf(each.mixedLabels))).toBe(-1);
});

describe("draws", () => {
  test.for([1, 0.3])("of CutMix with factor %d are boxes inside the image, whose areas the labels keep", (factor) => {
    const { boxes = [], shares } = drawCutMix(new RandomStream(4), 200, factor, { height: 8, width: 10 });
    for (const [index, [left, right, top, bottom]] of boxes.entries()) {
      expect(left >= 0 && left <= right && right <= 10 && top >= 0 && top <= bottom && bottom <= 8).toBe(true);
      expect(shares[index]).toBeCloseTo(1 - ((right - left) * (bottom - top)) / 80, 12);
    }
    expect(boxes).toHaveLength(200);
  });

  test("of MixUp with a small alpha are mostly near 0 or 1", () => {
    const { shares } = drawMixUp(new RandomStream(4), 500, 0.2);
    expect(shares.filter((share) => share > 0.1 && share < 0.9).length / 500).toBeLessThan(0.45);
  });
});

const pixels = new RandomStream(1);
const dataset = new ImageDataset({
  images: new HostArray(
    Uint8Array.from({ length: 10 * 4 * 4 * 3 }, () => pixels.integer(256)),
    [10, 4, 4, 3],
  ),
  labels: new HostArray(Int32Array.from([0, 1, 2, 0, 1, 2, 0, 1, 2, 0]), [10]),
  classNames: ["a", "b", "c"],
  preprocessing: plainPreprocessing([4, 4], "rgb", 1 / 255),
});

async function read(source: BatchSource<MixedBatch>, epoch: number, from?: number): Promise<MixedBatch[]> {
  const batches: MixedBatch[] = [];
  for await (const batch of source.batches(epoch, from)) batches.push(batch);
  return batches;
}

/** A source that always gives all, one after the other, and later. */
function plain(source: BatchSource): BatchSource {
  return {
    size: source.size,
    batchSize: source.batchSize,
    batchCount: source.batchCount,
    async *batches(epoch) {
      yield* source.batches(epoch);
    },
  };
}

const both = { mixUp: 0.4, cutMix: 1 };

describe("mixed batches", () => {
  test("hold what two images show, and say what their source says", async () => {
    const source = dataset.batch(4, { seed: 5 });
    const mixed = mixBatches(source, both);
    const batches = await read(mixed, 0);
    expect(batches.map(({ x, y, size }) => [x.shape, y.shape, size])).toEqual([
      [[4, 4, 4, 3], [4, 3], 4],
      [[4, 4, 4, 3], [4, 3], 4],
      [[2, 4, 4, 3], [2, 3], 2],
    ]);
    for (const { y } of batches) {
      for (let row = 0; row < (y.shape[0] ?? 0); row++) {
        expect(y.data.subarray(row * 3, row * 3 + 3).reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 6);
      }
    }
    const { size, batchSize, batchCount, seed, classNames, preprocessing, startsAnywhere } = mixed;
    expect({ size, batchSize, batchCount, seed, startsAnywhere }).toEqual({
      size: 10,
      batchSize: 4,
      batchCount: 3,
      seed: 5,
      startsAnywhere: true,
    });
    expect(classNames).toBe(source.classNames);
    expect(preprocessing).toBe(source.preprocessing);
  });

  test("are the same for the same seed, epoch and batch, wherever reading begins, and others for another", async () => {
    const source = dataset.batch(4, { seed: 5 });
    const whole = await read(mixBatches(source, both), 1);
    expect(await read(mixBatches(source, both), 1)).toEqual(whole);
    expect(await read(mixBatches(source, both), 1, 2)).toEqual(whole.slice(2));
    expect(await read(mixBatches(plain(source), { ...both, seed: 5, classCount: 3 }), 1, 2)).toEqual(whole.slice(2));
    expect(await read(mixBatches(source, { ...both, seed: 6 }), 1)).not.toEqual(whole);
    const again = mixBatches(dataset.batch(4), { ...both, seed: 5 });
    expect((await read(again, 0))[0]?.x).not.toEqual((await read(again, 1))[0]?.x);
  });

  test("take both ways where both are asked for, and one where one is", async () => {
    const source = dataset.batch(4, { oneHot: true });
    const [plainBatch] = source.batches(0);
    // A box leaves every number one of the two images'; laying one over the other does not.
    const isCut = ({ x }: MixedBatch): boolean => {
      const known = new Set(plainBatch?.x.data);
      return x.data.every((value) => known.has(value));
    };
    const kinds = async (options: MixOptions): Promise<readonly boolean[]> => {
      const mixed = mixBatches(source, { ...options, seed: 2 });
      const first = await Promise.all(Array.from({ length: 12 }, async (_, epoch) => (await read(mixed, epoch))[0]));
      return first.map((batch) => batch !== undefined && isCut(batch));
    };
    expect(new Set(await kinds({ mixUp: 1 }))).toEqual(new Set([false]));
    expect(new Set(await kinds({ cutMix: 1 }))).toEqual(new Set([true]));
    expect(new Set(await kinds({ mixUp: 1, cutMix: 1 }))).toEqual(new Set([true, false]));
  });

  test("tell their options and data from others", () => {
    const source = dataset.batch(4, { seed: 5 });
    const of = (options: MixOptions, from: BatchSource = source): string | undefined =>
      mixBatches(from, options).fingerprint;
    const prints = [of(both), of({ mixUp: 0.4 }), of({ ...both, seed: 6 }), of(both, dataset.batch(5, { seed: 5 }))];
    expect(new Set(prints).size).toBe(4);
    expect(of({ ...both, seed: 5 })).toBe(prints[0]);
  });

  test("of those that train together share no example, and are mixed in ways of their own", async () => {
    const mixed = mixBatches(dataset.batch(2, { seed: 5 }), { cutMix: 1 });
    const shares = [0, 1].map((rank) => mixed.shard?.(rank, 2));
    expect(shares.map((share) => share?.size)).toEqual([5, 5]);
    expect(new Set(shares.map((share) => share?.fingerprint)).size).toBe(2);
    expect(shares.map((share) => share?.seed)).toEqual([5, 5]);
    expect("shard" in mixBatches(plain(dataset.batch(2)), { mixUp: 1, classCount: 3 })).toBe(false);
  });

  test("have a seed where their source has none, so that another one is noticed", () => {
    const mixed = mixBatches(dataset.batch(4), both);
    expect(mixed.seed).toBeTypeOf("number");
    expect(mixBatches(dataset.batch(4), both).seed).not.toBe(mixed.seed);
  });
});

describe("are refused", () => {
  const source = dataset.batch(4);
  test.for<[string, unknown]>([
    ["options", {}],
    ["options", { cutmix: 1 }],
    ["mixUp", { mixUp: 0 }],
    ["mixUp", { mixUp: "0.2" }],
    ["cutMix", { cutMix: 1.5 }],
    ["cutMix", { cutMix: true }],
    ["classCount", { mixUp: 1, classCount: 0 }],
    ["dataFormat", { mixUp: 1, dataFormat: "NCHW" }],
    ["seed", { mixUp: 1, seed: -1 }],
  ])("for wrong %s: %o", ([option, options]) => {
    const mixing = (): unknown => Reflect.apply(mixBatches, undefined, [source, options]);
    expect(mixing).toThrow(InvalidConfigError);
    expect(mixing).toThrow(`${option} must be `);
  });

  const x = new HostArray(new Float32Array(2 * 4), [2, 2, 2, 1]);
  const rows = new HostArray(new Float32Array(4), [2, 2]);
  test.for<[string, Partial<Record<keyof Batch, unknown>>]>([
    ["x of a batch must be (size, height, width, channels)", { x: rows, y: rows }],
    ["x of a batch must be one HostArray", { x: [x], y: rows }],
    ["y of a batch must be class indices (2), int32, or one-hot rows (2, classes), float32", { x, y: x }],
    ["y of a batch must be one HostArray", { x, y: undefined }],
    ["sampleWeight of a batch must be absent", { x, y: rows, sampleWeight: rows }],
    ["classCount must be given, for labels that are class indices", { x, y: new HostArray(new Int32Array(2), [2]) }],
  ])("%s", ([message, batch]) => {
    const given = { size: 2, batchSize: 2, batchCount: 1, batches: () => [{ size: 2, ...batch } as Batch] };
    const [first] = [mixBatches(given, { mixUp: 1 }).batches(0)] as Iterable<MixedBatch>[];
    expect(() => [...(first ?? [])]).toThrow(`mixBatches: ${message}`);
  });
});
