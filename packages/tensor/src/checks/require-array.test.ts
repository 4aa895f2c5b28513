import { describe, expect, test } from "vitest";
import { requireHostArray } from "./require-array.ts";

describe("what is not a host array", () => {
  test.for([
    [
      "a tensor",
      { dataSync: () => Float32Array.of(1), shape: [1] },
      "new HostArray(await tensor.data(), tensor.shape)",
    ],
    ["a list", [[1]], "HostArray.from makes one of nested lists"],
    ["nothing", null, "HostArray.from makes one of nested lists"],
  ] as const)("is refused with how to make one of %s", ([, value, maker]) => {
    expect(() => requireHostArray("decodePredictions", "predictions", value)).toThrow(maker);
  });
});
