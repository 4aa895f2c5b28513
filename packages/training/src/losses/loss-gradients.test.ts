import { registerGradients } from "@featuremap/layers";
import { firstDifference } from "@featuremap/testing/closeness";
import { allowSavedTensors, useBackend } from "@featuremap/testing/backend";
import {
  type Tensor,
  type TensorLike,
  exp,
  grad,
  mean,
  reshape,
  square,
  sub,
  tensor,
  tidy,
} from "@tensorflow/tfjs-core";
import { describe, expect, test } from "vitest";
import * as training from "../index.ts";
import golden from "./losses.golden.json" with { type: "json" };

/** How far a central difference of fourth order may be from the gradient in single precision. */
const differenceTolerance = 5e-3;

useBackend(() => {
  allowSavedTensors();
  registerGradients();
});

interface LossClass {
  readonly className: string;
  new (options: object): training.Loss;
}

/** Every loss class that is exported. */
const classes = new Map(
  Object.entries<unknown>(training).filter(
    (entry): entry is [string, LossClass] =>
      typeof entry[1] === "function" && entry[1].prototype instanceof training.Loss,
  ),
);

/** What golden files have no case for. */
const others = [
  {
    loss: "FunctionLoss",
    options: { fn: (target: Tensor, output: Tensor) => mean(square(sub(exp(output), target)), -1) },
    target: [
      [1, 0.5],
      [2, 0],
    ],
    integerTarget: false,
    output: [
      [0.3, -0.4],
      [0.2, 1],
    ],
  },
];
const cases = [...golden.cases, ...others];

test("every loss that is exported is checked below", () => {
  expect(new Set(cases.map(({ loss }) => loss))).toEqual(new Set(classes.keys()));
});

describe("the gradient by the output is that of differences", () => {
  test.for(cases)("$loss with $options", (kind) => {
    const Loss = classes.get(kind.loss);
    if (Loss === undefined) throw new Error(`there is no ${kind.loss}`);
    tidy(() => {
      const loss = new Loss(kind.options);
      const target = tensor(kind.target, undefined, kind.integerTarget ? "int32" : "float32");
      const output = tensor(kind.output as TensorLike);
      const sampleWeight = "sampleWeight" in kind ? tensor(kind.sampleWeight as TensorLike) : undefined;
      const gradient = grad((given) => reshape(loss.apply(target, given, { sampleWeight }), []))(output);

      const values = output.dataSync();
      const at = (index: number, distance: number): number => {
        const moved = Float32Array.from(values);
        moved[index] = (values[index] ?? 0) + distance;
        return loss.apply(target, tensor(moved, output.shape), { sampleWeight }).dataSync()[0] ?? Number.NaN;
      };
      const differences = Array.from(values, (value, index) => {
        // Short steps where a probability is near 0, and its logarithm steep.
        const step = Math.min(Math.max(Math.abs(value) / 20, 2e-4), 4e-3);
        const [near = 0, far = 0] = [step, 2 * step].map((distance) => at(index, distance) - at(index, -distance));
        return (8 * near - far) / (12 * step);
      });
      const received = { shape: gradient.shape, values: gradient.dataSync<"float32">() };
      expect(
        firstDifference(received, { shape: output.shape, values: differences }, differenceTolerance),
      ).toBeUndefined();
    });
  });
});
