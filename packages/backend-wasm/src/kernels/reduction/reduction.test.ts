import { RandomStream } from "@featuremap/tensor";
import { describe, test } from "vitest";
import { expectSame } from "../../testing/expect-same.ts";
import { useWasmBackend } from "../../testing/use-wasm-backend.ts";

const random = new RandomStream(25);

useWasmBackend();

describe("reductions", () => {
  test.for(["Sum", "Mean", "Max", "Min"])("%s agrees with the CPU backend over any axes", async (name) => {
    for (const [x, axis] of [
      [[7], [0]],
      [[20_000], [0]],
      [[3, 12_000, 6], [1]],
      [[2, 60_000], [1]],
      [[40_009, 2], [0]],
      [[5, 33], [1]],
      [[5, 33], [0]],
      [
        [2, 3, 4, 5],
        [1, 2],
      ],
      [
        [2, 3, 4, 5],
        [2, 3],
      ],
      [
        [2, 3, 4, 5],
        [0, 1, 2, 3],
      ],
    ] as const) {
      const call = { name, inputs: { x }, attrs: { axis, reductionIndices: axis, keepDims: false } };
      // Long sums of numbers of both signs come to less than what was rounded on the way.
      await expectSame(call, random, x[0] > 10_000 || (x[1] ?? 0) > 10_000 ? 1e-5 : 2e-6);
    }
  });

  test("softmax agrees with the CPU backend", async () => {
    for (const logits of [
      [3, 10],
      [1, 1],
      [64, 1000],
    ])
      await expectSame({ name: "Softmax", inputs: { logits }, attrs: { dim: -1 } }, random);
  });
});
