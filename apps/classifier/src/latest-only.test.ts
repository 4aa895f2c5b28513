import { expect, test } from "vitest";
import { latestOnly } from "./latest-only.ts";

const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

test("works one at a time and drops all but the last request that came meanwhile", async () => {
  const begun: number[] = [];
  const finish: (() => void)[] = [];
  const request = latestOnly<number>((input) => {
    begun.push(input);
    return new Promise((resolve) => finish.push(resolve));
  });

  for (const input of [1, 2, 3, 4]) request(input);
  expect(begun).toEqual([1]);
  finish[0]?.();
  await settled();
  expect(begun).toEqual([1, 4]);
  finish[1]?.();
  await settled();
  expect(begun).toEqual([1, 4]);

  request(5);
  expect(begun).toEqual([1, 4, 5]);
});
