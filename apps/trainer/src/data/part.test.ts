import { ImageDataset, ImageFiles } from "@featuremap/datasets";
import { plainPreprocessing, randomFlipLeftRight } from "@featuremap/images";
import { type Batch, type BatchSource, HostArray } from "@featuremap/tensor";
import { describe, expect, test } from "vitest";
import { ArraysPart, type BatchPlan, FilesPart, type Part } from "./part.ts";

const count = 10;
const bytes = Uint8Array.from({ length: count * 4 * 6 * 3 }, (_, index) => (index * 37) % 256);
const labels = Int32Array.from({ length: count }, (_, index) => index % 2);
const classNames = ["cat", "dog"];
const own = plainPreprocessing([4, 6], "rgb", 1 / 255);
const centred = { ...own, mean: [0.5, 0.5, 0.5], standardDeviation: [0.25, 0.25, 0.25] };

const arrays = new ArraysPart(
  new ImageDataset({
    images: new HostArray(bytes, [count, 4, 6, 3]),
    labels: new HostArray(labels, [count]),
    classNames,
    preprocessing: own,
  }),
  "made",
);
const files = new FilesPart(
  new ImageFiles({
    paths: Array.from({ length: count }, (_, index) => `${index}.png`),
    labels,
    classNames,
    read: (index) => Promise.resolve({ data: bytes.slice(index * 72, (index + 1) * 72), width: 6, height: 4 }),
  }),
);
const plan: BatchPlan = { batchSize: 4, preprocessing: centred, labels: "int", workers: 0 };

async function collect(source: BatchSource, epoch = 0, from = 0): Promise<Batch<HostArray, HostArray>[]> {
  const batches: Batch<HostArray, HostArray>[] = [];
  for await (const batch of source.batches(epoch, from)) batches.push(batch as Batch<HostArray, HostArray>);
  return batches;
}

test("files and arrays of the same pictures give the same numbers, to the bit", async () => {
  const [one, other] = [await collect(arrays.batches(plan)), await collect(files.batches(plan))];
  expect(one.map(({ size }) => size)).toEqual([4, 4, 2]);
  expect(other).toEqual(one);
  expect(one[0]?.x.data[5]).toBe(Math.fround(((bytes[5] ?? 0) / 255 - 0.5) / 0.25));
});

test.for([own, { ...own, mean: [1, 2, 3], scale: 1 }])(
  "of both alike, blue comes first where it has to",
  async (rgb) => {
    const preprocessing = { ...rgb, channelOrder: "bgr" } as const;
    const [one, other] = [
      await collect(arrays.batches({ ...plan, preprocessing })),
      await collect(files.batches({ ...plan, preprocessing })),
    ];
    expect(other).toEqual(one);
    const expected = [5, 4, 3].map((place, index) =>
      Math.fround((bytes[place] ?? 0) * rgb.scale - (rgb.mean[index] ?? 0)),
    );
    expect([...(one[0]?.x.data.slice(3, 6) ?? [])]).toEqual(expected);
  },
);

describe.for<[string, Part]>([
  ["arrays", arrays],
  ["files", files],
])("batches of %s", ([, part]) => {
  const all = { ...plan, seed: 5, augment: [randomFlipLeftRight()], mixing: { mixup: 1, cutmix: 1, seed: 9 } };

  test("tell how pictures become inputs, and what classes are called", () => {
    const batches = part.batches({ ...plan, labels: "categorical" });
    expect(batches.preprocessing).toEqual(centred);
    expect(batches.classNames).toEqual(classNames);
  });

  test("begin anywhere with what they would have had there", async () => {
    const source = part.batches({ ...all, labels: "categorical" });
    expect(source.startsAnywhere).toBe(true);
    expect(await collect(source, 3, 1)).toEqual((await collect(source, 3)).slice(1));
    expect(await collect(source, 3)).not.toEqual(await collect(source, 4));
    expect(await collect(part.batches({ ...all, labels: "categorical" }), 3)).toEqual(await collect(source, 3));
  });

  test("have a fingerprint that tells what is done to them", () => {
    const some = { ...all, labels: "categorical" } as const;
    const prints = [
      plan,
      some,
      { ...some, mixing: { mixup: 1, cutmix: 0, seed: 9 } },
      { ...plan, classWeights: [1, 2] },
    ];
    expect(new Set(prints.map((each) => part.batches(each).fingerprint)).size).toBe(4);
  });

  test("write classes as the loss takes them, and weigh them", async () => {
    const [first] = await collect(part.batches({ ...plan, labels: "categorical", classWeights: [1, 3] }));
    expect([...(first?.y.data ?? [])]).toEqual([1, 0, 0, 1, 1, 0, 0, 1]);
    expect([...((first?.sampleWeight as HostArray | undefined)?.data ?? [])]).toEqual([1, 3, 1, 3]);
    const [binary] = await collect(part.batches({ ...plan, labels: "binary" }));
    expect(binary?.y.shape).toEqual([4, 1]);
    expect([...(binary?.y.data ?? [])]).toEqual([0, 1, 0, 1]);
  });

  test("weigh mixtures by the shares of their classes", async () => {
    for (const form of ["categorical", "binary"] as const) {
      const mixed = part.batches({ ...plan, labels: form, mixing: all.mixing, classWeights: [1, 3] });
      for (const { y, sampleWeight, size } of await collect(mixed)) {
        const columns = y.shape[1] ?? 1;
        for (let row = 0; row < size; row++) {
          const dogs = Number(y.data[(row + 1) * columns - 1]);
          expect((sampleWeight as HostArray).data[row]).toBeCloseTo(1 + 2 * dogs, 5);
        }
      }
    }
  });

  test("some of them keep their names and pictures", async () => {
    const some = part.select([7, 2]);
    expect(some.names).toEqual([part.names[7], part.names[2]]);
    expect([...some.labels]).toEqual([1, 0]);
    const [whole, chosen] = [await collect(part.batches(plan)), await collect(some.batches(plan))];
    expect(chosen[0]?.x.entry(0).data).toEqual(whole[1]?.x.entry(3).data);
    expect(chosen[0]?.x.entry(1).data).toEqual(whole[0]?.x.entry(2).data);
  });
});

test("arrays of another size than the network's are brought to it", async () => {
  const preprocessing = plainPreprocessing([2, 3], "grayscale", 1 / 255);
  const [first] = await collect(arrays.batches({ ...plan, preprocessing }));
  expect(first?.x.shape).toEqual([4, 2, 3, 1]);
});
