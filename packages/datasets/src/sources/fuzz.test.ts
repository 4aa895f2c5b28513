import { describe, test } from "vitest";
import { checkFuzz, fuzzed } from "./fuzz.test-support.ts";

describe("a file with faults is read, or refused with one error that says why:", () => {
  test.for(fuzzed)("$name", { timeout: 60_000 }, (each) => checkFuzz(each, 300));
});
