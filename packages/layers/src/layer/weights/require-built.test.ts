import { NotReadyError } from "@featuremap/tensor";
import { expect, test } from "vitest";
import { Conv2D, Dense, DepthwiseConv2D, PReLU, SeparableConv2D, Sequential } from "../../index.ts";

test.for<readonly [string, () => unknown]>([
  ["Conv2D", () => new Conv2D({ name: "mine", filters: 1, kernelSize: 3 }).kernel],
  ["Dense", () => new Dense({ name: "mine", units: 1 }).kernel],
  ["DepthwiseConv2D", () => new DepthwiseConv2D({ name: "mine", kernelSize: 3 }).kernel],
  ["SeparableConv2D", () => new SeparableConv2D({ name: "mine", filters: 1, kernelSize: 3 }).pointwiseKernel],
  ["PReLU", () => new PReLU({ name: "mine" }).alpha],
])("%s says that it has no weights before it is built", ([, use]) => {
  expect(use).toThrow(new NotReadyError("mine", "the layer has no weights yet", "Build it, or give it to a model."));
});

test("a model says that it waits for the shape of its input", () => {
  expect(() => new Sequential([new Dense({ units: 1 })], { name: "mine" }).graph).toThrow(
    expect.objectContaining({
      code: "NOT_READY",
      message: "mine: the shape of its input is not known yet. Give the first layer inputShape, or call build.",
    }) as Error,
  );
});
