import { RandomStream } from "@featuremap/tensor";
import { describe, test } from "vitest";
import { expectSame } from "../../testing/expect-same.ts";
import { useWasmBackend } from "../../testing/use-wasm-backend.ts";

const random = new RandomStream(21);

useWasmBackend();

describe("matrix product", () => {
  test.for([
    { a: [1, 5, 7], b: [1, 7, 3], transposeA: false, transposeB: false },
    { a: [2, 64, 33], b: [2, 64, 10], transposeA: true, transposeB: false },
    { a: [3, 20, 9], b: [3, 8, 9], transposeA: false, transposeB: true },
    { a: [1, 6, 70], b: [1, 16, 6], transposeA: true, transposeB: true },
    { a: [1, 100, 1300], b: [1, 1300, 24], transposeA: false, transposeB: false },
  ])("agrees with the CPU backend: %o", async ({ a, b, transposeA, transposeB }) => {
    await expectSame({ name: "BatchMatMul", inputs: { a, b }, attrs: { transposeA, transposeB } }, random);
    const columns = b[transposeB ? 1 : 2] as number;
    await expectSame(
      {
        name: "_FusedMatMul",
        inputs: { a, b, bias: [columns] },
        attrs: { transposeA, transposeB, activation: "relu" },
      },
      random,
    );
  });
});
