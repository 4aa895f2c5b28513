import { RandomStream } from "@featuremap/tensor";
import { describe, test } from "vitest";
import { expectSame } from "../../testing/expect-same.ts";
import { useWasmBackend } from "../../testing/use-wasm-backend.ts";

const random = new RandomStream(23);

useWasmBackend();

describe("unary functions", () => {
  const values = [
    0,
    -0,
    1,
    -1,
    0.5,
    -0.5,
    1e-8,
    3.7,
    -3.7,
    20,
    -20,
    87,
    -87,
    89,
    1e30,
    -1e30,
    Infinity,
    -Infinity,
    NaN,
  ];
  test.for(
    [
      "Relu",
      "Relu6",
      "Neg",
      "Abs",
      "Square",
      "Sqrt",
      "Rsqrt",
      "Reciprocal",
      "Exp",
      "Log",
      "Sigmoid",
      "Tanh",
      "Softplus",
    ].concat(["Elu", "Floor", "Ceil", "Round"]),
  )("%s agrees with the CPU backend on special values and at random", async (name) => {
    for (const value of values) await expectSame({ name, inputs: { x: { shape: [1], values: [value] } } }, random);
    await expectSame({ name, inputs: { x: [40_003] } }, random);
  });

  test("Step, LeakyRelu and ClipByValue take their parameters", async () => {
    await expectSame({ name: "Step", inputs: { x: [37] }, attrs: { alpha: 0.25 } }, random);
    await expectSame({ name: "LeakyRelu", inputs: { x: [37] }, attrs: { alpha: 0.1 } }, random);
    await expectSame(
      { name: "ClipByValue", inputs: { x: [37] }, attrs: { clipValueMin: -0.5, clipValueMax: 0.25 } },
      random,
    );
  });
});
