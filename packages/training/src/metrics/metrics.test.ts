import { expectNoTensorLeaks } from "@featuremap/testing/tensors";
import { setBackend } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, test } from "vitest";
import { BinaryAccuracy } from "./accuracy/binary-accuracy.ts";
import { CategoricalAccuracy } from "./accuracy/categorical-accuracy.ts";
import { type MetricName, requestMetrics } from "./resolve-metric.ts";
import { SparseCategoricalAccuracy } from "./accuracy/sparse-categorical-accuracy.ts";

beforeAll(async () => {
  await import("@tensorflow/tfjs-backend-cpu");
  await setBackend("cpu");
});
expectNoTensorLeaks();

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
