import { RandomStream } from "@featuremap/tensor";
import { describe, expect, test } from "vitest";
import { collect } from "../../bytes/collect.ts";
import type { ImageFileBatches } from "./image-file-batches.ts";
import { ImageFiles } from "../image-files.ts";

/** Pictures of one pixel, each of the colour of its place. */
function numbered(size: number, damaged: ReadonlySet<number> = new Set()): ImageFiles {
  return new ImageFiles({
    paths: Array.from({ length: size }, (_, index) => `${index}`),
    labels: new Int32Array(size),
    classNames: ["all"],
    damagedShare: 1,
    read: async (index) =>
      damaged.has(index) ? new Uint8Array(1) : { data: new Uint8Array([index, 0, 0]), width: 1, height: 1 },
  });
}

/** The places of an epoch's pictures, batch by batch. */
async function placesOf(batches: ImageFileBatches, epoch: number, from = 0): Promise<number[][]> {
  const given = await collect(batches.batches(epoch, from));
  return given.map(({ x, size }) => Array.from({ length: size }, (_, row) => x.data[row * 3] ?? -1));
}

const plain = { imageSize: 1, workers: 0 } as const;
const sorted = (places: readonly number[]): number[] => places.toSorted((one, other) => one - other);

describe("shares of picture files", () => {
  const draw = new RandomStream(7);
  const between = (least: number, most: number): number => least + Math.floor(draw.uniform() * (most - least + 1));
  const cases = Array.from({ length: 40 }, () => {
    const ranks = between(1, 5);
    const batchSize = between(1, 6);
    const size = between(ranks * batchSize, 60);
    return { ranks, batchSize, size, shuffle: between(0, 1) === 1, dropRemainder: between(0, 1) === 1 };
  });

  test.for(cases)(
    "give each picture of an epoch to one rank, and go on anywhere: $size by $batchSize for $ranks, shuffle $shuffle, dropRemainder $dropRemainder",
    async ({ ranks, batchSize, size, shuffle, dropRemainder }) => {
      const batches = numbered(size).batch(batchSize, { ...plain, shuffle, dropRemainder, seed: 3 });
      const shares = Array.from({ length: ranks }, (_, rank) => batches.shard(rank, ranks));
      const [first] = shares;
      for (const epoch of [0, 1]) {
        const order = [
          ...numbered(size)
            .batch(size, { ...plain, shuffle, seed: 3 })
            .order(epoch),
        ];
        const given: number[][][] = [];
        for (const share of shares) given.push(await placesOf(share, epoch));
        for (const [rank, share] of shares.entries()) {
          expect([share.batchCount, share.size]).toEqual([first?.batchCount, first?.size]);
          expect(given[rank]).toHaveLength(share.batchCount);
          expect(given[rank]?.flat()).toHaveLength(share.size);
          expect([...share.order(epoch)].slice(0, share.size)).toEqual(given[rank]?.flat());
          const from = epoch % (share.batchCount + 1);
          expect(await placesOf(share, epoch, from)).toEqual(given[rank]?.slice(from));
          expect(share.fingerprint).toBe(batches.fingerprint);
        }
        const whole = Math.floor(size / ranks);
        const each = dropRemainder ? whole - (whole % batchSize) : whole;
        // The global order is one: together they have its beginning, and what is left out is its end.
        expect(sorted(given.flat(2))).toEqual(sorted(order.slice(0, ranks * each)));
        for (let step = 0; step < Math.floor(each / batchSize); step++) {
          const together = given.flatMap((steps) => steps[step] ?? []);
          const alone = order.slice(step * ranks * batchSize, (step + 1) * ranks * batchSize);
          expect(sorted(together)).toEqual(sorted(alone));
        }
      }
    },
  );

  test("draw one seed for all where none is given, and can be shared again", async () => {
    const batches = numbered(48).batch(4, { ...plain, shuffle: true });
    const shares = [0, 1].flatMap((half) => [0, 1].map((rank) => batches.shard(half, 2).shard(rank, 2)));
    expect(new Set(shares.map(({ seed }) => seed))).toEqual(new Set([batches.seed]));
    const given: number[][][] = [];
    for (const share of shares) given.push(await placesOf(share, 2));
    expect(sorted(given.flat(2))).toEqual([...Array(48).keys()]);
  });

  test("have as many batches where files are damaged, and no picture of another rank", async () => {
    const damaged = new Set([0, 2, 4, 9]);
    const batches = numbered(12, damaged).batch(2, plain);
    const [even, odd] = [await placesOf(batches.shard(0, 2), 0), await placesOf(batches.shard(1, 2), 0)];
    // Its first batch has nothing left of its own, and takes the next of its share.
    expect(even).toEqual([[6], [6], [8, 10]]);
    expect(odd).toEqual([[1, 3], [5, 7], [11]]);
  });

  test("refuse ranks that are none, and more of them than get a batch", () => {
    const rejects = (option: string, rank: unknown, of: unknown, dropRemainder = false): void => {
      const batches = numbered(10).batch(4, { ...plain, dropRemainder });
      const refused = expect.objectContaining({ code: "INVALID_CONFIG", option });
      expect(() => batches.shard(rank as number, of as number)).toThrow(refused);
    };
    rejects("rank", 2, 2);
    rejects("rank", -1, 2);
    rejects("rank", 0.5, 2);
    rejects("rank", undefined, 2);
    rejects("ranks", 0, 0);
    rejects("ranks", 0, "2");
    rejects("ranks", 0, 11);
    rejects("ranks", 0, 3, true);
  });
});
