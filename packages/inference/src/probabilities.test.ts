import { describe, expect, test } from "vitest";
import { toProbabilities } from "./probabilities.ts";

const list = (...parameters: Parameters<typeof toProbabilities>): number[] => [...toProbabilities(...parameters)];

describe("toProbabilities", () => {
  test("leaves probabilities as they are", () => {
    expect(list([0.25, 0.75], "probabilities")).toEqual([0.25, 0.75]);
    expect(list([0.5, 0.75], "probabilities")).toEqual([0.5, 0.75]);
  });

  test("gives logits the softmax, however large they are", () => {
    expect(list([2, 0], "logits")).toEqual([expect.closeTo(0.8808, 4), expect.closeTo(0.1192, 4)]);
    const [a = 0, b = 0, c = 0] = list([1.5, 0.8, 2.1], "logits");
    expect(a + b + c).toBeCloseTo(1, 12);
    expect(c / a).toBeCloseTo(Math.exp(0.6), 12);
    expect(list([1e4, 1e4], "logits")).toEqual([0.5, 0.5]);
    expect(list([-1e4, 0], "logits")).toEqual([0, 1]);
  });

  test("gives each binary logit the sigmoid", () => {
    expect(list([0, 800, -800], "binaryLogits")).toEqual([0.5, 1, 0]);
  });

  test("makes two classes of one output", () => {
    expect(list([0.75], "probabilities")).toEqual([0.25, 0.75]);
    expect(list([0], "logits")).toEqual([0.5, 0.5]);
    expect(list([-800], "logits")).toEqual([1, 0]);
    expect(list([0], "binaryLogits")).toEqual([0.5, 0.5]);
  });

  test.for([[[0.5, 1.2]], [[-0.1]]])("refuses to call %s probabilities", ([outputs = []]) => {
    expect(() => toProbabilities(outputs, "probabilities")).toThrow(
      expect.objectContaining({ code: "INVALID_CONFIG", option: "outputs" }),
    );
  });

  test("takes a million classes", () => {
    const probabilities = toProbabilities(new Float32Array(1e6).fill(3), "logits");
    expect(probabilities[999_999]).toBeCloseTo(1e-6, 12);
  });
});
