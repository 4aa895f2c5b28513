import { expect, test } from "vitest";
import { fuzzDecode } from "../testing/fuzz-decode.ts";

test("10,000 files with faults each give pixels or a FormatError, soon and in bounded memory", async () => {
  await fuzzDecode(1000, 2);
  const before = process.memoryUsage.rss();
  const { decoded, refused, wrong, slowest } = await fuzzDecode(10_000, 3);
  expect(wrong).toEqual([]);
  expect(slowest).toBeLessThan(5000);
  expect(Math.min(decoded, refused)).toBeGreaterThan(1000);
  expect(process.memoryUsage.rss() - before).toBeLessThan(500e6);
}, 1_200_000);
