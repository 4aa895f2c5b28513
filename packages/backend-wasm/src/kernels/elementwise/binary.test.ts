import { RandomStream } from "@featuremap/tensor";
import { describe, test } from "vitest";
import { expectSame } from "../../testing/expect-same.ts";
import { useWasmBackend } from "../../testing/use-wasm-backend.ts";

const random = new RandomStream(24);

useWasmBackend();

describe("binary functions", () => {
  test.for(["Add", "Sub", "Multiply", "RealDiv", "Maximum", "Minimum", "SquaredDifference"])(
    "%s broadcasts as the CPU backend does",
    async (name) => {
      const shapes: [number[], number[]][] = [
        [[40_001], [40_001]],
        [[3, 5], []],
        [[], [3, 5]],
        [[4, 6, 10], [10]],
        [
          [4, 6, 10],
          [6, 1],
        ],
        [
          [4, 1, 10],
          [6, 10],
        ],
        [[1], [7]],
        [
          [2, 3, 4, 5],
          [2, 1, 4, 1],
        ],
        [
          [0, 3],
          [1, 3],
        ],
      ];
      for (const [a, b] of shapes) await expectSame({ name, inputs: { a, b } }, random);
    },
  );
});
