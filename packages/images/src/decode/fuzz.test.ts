import { expect, test } from "vitest";
import { fuzzDecode } from "../testing/fuzz-decode.ts";

test("500 files with faults each give pixels or a FormatError, soon", async () => {
  const { decoded, refused, wrong, slowest } = await fuzzDecode(500, 1);
  expect(wrong).toEqual([]);
  expect(slowest).toBeLessThan(2000);
  expect(Math.min(decoded, refused)).toBeGreaterThan(50);
}, 60_000);
