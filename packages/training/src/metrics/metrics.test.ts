import { expectNoTensorLeaks } from "@featuremap/testing/tensors";
import { type Tensor, type TensorLike, tensor, tidy, setBackend } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, test } from "vitest";
import { BinaryAccuracy } from "./binary-accuracy.ts";
import { CategoricalAccuracy } from "./categorical-accuracy.ts";
import type { Metric, MetricValue } from "./metric.ts";
import golden from "./metrics.golden.json" with { type: "json" };
import { type MetricName, requestMetrics } from "./resolve-metric.ts";
import { SparseCategoricalAccuracy } from "./sparse-categorical-accuracy.ts";

const metrics = { BinaryAccuracy, CategoricalAccuracy, SparseCategoricalAccuracy };
beforeAll(async () => {
  await import("@tensorflow/tfjs-backend-cpu");
  await setBackend("cpu");
});
expectNoTensorLeaks();

function streamed(metric: Metric, batches: readonly (readonly [Tensor, Tensor])[]): MetricValue {
  const sums = new Float64Array(metric.length(batches[0]?.[1].shape ?? []));
  let count = 0;
  for (const [target, output] of batches) {
    const measured = metric.measure(target, output);
    expect(measured).toMatchObject({ size: metric.length(output.shape), dtype: "float32" });
    for (const [index, value] of measured.dataSync().entries()) {
      sums[index] = (sums[index] ?? 0) + value;
    }
    count += metric.count(output.shape);
  }
  return metric.result(sums, count);
}

test.for(golden.cases)("$metric of $name is Keras's, over batches of different size", (kind) => {
  tidy(() => {
    const metric = new metrics[kind.metric as keyof typeof metrics]();
    const batches = kind.batches.map(
      ({ target, output, integerTarget }) =>
        [
          tensor(target as TensorLike, undefined, integerTarget ? "int32" : "float32"),
          tensor(output as TensorLike),
        ] as const,
    );
    // Keras adds up means in single precision; ours is the nearer one.
    expect(streamed(metric, batches)).toBeCloseTo(kind.result, 6);
  });
});

describe("accuracy", () => {
  test.for([
    [[8], [8, 1], BinaryAccuracy],
    [[8, 1], [8, 1], BinaryAccuracy],
    [[8], [8, 10], SparseCategoricalAccuracy],
    [[8, 1], [8, 10], SparseCategoricalAccuracy],
    [[8, 10], [8, 10], CategoricalAccuracy],
  ] as const)("for labels %s and outputs %s is the one Keras takes", ([target, output, expected]) => {
    const [request] = requestMetrics(["accuracy"]);
    const metric = request?.resolve(target, output);
    expect(metric).toBeInstanceOf(expected);
    expect(metric?.name).toBe("accuracy");
  });

  test.for(["acc", "sparse_categorical_accuracy", "sparseCategoricalAccuracy"] as const)(
    "%s keeps its name",
    (name) => {
      expect(requestMetrics([name])[0]?.resolve([1], [1, 3])).toMatchObject({ name, direction: "up" });
    },
  );

  test.for([["accurate"], ["accuracy", "accuracy"]])("%s is refused", (choices) => {
    expect(() => requestMetrics(choices as MetricName[])).toThrow(
      expect.objectContaining({ code: "INVALID_CONFIG", option: "metrics" }),
    );
  });
});
