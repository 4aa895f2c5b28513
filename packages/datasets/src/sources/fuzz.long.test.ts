import { describe, test } from "vitest";
import { checkFuzz, fuzzed } from "./fuzz.test-support.ts";

describe("each of 10,000 files with faults is read, or refused with one error that says why:", () => {
  test.for(fuzzed)("$name", (each) => checkFuzz(each, 10_000));
});
