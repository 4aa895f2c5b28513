import { plainPreprocessing, randomRotation, randomFlipLeftRight } from "@featuremap/images";
import { HostArray } from "@featuremap/tensor";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { countingDataset } from "./counting-dataset.test-support.ts";
import { type ImageBatch, ImageBatches } from "./image-batches.ts";
import { ImageDataset } from "./image-dataset.ts";

const ten = countingDataset(10);

function sizes(batches: Iterable<ImageBatch>): number[] {
  return Array.from(batches, ({ size }) => size);
}

function labels(batches: Iterable<ImageBatch>): number[] {
  return Array.from(batches, ({ y }) => [...y.data]).flat();
}

test("the fingerprint tells images, labels and options from others, and no order from another", () => {
  const { images, classNames } = ten;
  const contents = { images, labels: ten.labels, classNames, preprocessing: ten.preprocessing };
  const print = (changes: object, options: object = {}): string =>
    new ImageDataset({ ...contents, ...changes }).batch(4, { seed: 1, ...options }).fingerprint;
  expect(print({ images: new HostArray(images.data.slice(), images.shape) }, { seed: 2 })).toBe(print({}));
  const others = [
    print({}),
    print({ images: new HostArray(images.data.with(3, 77), images.shape) }),
    print({ labels: ten.labels.data.with(2, 5) }),
    print({ classNames: classNames.map((name) => `${name}!`) }),
    print({}, { dropRemainder: true }),
    print({}, { shuffle: false }),
    print({}, { oneHot: true }),
    print({}, { augment: [randomFlipLeftRight()] }),
    print({}, { augment: [randomRotation(0.1)] }),
  ];
  expect(new Set(others).size).toBe(others.length);
});

describe("batches", () => {
  test("come in order, the last one smaller", () => {
    const source = ten.batch(4);
    expect([source.size, source.batchSize, source.batchCount]).toEqual([10, 4, 3]);
    expect(sizes(source.batches(0))).toEqual([4, 4, 2]);
    expect(labels(source.batches(0))).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(labels(source.batches(5))).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  test("hold preprocessed images and int32 labels", () => {
    const [batch] = ten
      .withPreprocessing(plainPreprocessing([2, 1], "grayscale", 1 / 255))
      .batch(4)
      .batches(0);
    expect(batch?.x.shape).toEqual([4, 2, 1, 1]);
    expect([...(batch?.x.entry(1).data ?? [])]).toEqual([Math.fround(1 / 255), Math.fround(254 / 255)]);
    expect(batch?.y.shape).toEqual([4]);
    expect(batch?.y.dtype).toBe("int32");
  });

  test("hold one-hot rows where asked for", () => {
    const [batch] = ten.batch(2, { oneHot: true }).batches(0);
    expect(batch?.y.shape).toEqual([2, 10]);
    expect(batch?.y.toNested()).toEqual([
      [1, 0, 0, 0, 0, 0, 0, 0, 0, 0],
      [0, 1, 0, 0, 0, 0, 0, 0, 0, 0],
    ]);
  });

  test("leave out the remainder where asked for, and count without it", () => {
    const source = ten.batch(4, { dropRemainder: true });
    expect([source.size, source.batchCount]).toEqual([8, 2]);
    expect(sizes(source.batches(0))).toEqual([4, 4]);
  });

  test("may be larger than the dataset", () => {
    expect(sizes(ten.batch(64).batches(0))).toEqual([10]);
  });

  test("can be read twice, and abandoned half-way", () => {
    const epoch = ten.batch(4, { seed: 1 }).batches(0);
    for (const batch of epoch) if (batch.size === 4) break;
    expect(labels(epoch)).toEqual(labels(epoch));
    expect(labels(epoch)).toHaveLength(10);
  });

  test("hold memory of their own: writing to one changes no other", () => {
    const source = ten.batch(10);
    const [first] = source.batches(0);
    first?.x.data.fill(99);
    first?.y.data.fill(99);
    expect(labels(source.batches(0))).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect([...source.batches(0)][0]?.x.at(0, 1, 0, 0)).toBe(255);
  });
});

describe("beginning within an epoch", () => {
  test.for([0, 1, 2, 3, 4])("from batch %i on, gives what the whole epoch gives there", (from) => {
    const source = ten.batch(3, { seed: 1, augment: [randomFlipLeftRight()] });
    expect([...source.batches(2, from)]).toEqual([...source.batches(2)].slice(from));
    expect([...source.batches(2, from)]).toHaveLength(4 - from);
  });

  test.for([-1, 0.5, Number.NaN, "1", null])("refuses %s", (from) => {
    expect(() => ten.batch(3).batches(0, from as never)).toThrow(expect.objectContaining({ option: "from" }));
  });
});

describe("shares of several ranks", () => {
  const ranks = 3;
  const shares = (source: ImageBatches): ImageBatches[] => [0, 1, 2].map((rank) => source.shard(rank, ranks));

  test.for([{}, { seed: 1 }, { seed: 1, dropRemainder: true }])("with %s are equally long and disjoint", (options) => {
    const parts = shares(countingDataset(47).batch(4, options));
    expect(new Set(parts.map(({ size }) => size)).size).toBe(1);
    expect(new Set(parts.map(({ batchCount }) => batchCount)).size).toBe(1);
    for (const epoch of [0, 1]) {
      const given = parts.map((part) => labels(part.batches(epoch)));
      expect(given.map(({ length }) => length)).toEqual(parts.map(({ size }) => size));
      expect(new Set(given.flat()).size).toBe(given.flat().length);
    }
    const lost = 47 - parts.reduce((sum, { size }) => sum + size, 0);
    expect(lost).toBeLessThan("dropRemainder" in options ? ranks * 4 : ranks);
  });

  test("make up, step by step, the batches that one alone would take", () => {
    const data = countingDataset(47);
    const whole = [...data.batch(4 * ranks, { seed: 1, augment: [randomFlipLeftRight()] }).batches(1)];
    const parts = shares(data.batch(4, { seed: 1, augment: [randomFlipLeftRight()] })).map((part) => [
      ...part.batches(1),
    ]);
    const pictures = (batches: readonly (ImageBatch | undefined)[]): string[] =>
      batches
        .flatMap((batch) =>
          Array.from(batch?.y.data ?? [], (label, row) => `${label}: ${String(batch?.x.entry(row).data)}`),
        )
        .toSorted();
    for (const step of [0, 1, 2]) expect(pictures(parts.map((part) => part[step]))).toEqual(pictures([whole[step]]));
  });

  test("can be shared again", () => {
    const source = countingDataset(48).batch(4, { seed: 1 });
    const twice = [0, 1].flatMap((half) => [0, 1].map((rank) => source.shard(half, 2).shard(rank, 2)));
    expect(twice.flatMap((part) => labels(part.batches(0))).toSorted((a, b) => a - b)).toEqual([...Array(48).keys()]);
  });

  test("refuse ranks that are none, and more of them than get a batch", () => {
    const rejects = (option: string, rank: number, of: number, source = ten.batch(4)): void =>
      expect(() => source.shard(rank, of)).toThrow(expect.objectContaining({ code: "INVALID_CONFIG", option }));
    rejects("rank", 2, 2);
    rejects("rank", -1, 2);
    rejects("rank", 0.5, 2);
    rejects("ranks", 0, 0);
    rejects("ranks", 0, 1.5);
    rejects("ranks", 0, 11);
    rejects("ranks", 0, 3, ten.batch(4, { dropRemainder: true }));
  });
});

describe("shuffling", () => {
  test("gives every epoch an order of its own", () => {
    const source = ten.batch(4, { seed: 1 });
    expect(labels(source.batches(0))).not.toEqual(labels(source.batches(1)));
    expect(labels(source.batches(1))).not.toEqual(labels(source.batches(2)));
  });

  test("depends on seed and epoch alone: the third epoch needs no first", () => {
    const read = ten.batch(4, { seed: 1 });
    for (const epoch of [0, 1]) labels(read.batches(epoch));
    expect(labels(read.batches(2))).toEqual(labels(ten.batch(4, { seed: 1 }).batches(2)));
    expect(labels(read.batches(2))).not.toEqual(labels(ten.batch(4, { seed: 2 }).batches(2)));
  });

  test("gives the same order on every machine and in every version", () => {
    const source = ten.batch(4, { seed: 1 });
    expect([...source.order(0)]).toEqual([9, 0, 1, 8, 4, 5, 7, 3, 6, 2]);
    expect([...source.order(1)]).toEqual([6, 4, 1, 2, 5, 3, 7, 0, 8, 9]);
  });

  test("shows every image once an epoch, with its own label and pixels", () => {
    const cases = fc.record({
      count: fc.integer({ min: 1, max: 40 }),
      batchSize: fc.integer({ min: 1, max: 50 }),
      seed: fc.nat(),
      epoch: fc.nat({ max: 1000 }),
    });
    fc.assert(
      fc.property(cases, ({ count, batchSize, seed, epoch }) => {
        const source = countingDataset(count).batch(batchSize, { shuffle: true, seed });
        const batches = [...source.batches(epoch)];
        expect(batches).toHaveLength(source.batchCount);
        expect(batches.reduce((sum, { size }) => sum + size, 0)).toBe(count);
        const firstPixels = batches.flatMap(({ x, size }) => Array.from({ length: size }, (_, i) => x.at(i, 0, 0, 0)));
        expect(firstPixels).toEqual(labels(batches));
        expect(firstPixels).toEqual([...source.order(epoch)]);
        expect(firstPixels.toSorted((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, index) => index));
      }),
    );
  });

  test("without a seed picks one, keeps it and tells it", () => {
    const source = ten.batch(4, { shuffle: true });
    expect(labels(source.batches(3))).toEqual(labels(source.batches(3)));
    const { seed } = source;
    expect(seed).toBeTypeOf("number");
    expect(labels(ten.batch(4, { seed: seed ?? -1 }).batches(3))).toEqual(labels(source.batches(3)));
  });

  test("is off without a seed, and can be turned off with one", () => {
    expect(ten.batch(4).seed).toBeUndefined();
    expect(labels(ten.batch(4, { shuffle: false, seed: 1 }).batches(0))).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });
});

describe("wrong options", () => {
  test.for([0, -1, 2.5, Number.NaN])("refuses a batch size of %d", (batchSize) => {
    expect(() => ten.batch(batchSize)).toThrow(expect.objectContaining({ option: "batchSize" }) as Error);
  });

  test.for([-1, 0.5, 2 ** 32])("refuses seed %d before any batch is read", (seed) => {
    expect(() => ten.batch(4, { seed })).toThrow(expect.objectContaining({ option: "seed" }) as Error);
  });

  test.for([
    ["options", { augmentation: [] }],
    ["augment[0]", { augment: [3] }],
    ["augment", { augment: (image: unknown) => image }],
  ] as const)("refuses a wrong %s, as plain JavaScript may pass it", ([option, options]) => {
    const make = (): unknown => Reflect.construct(ImageBatches, [ten, 4, options]);
    expect(make).toThrow(expect.objectContaining({ code: "INVALID_CONFIG", option }) as Error);
  });

  test("refuses to drop the only batch", () => {
    expect(() => ten.batch(11, { dropRemainder: true })).toThrow("at most 10 with dropRemainder, received 11");
  });

  test.for([-1, 0.5, Number.NaN])("refuses epoch %d", (epoch) => {
    expect(() => ten.batch(4).batches(epoch)).toThrow(expect.objectContaining({ option: "epoch" }) as Error);
  });
});
