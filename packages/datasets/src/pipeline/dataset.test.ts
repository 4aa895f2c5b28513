import { FormatError, InvalidConfigError } from "@featuremap/tensor";
import { describe, expect, expectTypeOf, test } from "vitest";
import { Dataset } from "./dataset.ts";
import { ElementError } from "./element-error.ts";
import { collect, range, turn } from "./collect.test-support.ts";

const ten = Dataset.from(range(10));

describe("a dataset", () => {
  test("is gone through by for await, as often as one likes", async () => {
    const pairs = ten
      .map((value) => ({ value, isEven: value % 2 === 0 }))
      .filter(({ isEven }) => isEven)
      .map(({ value }) => `${value}`)
      .batch(2);
    expectTypeOf(pairs).toEqualTypeOf<Dataset<string[]>>();
    expect(await collect(pairs)).toEqual([["0", "2"], ["4", "6"], ["8"]]);
    expect(await collect(pairs)).toEqual([["0", "2"], ["4", "6"], ["8"]]);
  });

  test("keeps the types of what is zipped and unbatched", () => {
    expectTypeOf(Dataset.zip(ten, Dataset.from(["a"]))).toEqualTypeOf<Dataset<[number, string]>>();
    expectTypeOf(ten.batch(3).unbatch()).toEqualTypeOf<Dataset<number>>();
    expectTypeOf(Dataset.from(new Set(["a"]))).toEqualTypeOf<Dataset<string>>();
    expect(ten.size).toBe(10);
  });

  test.for<[string, Dataset<unknown>, number | undefined]>([
    ["a list", ten, 10],
    ["an iterable", Dataset.from(new Set([1])), undefined],
    ["an iterable of known size", Dataset.from(() => [1, 2], { size: 2 }), 2],
    ["batches", ten.batch(3), 4],
    ["full batches", ten.batch(3, { dropRemainder: true }), 3],
    ["a filter", ten.filter(() => true), undefined],
    ["a shard", ten.shard(1, 3), 3],
    ["endless rounds", ten.repeat(), Number.POSITIVE_INFINITY],
    ["endless rounds of nothing", ten.take(0).repeat(), 0],
    ["the start of endless rounds", ten.repeat().take(25), 25],
    ["a zip with an endless one", Dataset.zip(ten, ten.repeat()), 10],
    ["an interleaving", Dataset.interleave([ten, ten.take(3)]), 13],
    ["a buffered shuffle", ten.shuffle({ seed: 1, buffer: 3 }).prefetch(2), 10],
  ])("knows the size of %s where it can be known", ([, dataset, size]) => {
    expect(dataset.size).toBe(size);
  });

  test("ends where endless rounds have no elements", async () => {
    expect(await collect(ten.filter(() => false).repeat())).toEqual([]);
  });

  test("refuses an iterator, which one epoch would use up", () => {
    expect(() => Dataset.from([1, 2].values())).toThrow("give a function that returns it");
  });

  test("holds an iterable to the size it was given", async () => {
    await expect(collect(Dataset.from(() => [1, 2], { size: 3 }))).rejects.toThrow(
      "must be 3, as given by size, found 2",
    );
    await expect(collect(Dataset.from(() => [1, 2], { size: 1 }))).rejects.toThrow(FormatError);
  });
});

describe("shuffle", () => {
  test.for([{ seed: 1 }, { seed: 1, buffer: 4 }])(
    "gives every epoch another order, the same each time: %o",
    async (options) => {
      const dataset = ten.shuffle(options);
      const [first, second] = [await collect(dataset, 0), await collect(dataset, 1)];
      expect(first).not.toEqual(range(10));
      expect(first).not.toEqual(second);
      expect(first.toSorted((a, b) => a - b)).toEqual(range(10));
      expect(await collect(ten.shuffle(options), 1)).toEqual(second);
      expect(await collect(ten.shuffle({ ...options, seed: 2 }), 0)).not.toEqual(first);
      expect(await collect(dataset.repeat(2))).toEqual([...first, ...second]);
    },
  );

  test("draws from its buffer alone: no element comes earlier than the buffer lets it", async () => {
    for (let seed = 0; seed < 50; seed++) {
      const order = await collect(Dataset.from(range(100)).shuffle({ seed, buffer: 7 }));
      order.forEach((element, place) => expect(element).toBeLessThanOrEqual(place + 6));
    }
  });

  test("is fair: every element stands everywhere equally often", async () => {
    const counts = range(9).map(() => 0);
    for (let epoch = 0; epoch < 3000; epoch++) {
      const order = await collect(Dataset.from(range(3)).shuffle({ seed: 3, buffer: 3 }), epoch);
      order.forEach((element, place) => (counts[3 * place + element] = (counts[3 * place + element] ?? 0) + 1));
    }
    // 1000 each; the standard deviation is 26
    for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(130);
  });

  test("asks for a buffer where elements have no indices", () => {
    expect(() => ten.filter(() => true).shuffle({ seed: 1 })).toThrow(
      expect.objectContaining({ option: "buffer" }) as Error,
    );
  });

  test("reaches a place by reading nothing before it where elements have indices", async () => {
    let reads = 0;
    const source = { size: 1000, at: (index: number) => (reads++, index) };
    const dataset = Dataset.from(source)
      .shuffle({ seed: 1 })
      .map((value) => value, { concurrency: 1 })
      .batch(10);
    const iterator = dataset.iterate();
    for (let batch = 0; batch < 90; batch++) await iterator.next();
    const position = iterator.save();
    const expected = await iterator.next();
    reads = 0;
    expect(await dataset.iterate({ position }).next()).toEqual(expected);
    expect(reads).toBe(10);
  });

  test("reads again no more than its buffer's oldest element needs", async () => {
    let reads = 0;
    const make = function* (): Generator<number> {
      for (let index = 0; index < 1000; index++) yield index;
    };
    const dataset = Dataset.from(make)
      .map((value) => (reads++, value))
      .shuffle({ seed: 1, buffer: 5 });
    const iterator = dataset.iterate();
    for (let place = 0; place < 900; place++) await iterator.next();
    const position = iterator.save();
    const rest: number[] = [];
    for await (const value of iterator) rest.push(value);
    reads = 0;
    const again: number[] = [];
    for await (const value of dataset.iterate({ position })) again.push(value);
    expect(again).toEqual(rest);
    expect(reads).toBeLessThan(200);
  });
});

describe("map", () => {
  test.for([1, 4])("works on %i elements at once, and on no more", async (concurrency) => {
    let now = 0;
    let most = 0;
    const work = async (value: number): Promise<number> => {
      now++;
      most = Math.max(most, now);
      await turn();
      now--;
      return value;
    };
    const stream = Dataset.from(new Set(range(30)));
    const indexed = Dataset.from(range(30)).shuffle({ seed: 1 });
    for (const dataset of [
      stream.map(work, { concurrency }),
      indexed.map(work, { concurrency }).batch(4),
      indexed.map(work, { concurrency }).shard(0, 1),
    ]) {
      most = 0;
      await collect(dataset as Dataset<unknown>);
      expect(most).toBe(concurrency);
    }
  });

  test("gives every element and epoch random numbers of its own, also after shuffle and repeat", async () => {
    const drawn = ten.map((value, { random }) => `${value}: ${random.uint32()}`, { seed: 1 });
    const [first, second] = [await collect(drawn, 0), await collect(drawn, 1)];
    expect(new Set([...first, ...second]).size).toBe(20);
    expect((await collect(drawn.shuffle({ seed: 2 }), 1)).toSorted()).toEqual(second.toSorted());
    expect(await collect(drawn.repeat(2))).toEqual([...first, ...second]);
  });

  test("says that random numbers take a seed", async () => {
    const drawing = collect(ten.map((_, { random }) => random.uint32()));
    await expect(drawing).rejects.toThrow("Dataset.map: seed must be given for random numbers");
  });

  test.for([1, 4])(
    "names the step, the element and its file when a function throws, %i at once",
    async (concurrency) => {
      const files = Dataset.from(range(10).map((index) => ({ path: `cats/${index}.jpg` })));
      const failing = files.map(
        async ({ path }) => {
          if (path === "cats/7.jpg") throw new Error("not a picture");
          return path;
        },
        { concurrency },
      );
      const iterator = failing.prefetch(3).iterate();
      for (let index = 0; index < 7; index++) expect((await iterator.next()).value).toBe(`cats/${index}.jpg`);
      const error: unknown = await iterator.next().catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(ElementError);
      expect(error).toMatchObject({ step: "Dataset.map", index: 7, path: "cats/7.jpg", code: "ELEMENT_FAILED" });
      expect(String(error)).toContain("Dataset.map: element 7 (cats/7.jpg): not a picture");
      expect(await iterator.next()).toEqual({ done: true, value: undefined });
    },
  );
});

describe("prefetch", () => {
  test("reads as far ahead as it was told, and no further", async () => {
    let read = 0;
    const dataset = Dataset.from(function* () {
      for (;;) yield read++;
    }).prefetch(3);
    const iterator = dataset.iterate();
    await turn();
    expect(read).toBe(0);
    for (let taken = 1; taken < 5; taken++) {
      await iterator.next();
      await turn();
      expect(read).toBe(taken + 3);
    }
    await iterator.return();
    await turn();
    expect(read).toBe(7);
  });

  test("saves the place of what was delivered, not of what was read", async () => {
    const dataset = ten.map(async (value) => value, { concurrency: 8 }).prefetch(5);
    const iterator = dataset.iterate();
    await iterator.next();
    await turn();
    const rest: number[] = [];
    for await (const value of dataset.iterate({ position: iterator.save() })) rest.push(value);
    expect(rest).toEqual(range(10).slice(1));
  });
});

describe("cache", () => {
  test.for([true, false])("makes each element once, for all who go through it; indices: %s", async (hasIndices) => {
    let made = 0;
    const source = hasIndices ? ten : Dataset.from(new Set(range(10)));
    const dataset = source.map(async (value) => (made++, await turn(), value), { concurrency: 2 }).cache();
    const iterator = dataset.iterate();
    for (let place = 0; place < 4; place++) await iterator.next();
    await iterator.return();
    expect(made).toBeLessThanOrEqual(6);
    const [first, second] = await Promise.all([collect(dataset), collect(dataset, 1)]);
    expect([first, second]).toEqual([range(10), range(10)]);
    const before = made;
    expect(await collect(dataset, 2)).toEqual(range(10));
    expect(made).toBe(before);
    // a stream's reader that left had read two elements ahead
    expect(made).toBe(hasIndices ? 10 : 12);
  });

  test("forgets a failure", async () => {
    let isBroken = true;
    const dataset = ten.map((value) => {
      if (isBroken && value === 3) throw new Error("for now");
      return value;
    });
    const kept = dataset.cache();
    await expect(collect(kept)).rejects.toThrow("for now");
    isBroken = false;
    expect(await collect(kept)).toEqual(range(10));
  });
});

describe("split", () => {
  const labelled = Dataset.from(range(100).map((index) => ({ index, label: index < 80 ? "cat" : "dog" })));

  test("by class gives each class its share, and loses and doubles nothing", async () => {
    const [learn, validate] = await labelled.split(0.9, { seed: 1, by: ({ label }) => label });
    const [first, second] = [await collect(learn), await collect(validate)];
    expect([learn.size, validate.size, first.length, second.length]).toEqual([90, 10, 90, 10]);
    expect(second.filter(({ label }) => label === "cat").length).toBe(8);
    expect([...first, ...second].map(({ index }) => index).toSorted((a, b) => a - b)).toEqual(range(100));
    const [again] = await labelled.split(0.9, { seed: 1, by: ({ label }) => label });
    expect(await collect(again)).toEqual(first);
    const [other] = await labelled.split(0.9, { seed: 2, by: ({ label }) => label });
    expect(await collect(other)).not.toEqual(first);
  });

  test("without a seed and classes cuts in two", async () => {
    const [first, second] = await ten.split(0.25);
    expect([await collect(first), await collect(second)]).toEqual([range(3), range(10).slice(3)]);
  });

  test("refuses to leave a part empty, and elements without indices", async () => {
    await expect(ten.split(0.01)).rejects.toThrow("leaves neither part of 10 elements empty");
    await expect(ten.filter(() => true).split(0.5)).rejects.toBeInstanceOf(InvalidConfigError);
  });
});

describe("balance", () => {
  const labels = [...new Array<number>(90).fill(0), ...new Array<number>(9).fill(1), 2];
  const uneven = Dataset.from(labels.map((label, index) => ({ index, label })));

  test("gives every class its equal share of an epoch, and each element of a large class its turn", async () => {
    const even = await uneven.balance({ by: ({ label }) => label, seed: 1, size: 99 });
    const seen = new Set<number>();
    for (let epoch = 0; epoch < 12; epoch++) {
      const elements = await collect(even, epoch);
      for (const label of [0, 1, 2]) expect(elements.filter((each) => each.label === label).length).toBe(33);
      for (const { index } of elements) seen.add(index);
      const cats = elements.filter(({ label }) => label === 0).map(({ index }) => index);
      expect(new Set(cats).size).toBe(33);
    }
    expect(seen.size).toBeGreaterThan(90);
    expect(await collect(even, 1)).not.toEqual(await collect(even, 0));
    expect(await collect(even, 1)).toEqual(await collect(even, 1));
  });

  test("or weights do: those of scikit-learn", async () => {
    // compute_class_weight("balanced", classes=[0, 1, 2], y=labels) of scikit-learn 1.7
    const weights = await uneven.classWeights(({ label }) => label);
    expect(weights).toEqual({ 0: 100 / 270, 1: 100 / 27, 2: 100 / 3 });
  });
});

describe("what users of tf.data and of lists write", () => {
  test.for([
    [
      "a buffer for the options of shuffle",
      () => ten.shuffle(100 as never),
      /as \{ seed: 1, buffer: 100 \}, received 100/,
    ],
    ["an operation for a function", () => ten.map({ apply: String } as never), /ImageWorkers\(\).load\(\{ operations/],
    ["a count below 0", () => ten.take(-1), /Dataset.take: count must be an integer of at least 0, received -1/],
    ["endless repetition by -1", () => ten.repeat(-1), /an integer of at least 0, or Infinity, received -1/],
  ] as const)("is refused in one sentence: %s", ([, call, message]) => {
    expect(call).toThrow(message);
  });

  test("the context is not an index, and says so where it is calculated with", async () => {
    const products = ten.map((element, context) => element * (context as unknown as number));
    await expect(products.iterate().next()).rejects.toThrow(
      "the second argument of its function must be destructured, as in (element, { index }) => ...",
    );
  });

  test("steps may write to elements: a list, and what is kept of it, stay as they are", async () => {
    const list = [1, 2, 3].map((level) => ({ image: { data: new Uint8Array(2).fill(level), width: 2, height: 1 } }));
    const before = structuredClone(list);
    for (const dataset of [Dataset.from(list), Dataset.from(list).cache(), Dataset.from(list).repeat(2)]) {
      const blackened = dataset.map(({ image }) => {
        const level = image.data[0];
        image.data.fill(0);
        return level;
      });
      for (const epoch of [0, 1]) {
        const iterator = blackened.iterate({ epoch });
        for (const level of [1, 2, 3]) expect((await iterator.next()).value).toBe(level);
        await iterator.return();
      }
    }
    expect(list).toEqual(before);
  });
});
