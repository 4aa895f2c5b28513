import { expect, test } from "vitest";
import { oneAhead } from "./one-ahead.ts";

test("each item is begun while the one before it is used, and no more", async () => {
  const log: string[] = [];
  async function* items(): AsyncGenerator<number> {
    for (const item of [1, 2, 3]) {
      log.push(`begin ${item}`);
      yield item;
    }
  }
  for await (const item of oneAhead(items())) {
    await new Promise((resolve) => setImmediate(resolve));
    log.push(`use ${item}`);
  }
  expect(log).toEqual(["begin 1", "begin 2", "use 1", "begin 3", "use 2", "use 3"]);
});

test("an error comes in its turn, and who leaves early waits for nothing", async () => {
  async function* failing(): AsyncGenerator<number> {
    yield 1;
    throw new Error("the second");
  }
  const seen: number[] = [];
  const all = async (): Promise<void> => {
    for await (const item of oneAhead(failing())) seen.push(item);
  };
  await expect(all()).rejects.toThrow("the second");
  expect(seen).toEqual([1]);

  async function* endless(): AsyncGenerator<number> {
    yield 1;
    await new Promise(() => {});
  }
  for await (const item of oneAhead(endless())) {
    expect(item).toBe(1);
    break;
  }
});
