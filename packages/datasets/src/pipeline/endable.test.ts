import { expect, test } from "vitest";
import { ImageFiles } from "../sources/pictures/image-files.ts";
import { Dataset } from "./dataset.ts";
import { endable } from "./endable.ts";

const picture = { data: new Uint8Array(3), width: 1, height: 1 };
const never = new Promise<never>(() => {});

const files = new ImageFiles({ paths: ["a", "b"], read: async (index) => (index === 0 ? picture : never) });
const examples = Dataset.from([0, 1]).map((index) => (index === 0 ? { image: picture, label: 0 } : never));
const sources: [string, AsyncIterable<unknown>][] = [
  ["batches of files", files.batch(1, { imageSize: 1 }).batches(0)],
  ["batches of a Dataset", examples.batch(1).modelBatches(0)],
];

test.for(sources)("%s are left while one is on its way that never comes", async ([, source]) => {
  const batches = source[Symbol.asyncIterator]();
  await expect(batches.next()).resolves.toMatchObject({ done: false });
  const pending = batches.next();
  await expect(batches.return?.()).resolves.toEqual({ done: true, value: undefined });
  await expect(pending).resolves.toEqual({ done: true, value: undefined });
});

test("whoever leaves between two elements waits for what is released", async () => {
  const events: string[] = [];
  const numbers = endable(async function* (signal) {
    try {
      yield 1;
      yield 2;
    } finally {
      await Promise.resolve();
      events.push(`released, ${signal.aborted}`);
    }
  });
  for await (const number of numbers) {
    events.push(`${number}`);
    break;
  }
  expect(events).toEqual(["1", "released, true"]);
  await expect(numbers.next()).resolves.toEqual({ done: true, value: undefined });
});

test("errors and the end come through", async () => {
  const failing = endable(async function* () {
    yield 1;
    throw new RangeError("two");
  });
  await failing.next();
  await expect(failing.next()).rejects.toThrow("two");
  await expect(failing.next()).resolves.toEqual({ done: true, value: undefined });
});
