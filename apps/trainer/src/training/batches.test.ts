import { expect, test } from "vitest";
import { evaluationBatchSize } from "./batches.ts";

test.for([
  [64, [28, 28], 256],
  [512, [28, 28], 256],
  [32, [64, 64], 256],
  [32, [96, 96], 113],
  [32, [224, 224], 32],
  [8, [224, 224], 20],
  [1, [2000, 2000], 1],
] as const)(
  "beside training steps of %i images of %j pixels, evaluation steps have %i",
  ([batchSize, size, expected]) => {
    expect(evaluationBatchSize(batchSize, size)).toBe(expected);
  },
);
