import { registerGradients } from "@featuremap/layers";
import { expectNoTensorLeaks } from "@featuremap/testing/tensors";
import { setBackend, tensor, tidy } from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";
import { BinaryCrossentropy } from "./crossentropy/binary-crossentropy.ts";
import { BinaryFocalCrossentropy } from "./crossentropy/binary-focal-crossentropy.ts";
import { CategoricalCrossentropy } from "./crossentropy/categorical-crossentropy.ts";
import { CategoricalFocalCrossentropy } from "./crossentropy/categorical-focal-crossentropy.ts";
import { Hinge } from "./hinge/hinge.ts";
import { Huber } from "./regression/huber.ts";
import { MeanSquaredError } from "./regression/mean-squared-error.ts";
import { resolveLoss } from "./resolve-loss.ts";
import { SparseCategoricalCrossentropy } from "./crossentropy/sparse-categorical-crossentropy.ts";

beforeAll(async () => {
  await import("@tensorflow/tfjs-backend-cpu");
  await setBackend("cpu");
  registerGradients();
});
expectNoTensorLeaks();

test.for([
  "mse",
  "mean_squared_error",
  "mae",
  "huber",
  "log_cosh",
  "kl_divergence",
  "binary_focal_crossentropy",
] as const)("%s names a loss", (name) => {
  expect(resolveLoss(name).reduction).toBe("sumOverBatchSize");
});

test("weights for other examples are refused", () => {
  tidy(() => {
    const [target, output, sampleWeight] = [tensor([[1], [2]]), tensor([[1], [3]]), tensor([1, 2, 3])];
    expect(() => new MeanSquaredError().apply(target, output, { sampleWeight })).toThrow(
      expect.objectContaining({ code: "SHAPE_MISMATCH" }),
    );
  });
});

test.for([
  ["reduction", () => Reflect.construct(Hinge, [{ reduction: "average" }])],
  ["labelSmoothing", () => new CategoricalCrossentropy({ labelSmoothing: 1.5 })],
  ["ignoreClass", () => new SparseCategoricalCrossentropy({ ignoreClass: 0.5 })],
  ["gamma", () => new BinaryFocalCrossentropy({ gamma: -1 })],
  ["alpha", () => new CategoricalFocalCrossentropy({ alpha: [1, -1] })],
  ["delta", () => new Huber({ delta: 0 })],
  ["options", () => Reflect.construct(BinaryCrossentropy, [{ from_logits: true }])],
] as const)("rejects a wrong %s", ([option, construct]) => {
  expect(construct).toThrow(expect.objectContaining({ code: "INVALID_CONFIG", option }));
});
