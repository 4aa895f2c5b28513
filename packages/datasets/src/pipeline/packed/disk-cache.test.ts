import { appendFile, mkdtemp, readFile, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FormatError, HostArray } from "@featuremap/tensor";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Dataset } from "../dataset.ts";

let directory: string;
const key = "numbers";
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "featuremap-cache-"));
});
afterEach(() => rm(directory, { recursive: true }));

const range = (size: number): number[] => Array.from({ length: size }, (_, index) => index);

async function collect<T>(dataset: Dataset<T>, epoch = 0): Promise<T[]> {
  const elements: T[] = [];
  for await (const element of dataset.iterate({ epoch })) elements.push(element);
  return elements;
}

/** Elements that count how often they are made. */
function counted(
  size: number,
  bytes = 10,
): { readonly dataset: Dataset<{ data: Uint8Array; index: number }>; made(): number } {
  let made = 0;
  const make = (index: number): { data: Uint8Array; index: number } => {
    made++;
    return { data: new Uint8Array(bytes).fill(index), index };
  };
  return { dataset: Dataset.from(range(size)).map(make, { concurrency: 4 }), made: () => made };
}

const packs = async (): Promise<string[]> => (await readdir(directory)).filter((name) => name.endsWith(".pack"));

describe("a cache on the disk", () => {
  test("makes each element once, in this run and in later ones", async () => {
    const first = counted(50);
    const kept = first.dataset.cache({ directory, key }).shuffle({ seed: 1 });
    const [one, two] = [await collect(kept, 0), await collect(kept, 1)];
    expect(one.map(({ index }) => index)).not.toEqual(two.map(({ index }) => index));
    expect(first.made()).toBe(50);
    expect((await packs()).length).toBe(1);
    for (const memory of [0, 2 ** 20]) {
      const later = counted(50);
      expect(await collect(later.dataset.cache({ directory, key, memory }).shuffle({ seed: 1 }), 1)).toEqual(two);
      expect(later.made()).toBe(0);
    }
  });

  test("makes anew what lies in another's place", async () => {
    await collect(counted(3).dataset.cache({ directory, key }));
    const [name = ""] = await packs();
    const path = join(directory, name);
    const pack = await readFile(path);
    const at = pack.length - 16 - pack.readDoubleLE(pack.length - 16);
    const { entries } = JSON.parse(pack.toString("utf8", at, pack.length - 16)) as { entries: number[][] };
    const [[, from = 0, length = 0] = [], [, to = 0, other = 0] = []] = entries;
    expect(length).toBe(other);
    // As whole as they were, but the other way round.
    const first = Buffer.from(pack.subarray(from, from + length));
    pack.copy(pack, from, to, to + length);
    first.copy(pack, to);
    await writeFile(path, pack);
    for (const memory of [0, 2 ** 20]) {
      const later = counted(3);
      const kept = later.dataset.cache({ directory, key, memory });
      expect((await collect(kept)).map(({ data, index }) => [data[0], index])).toEqual(
        range(3).map((each) => [each, each]),
      );
      expect((await collect(kept)).map(({ index }) => index)).toEqual(range(3));
      await writeFile(path, pack);
    }
  });

  test("keeps what a run made that was stopped", async () => {
    const first = counted(50);
    const iterator = first.dataset.cache({ directory, key }).iterate();
    for (let place = 0; place < 20; place++) await iterator.next();
    await iterator.return();
    await vi.waitFor(async () => expect((await packs()).length).toBe(1));
    const later = counted(50);
    expect(await collect(later.dataset.cache({ directory, key }))).toEqual(await collect(counted(50).dataset));
    expect(later.made()).toBe(50 - first.made());
  });

  test.for<[string, (dataset: Dataset<{ index: number }>) => Dataset<unknown>]>([
    ["another key", (dataset) => dataset.cache({ directory, key: "2" })],
    ["other steps", (dataset) => dataset.take(40).cache({ directory, key: "1" })],
  ])("is made anew for %s, and what was kept goes", async ([, cacheOf]) => {
    await collect(counted(50).dataset.cache({ directory, key: "1" }));
    const before = await packs();
    const other = counted(50);
    await collect(cacheOf(other.dataset));
    expect(other.made()).toBeGreaterThanOrEqual(40);
    const after = await packs();
    expect(after.length).toBe(1);
    expect(after).not.toEqual(before);
  });

  test.for<[string, (path: string) => Promise<void>]>([
    ["cut off", async (path) => writeFile(path, (await readFile(path)).subarray(0, 300))],
    ["longer", (path) => appendFile(path, "more")],
    ["empty", (path) => writeFile(path, "")],
    ["something else", (path) => writeFile(path, "x".repeat(1000))],
  ])("is made anew where a file is %s", async ([, damage]) => {
    const expected = await collect(counted(50).dataset.cache({ directory, key }));
    const [name = ""] = await packs();
    await damage(join(directory, name));
    const later = counted(50);
    expect(await collect(later.dataset.cache({ directory, key }))).toEqual(expected);
    expect(later.made()).toBe(50);
    expect((await packs()).length).toBe(1);
  });

  test.for([0, 2 ** 20])("makes anew what has changed in a file, with %i bytes of memory", async (memory) => {
    const expected = await collect(counted(50).dataset.cache({ directory, key }));
    const [name = ""] = await packs();
    const bytes = await readFile(join(directory, name));
    bytes[bytes.indexOf(new Uint8Array(10).fill(7))] = 8;
    await writeFile(join(directory, name), bytes);
    const later = counted(50);
    expect(await collect(later.dataset.cache({ directory, key, memory }))).toEqual(expected);
    expect(later.made()).toBe(1);
    const last = counted(50);
    expect(await collect(last.dataset.cache({ directory, key, memory }))).toEqual(expected);
    expect(last.made()).toBe(0);
  });

  test("is refused without a key: nothing else tells these elements from others", () => {
    expect(() => Dataset.from([1]).cache({ directory } as never)).toThrow("Dataset.cache: key must be a string");
  });

  test("goes on where its files vanish while it is read", async () => {
    const kept = counted(50);
    const dataset = kept.dataset.cache({ directory, key, memory: 0 });
    const expected = await collect(dataset);
    for (const name of await packs()) await rm(join(directory, name));
    expect(await collect(dataset)).toEqual(expected);
    expect(kept.made()).toBe(100);
  });

  test("writes packs of a bounded size, and holds no more of them than memory allows", async () => {
    const large = counted(30, 2 ** 22);
    const dataset = large.dataset.cache({ directory, key, memory: 0 });
    await collect(dataset.map(({ index }) => index));
    const sizes = await Promise.all((await packs()).map(async (name) => (await stat(join(directory, name))).size));
    expect(sizes.length).toBeGreaterThan(2);
    expect(Math.max(...sizes)).toBeLessThan(2 ** 25 + 2 ** 24);
    const elements = await collect(dataset.map(({ data, index }) => data.every((byte) => byte === index)));
    expect(elements).toEqual(range(30).map(() => true));
    expect(large.made()).toBe(30);
  });

  test("refuses elements that cannot be written", async () => {
    const dataset = Dataset.from([new Date(0)]).cache({ directory, key });
    await expect(collect(dataset)).rejects.toThrow("Dataset.cache: elements must be plain data");
    expect(() =>
      counted(5)
        .dataset.filter(() => true)
        .cache({ directory, key }),
    ).toThrow("elements with indices");
  });
});

test.for(["in memory", "on the disk"])("elements of a cache %s are the consumer's own", async (where) => {
  const source = Dataset.from([1, 2]).map((value) => ({
    list: [{ data: new Uint8Array([value]) }],
    array: new HostArray(new Float32Array([value]), [1]),
    make: () => value,
  }));
  const plain = source.map(({ list, array }) => ({ list, array }));
  const dataset = where === "in memory" ? source.cache() : plain.cache({ directory, key });
  for (let epoch = 0; epoch < 3; epoch++) {
    const found = await collect<{ list: { data: Uint8Array }[]; array: HostArray }>(dataset, epoch);
    expect(found.map(({ list, array }) => [list[0]?.data[0], array.data[0]])).toEqual([
      [1, 1],
      [2, 2],
    ]);
    for (const { list, array } of found) {
      array.data.fill(9);
      list.pop()?.data.fill(9);
    }
  }
});

describe("skipDamaged", () => {
  const damagedAt = (...places: number[]): Dataset<{ path: string }> =>
    Dataset.from(range(100).map((index) => ({ path: `${index}.jpg` }))).map(
      async (file) => {
        if (places.some((place) => file.path === `${place}.jpg`))
          throw new FormatError(file.path, "the file", "whole", "cut");
        return file;
      },
      { concurrency: 4 },
    );

  test.for<[string, (dataset: Dataset<{ path: string }>) => Dataset<{ path: string }>]>([
    ["of elements with indices", (dataset) => dataset.shuffle({ seed: 1 })],
    ["of a stream", (dataset) => dataset],
  ])("leaves out what is damaged, and tells each once; %s", async ([, order]) => {
    const skipped: unknown[] = [];
    const dataset = order(damagedAt(3, 97)).skipDamaged({ onSkip: (file) => skipped.push(file) });
    for (let epoch = 0; epoch < 2; epoch++) expect((await collect(dataset, epoch)).length).toBe(98);
    expect(skipped.length).toBe(2);
    expect(skipped).toContainEqual({ path: "97.jpg", reason: "97.jpg: the file must be whole, found cut." });
    const iterator = dataset.iterate();
    for (let place = 0; place < 50; place++) await iterator.next();
    const position = iterator.save();
    const rest = [];
    for await (const file of iterator) rest.push(file);
    const again = [];
    for await (const file of dataset.iterate({ position })) again.push(file);
    expect(again).toEqual(rest);
    expect(rest.length).toBe(48);
  });

  test("fails where too many are", async () => {
    const dataset = damagedAt(...range(6));
    await expect(collect(dataset.skipDamaged())).rejects.toThrow(
      "of 100 elements must be at most 5 % damaged (maxDamagedShare), found 6, the last one: 5.jpg",
    );
    expect((await collect(dataset.skipDamaged({ maxDamagedShare: 0.06 }))).length).toBe(94);
  });

  test("of an unknown number, fails at the end", async () => {
    const dataset = Dataset.from(() => range(10)).map((value) => {
      if (value === 3) throw new FormatError("x", "the file", "whole", "cut");
      return value;
    });
    await expect(collect(dataset.skipDamaged())).rejects.toThrow("of 10 elements");
    expect((await collect(dataset.skipDamaged({ maxDamagedShare: 0.1 }))).length).toBe(9);
  });

  test("lets other errors through", async () => {
    const dataset = Dataset.from([1]).map(() => {
      throw new Error("a bug");
    });
    await expect(collect(dataset.skipDamaged() as Dataset<unknown>)).rejects.toThrow("a bug");
  });
});
