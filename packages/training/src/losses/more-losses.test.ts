import { registerGradients } from "@featuremap/layers";
import { expectNoTensorLeaks } from "@featuremap/testing/tensors";
import { type Tensor, type TensorLike, reshape, setBackend, tensor, tidy, valueAndGrads } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, test } from "vitest";
import { expectClose, expectCloseNumbers, operationTolerance } from "../testing/close.ts";
import { BinaryCrossentropy } from "./binary-crossentropy.ts";
import { BinaryFocalCrossentropy } from "./binary-focal-crossentropy.ts";
import { CategoricalCrossentropy } from "./categorical-crossentropy.ts";
import { CategoricalFocalCrossentropy } from "./categorical-focal-crossentropy.ts";
import { CategoricalHinge } from "./categorical-hinge.ts";
import { CosineSimilarity } from "./cosine-similarity.ts";
import { Hinge } from "./hinge.ts";
import { Huber } from "./huber.ts";
import { KLDivergence } from "./kl-divergence.ts";
import { LogCosh } from "./log-cosh.ts";
import type { Loss } from "./loss.ts";
import { MeanAbsoluteError } from "./mean-absolute-error.ts";
import { MeanSquaredError } from "./mean-squared-error.ts";
import golden from "./more-losses.golden.json" with { type: "json" };
import { Poisson } from "./poisson.ts";
import { resolveLoss } from "./resolve-loss.ts";
import { SparseCategoricalCrossentropy } from "./sparse-categorical-crossentropy.ts";
import { SquaredHinge } from "./squared-hinge.ts";

const losses = {
  BinaryCrossentropy,
  BinaryFocalCrossentropy,
  CategoricalCrossentropy,
  CategoricalFocalCrossentropy,
  CategoricalHinge,
  CosineSimilarity,
  Hinge,
  Huber,
  KLDivergence,
  LogCosh,
  MeanAbsoluteError,
  MeanSquaredError,
  Poisson,
  SparseCategoricalCrossentropy,
  SquaredHinge,
};
/** How far a central difference of fourth order may be from the gradient in single precision. */
const differenceTolerance = 5e-3;

beforeAll(async () => {
  await import("@tensorflow/tfjs-backend-cpu");
  await setBackend("cpu");
  registerGradients();
});
expectNoTensorLeaks();

type Kind = (typeof golden.cases)[number];

function make({ loss, options }: Pick<Kind, "loss" | "options">, reduction?: string): Loss {
  const config = reduction === undefined ? options : { ...options, reduction };
  const made: unknown = Reflect.construct(losses[loss as keyof typeof losses], [config]);
  return made as Loss;
}

function inputs(kind: Kind): { target: Tensor; output: Tensor; sampleWeight: Tensor | undefined } {
  return {
    target: tensor(kind.target, undefined, kind.integerTarget ? "int32" : "float32"),
    output: tensor(kind.output as TensorLike),
    sampleWeight: "sampleWeight" in kind ? tensor(kind.sampleWeight as TensorLike) : undefined,
  };
}

describe.for(golden.cases)("$loss with $options", (kind) => {
  test.for(Object.entries(kind.reduced))("has Keras's value with the reduction %s", ([reduction, expected]) => {
    tidy(() => {
      const { target, output, sampleWeight } = inputs(kind);
      expectClose(make(kind, reduction).apply(target, output, { sampleWeight }), expected, operationTolerance);
    });
  });

  test("has Keras's gradient, which is that of differences", () => {
    tidy(() => {
      const { target, output, sampleWeight } = inputs(kind);
      const loss = make(kind);
      const { grads } = valueAndGrads((prediction) => reshape(loss.apply(target, prediction, { sampleWeight }), []))([
        output,
      ]);
      expectClose(grads[0], kind.gradient, operationTolerance);

      const values = output.dataSync();
      const at = (index: number, distance: number): number => {
        const moved = Float32Array.from(values);
        moved[index] = (values[index] ?? 0) + distance;
        return loss.apply(target, tensor(moved, output.shape), { sampleWeight }).dataSync()[0] ?? Number.NaN;
      };
      const differences = Array.from(values, (value, index) => {
        // Short steps where a probability is near 0, and its logarithm steep.
        const step = Math.min(Math.max(Math.abs(value) / 20, 2e-4), 4e-3);
        const [near, far] = [step, 2 * step].map((distance) => at(index, distance) - at(index, -distance));
        return (8 * (near ?? 0) - (far ?? 0)) / (12 * step);
      });
      expectCloseNumbers([...(grads[0]?.dataSync() ?? [])], differences, differenceTolerance);
    });
  });
});

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
