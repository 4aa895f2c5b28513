import { AbortedError, FormatError, InvalidConfigError } from "@featuremap/tensor";
import { describe, expect, test } from "vitest";
import { Dataset } from "./dataset.ts";
import { collect, range, turn } from "./collect.test-support.ts";

const ten = Dataset.from(range(10));

test("a position after the last element goes on to the end, where a step had enough and closed those before", async () => {
  const both = Dataset.interleave([Dataset.from([1, 2]), Dataset.from(new Set([3]))], { cycleLength: 1 });
  const dataset = both.take(1).shuffle({ seed: 0, buffer: 100 });
  const iterator = dataset.iterate();
  expect(await iterator.next()).toEqual({ done: false, value: 1 });
  const position = iterator.save();
  expect(await dataset.iterate({ position }).next()).toEqual({ done: true, value: undefined });
});

describe("ending early", () => {
  function watched(): { readonly dataset: Dataset<number>; readonly released: string[] } {
    const released: string[] = [];
    const source = Dataset.from(async function* () {
      try {
        for (let index = 0; ; index++) yield index;
      } finally {
        released.push("source");
      }
    });
    const dataset = Dataset.interleave([source, source])
      .map(async (value) => value, { concurrency: 4 })
      .shuffle({ seed: 1, buffer: 8 })
      .prefetch(4);
    return { dataset, released };
  }

  test("a break releases the sources", async () => {
    const { dataset, released } = watched();
    for await (const value of dataset) if (value >= 0) break;
    expect(released).toEqual(["source", "source"]);
  });

  test("so does a signal, and next says that it was stopped", async () => {
    const { dataset, released } = watched();
    const controller = new AbortController();
    const iterator = dataset.iterate({ signal: controller.signal });
    await iterator.next();
    controller.abort(new Error("enough"));
    await expect(iterator.next()).rejects.toBeInstanceOf(AbortedError);
    await turn();
    expect(released).toEqual(["source", "source"]);
  });

  test("and so does an error further down", async () => {
    const { dataset, released } = watched();
    const failing = dataset.map(() => {
      throw new Error("no");
    });
    await expect(collect(failing as Dataset<unknown>)).rejects.toThrow("no");
    expect(released).toEqual(["source", "source"]);
  });

  test("a function that never returns holds up neither a signal nor return, and hears of both", async () => {
    const signals: AbortSignal[] = [];
    const stuck = ten.map((_, { signal }) => (signals.push(signal), new Promise<number>(() => {})), { concurrency: 3 });
    const controller = new AbortController();
    const stopped = stuck.iterate({ signal: controller.signal }).next();
    await turn();
    controller.abort();
    await expect(stopped).rejects.toBeInstanceOf(AbortedError);
    const iterator = stuck.batch(2).prefetch(2).iterate();
    const pending = iterator.next();
    await turn();
    await iterator.return();
    expect(await pending).toEqual({ done: true, value: undefined });
    expect(signals.length).toBeGreaterThan(3);
    expect(signals.every(({ aborted }) => aborted)).toBe(true);
  });

  test("failures of what was read ahead stay unheard, and are not unhandled rejections", async () => {
    const unhandled: unknown[] = [];
    const listen = (reason: unknown): void => void unhandled.push(reason);
    process.on("unhandledRejection", listen);
    const failing = ten.map(
      async (value) => {
        await turn();
        if (value > 0) throw new Error("no");
        return value;
      },
      { concurrency: 8 },
    );
    for (const dataset of [failing, failing.prefetch(4), Dataset.zip(failing, failing.skip(1)).prefetch(2)]) {
      const iterator = (dataset as Dataset<unknown>).iterate();
      await iterator.next().catch(() => {});
      await iterator.return();
    }
    for (let turns = 0; turns < 5; turns++) await turn();
    process.off("unhandledRejection", listen);
    expect(unhandled).toEqual([]);
  });

  test("calls of next that do not wait for each other get elements in order", async () => {
    const iterator = ten.iterate();
    const taken = await Promise.all(range(11).map(() => iterator.next()));
    expect(taken.map(({ value }) => value)).toEqual([...range(10), undefined]);
  });
});

describe("a position", () => {
  test("is refused by a dataset of other steps, whatever it holds", async () => {
    const position = ten.shuffle({ seed: 1 }).iterate({ epoch: 2 }).save();
    expect(() => ten.shuffle({ seed: 2 }).iterate({ position })).toThrow(FormatError);
    expect(() => ten.iterate({ position })).toThrow("steps must be from(10), found from(10).shuffle(1)");
    expect(() => ten.shuffle({ seed: 1 }).iterate({ position, epoch: 1 })).toThrow(InvalidConfigError);
    for (const state of [null, -1, 11, 0.5, "x", [], {}]) {
      expect(() => ten.shuffle({ seed: 1 }).iterate({ position: { ...position, state } })).toThrow(FormatError);
    }
  });

  test("keeps its epoch", async () => {
    const dataset = ten.shuffle({ seed: 1 });
    const iterator = dataset.iterate({ epoch: 3 });
    await iterator.next();
    const again = dataset.iterate({ position: iterator.save() });
    expect(again.epoch).toBe(3);
    expect(await again.next()).toEqual(await iterator.next());
  });
});
