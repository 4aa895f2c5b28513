import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ElementContext } from "./steps/context.ts";
import { Dataset } from "./dataset.ts";
import type { Position } from "./dataset-iterator.ts";

/** What a pipeline of the tests carries: numbers, or whatever a step has made of them. */
type Element = unknown;

interface Step {
  readonly name: string;
  apply(dataset: Dataset<Element>, concurrency: number): Dataset<Element> | Promise<Dataset<Element>>;
  /** What an epoch must hold, from what the steps before give in an epoch; sorted where order is the step's to choose. */
  expected(before: (epoch: number) => Promise<Element[]>, epoch: number): Promise<Element[]>;
  readonly isShuffled?: boolean;
}

const text = (element: Element): string => JSON.stringify(element);
const sum = (element: Element): number => [...text(element)].reduce((total, letter) => total + letter.charCodeAt(0), 0);

/** Other work may come between, and calls that began later may end first. */
async function wait(turns: number): Promise<void> {
  for (let turn = 0; turn < turns; turn++) await Promise.resolve();
}

async function draw(element: Element, { index, epoch, random }: ElementContext): Promise<Element> {
  await wait((sum(element) * 7) % 5);
  return { element, index, epoch, draw: random.uint32() };
}

const seeds = fc.integer({ min: 0, max: 1000 });
const few = fc.integer({ min: 0, max: 5 });
const some = fc.integer({ min: 1, max: 5 });

function step(
  name: string,
  apply: Step["apply"],
  expected: (before: Element[]) => Element[],
  isShuffled = false,
): Step {
  return { name, apply, expected: async (before, epoch) => expected(await before(epoch)), isShuffled };
}

const steps: fc.Arbitrary<Step> = fc.oneof(
  fc.constant(
    step(
      "map",
      (dataset, concurrency) =>
        dataset.map(async (element) => (await wait(sum(element) % 3), [element]), { concurrency }),
      (before) => before.map((element) => [element]),
    ),
  ),
  fc.constant(
    step(
      "filter",
      (dataset) => dataset.filter((element) => sum(element) % 3 !== 0),
      (before) => before.filter((element) => sum(element) % 3 !== 0),
    ),
  ),
  fc.tuple(seeds, some).map(([seed, buffer]) =>
    step(
      `shuffle(${seed}, ${buffer})`,
      (dataset) => dataset.shuffle({ seed, buffer }),
      (before) => before,
      true,
    ),
  ),
  seeds.map((seed) =>
    step(
      `shuffle(${seed})`,
      (dataset) => {
        try {
          return dataset.shuffle({ seed });
        } catch {
          return dataset.shuffle({ seed, buffer: 100 });
        }
      },
      (before) => before,
      true,
    ),
  ),
  fc.integer({ min: 0, max: 2 }).map((times) => ({
    name: `repeat(${times})`,
    apply: (dataset: Dataset<Element>) => dataset.repeat(times),
    expected: async (before: (epoch: number) => Promise<Element[]>, epoch: number) => {
      const rounds: Element[] = [];
      for (let round = 0; round < times; round++) rounds.push(...(await before(epoch * times + round)));
      return rounds;
    },
  })),
  fc.tuple(some, fc.boolean()).map(([size, dropRemainder]) =>
    step(
      `batch(${size})`,
      (dataset) => dataset.batch(size, { dropRemainder }),
      (before) => {
        const batches: Element[][] = [];
        for (let start = 0; start < before.length; start += size) batches.push(before.slice(start, start + size));
        return dropRemainder ? batches.filter(({ length }) => length === size) : batches;
      },
    ),
  ),
  some.map((size) =>
    step(
      `batch(${size}).unbatch`,
      (dataset) => dataset.batch(size).unbatch(),
      (before) => before,
    ),
  ),
  some.map((count) =>
    step(
      `prefetch(${count})`,
      (dataset) => dataset.prefetch(count),
      (before) => before,
    ),
  ),
  few.map((count) =>
    step(
      `take(${count})`,
      (dataset) => dataset.take(count),
      (before) => before.slice(0, count),
    ),
  ),
  few.map((count) =>
    step(
      `skip(${count})`,
      (dataset) => dataset.skip(count),
      (before) => before.slice(count),
    ),
  ),
  fc.constant({
    name: "cache",
    apply: (dataset: Dataset<Element>) => dataset.cache(),
    expected: (before: (epoch: number) => Promise<Element[]>) => before(0),
  }),
  fc.constant(
    step(
      "concatenate",
      (dataset) => dataset.concatenate(Dataset.from<Element>([100, 101]), Dataset.from<Element>(new Set([102]))),
      (before) => [...before, 100, 101, 102],
    ),
  ),
  fc.constant(
    step(
      "concatenate lists",
      (dataset) => dataset.concatenate(Dataset.from<Element>([100, 101])),
      (before) => [...before, 100, 101],
    ),
  ),
  fc.tuple(some, some).map(([blockLength, cycleLength]) =>
    step(
      `interleave(${blockLength}, ${cycleLength})`,
      (dataset) => {
        const others = [Dataset.from<Element>([100, 101, 102]), Dataset.from<Element>(new Set([103]))];
        return Dataset.interleave([dataset, ...others], { blockLength, cycleLength });
      },
      (before) => [...before, 100, 101, 102, 103],
      true,
    ),
  ),
  fc.constant(
    step(
      "zip",
      (dataset) => Dataset.zip(dataset, Dataset.from([7, 8, 9, 10, 11])),
      (before) => before.slice(0, 5).map((element, index) => [element, 7 + index]),
    ),
  ),
  fc.tuple(fc.integer({ min: 0, max: 2 }), fc.constant(3)).map(([rank, ranks]) =>
    step(
      `shard(${rank}, ${ranks})`,
      (dataset) => dataset.shard(rank, ranks),
      (before) => before.filter((_, index) => index % ranks === rank),
    ),
  ),
);

const sources: fc.Arbitrary<{ readonly name: string; make(): Dataset<Element> }> = fc
  .tuple(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 0, max: 3 }))
  .map(([count, kind]) => {
    const list = Array.from({ length: count }, (_, index) => index);
    const makers = [
      () => Dataset.from<Element>(list),
      () => Dataset.from<Element>(new Set(list)),
      () =>
        Dataset.from<Element>(
          async function* () {
            for (const each of list) yield each;
          },
          { size: count },
        ),
      () => Dataset.from<Element>({ size: count, at: async (index) => (await wait(index % 3), index) }),
    ];
    return { name: `${count} of kind ${kind}`, make: makers[kind] as () => Dataset<Element> };
  });

async function collect(dataset: Dataset<Element>, epoch: number, position?: Position): Promise<Element[]> {
  const elements: Element[] = [];
  const options = position === undefined ? { epoch } : { epoch, position };
  for await (const element of dataset.iterate(options)) elements.push(element);
  return elements;
}

/** Elements of an epoch that is gone through from every place. */
const most = 40;

const sorted = (elements: readonly Element[]): string[] => elements.map(text).toSorted();

const pipelines = fc.record({
  source: sources,
  chain: fc.array(steps, { maxLength: 6 }),
  draws: fc.boolean(),
  epoch: fc.integer({ min: 0, max: 2 }),
  concurrencies: fc.tuple(fc.constantFrom(0, 1, 8), fc.constantFrom(0, 1, 8)),
});

async function build(
  { source, chain, draws }: { source: { make(): Dataset<Element> }; chain: readonly Step[]; draws: boolean },
  concurrency: number,
): Promise<Dataset<Element>> {
  let dataset = source.make();
  for (const [place, each] of chain.entries()) {
    dataset = await each.apply(dataset, concurrency);
    if (draws && place === 0) dataset = dataset.map(draw, { seed: 5, concurrency });
  }
  return dataset;
}

describe("any pipeline of up to six steps", () => {
  test("gives what its steps promise of every element before, with whatever concurrency", async () => {
    await fc.assert(
      fc.asyncProperty(pipelines, async ({ source, chain, epoch, concurrencies: [first, second] }) => {
        for (let length = 1; length <= chain.length; length++) {
          const last = chain[length - 1] as Step;
          const before = await build({ source, chain: chain.slice(0, length - 1), draws: false }, first);
          const dataset = await build({ source, chain: chain.slice(0, length), draws: false }, second);
          const found = await collect(dataset, epoch);
          const expected = await last.expected((each) => collect(before, each), epoch);
          const inOrder = last.isShuffled === true ? sorted : (elements: readonly Element[]) => elements.map(text);
          expect(inOrder(found)).toEqual(inOrder(expected));
          expect(dataset.size ?? found.length).toBe(found.length);
        }
      }),
      { numRuns: 5000 },
    );
  });

  test("goes on from any position bit for bit, with whatever concurrency, in another process", async () => {
    await fc.assert(
      fc.asyncProperty(pipelines, async (pipeline) => {
        const { epoch, concurrencies } = pipeline;
        const whole = await collect(await build(pipeline, 1), epoch);
        fc.pre(whole.length <= most);
        const iterator = (await build(pipeline, concurrencies[0])).iterate({ epoch });
        for (let place = 0; place <= whole.length; place++) {
          const position = JSON.parse(JSON.stringify(iterator.save())) as Position;
          const rest = await collect(await build(pipeline, concurrencies[1]), epoch, position);
          expect(rest).toEqual(whole.slice(place));
          const taken = await iterator.next();
          expect(taken).toEqual(place < whole.length ? { done: false, value: whole[place] } : { done: true });
        }
        const end = JSON.parse(JSON.stringify(iterator.save())) as Position;
        expect(await collect(await build(pipeline, concurrencies[1]), epoch, end)).toEqual([]);
      }),
      { numRuns: 5000 },
    );
  });

  test("goes on once more from a position that was itself reached by going on", async () => {
    await fc.assert(
      fc.asyncProperty(pipelines, async (pipeline) => {
        const { epoch, concurrencies } = pipeline;
        const whole = await collect(await build(pipeline, 1), epoch);
        fc.pre(whole.length <= most);
        const found: Element[] = [];
        let position: Position | undefined;
        for (let place = 0; place < whole.length; place++) {
          const dataset = await build(pipeline, concurrencies[place % 2] ?? 0);
          const iterator = dataset.iterate(position === undefined ? { epoch } : { position });
          found.push((await iterator.next()).value);
          position = JSON.parse(JSON.stringify(iterator.save())) as Position;
          await iterator.return();
        }
        expect(found).toEqual(whole);
      }),
      { numRuns: 500 },
    );
  });
});
