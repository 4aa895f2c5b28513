import { HostArray } from "@featuremap/tensor";
import { allowSavedTensors, useBackend } from "@featuremap/testing/backend";
import { describe, expect, test } from "vitest";
import { BinaryCrossentropy } from "../losses/crossentropy/binary-crossentropy.ts";
import { CategoricalCrossentropy } from "../losses/crossentropy/categorical-crossentropy.ts";
import { Hinge } from "../losses/hinge/hinge.ts";
import { KLDivergence } from "../losses/regression/kl-divergence.ts";
import { MeanAbsoluteError } from "../losses/regression/mean-absolute-error.ts";
import { MeanSquaredError } from "../losses/regression/mean-squared-error.ts";
import { SparseCategoricalCrossentropy } from "../losses/crossentropy/sparse-categorical-crossentropy.ts";
import { expectCloseNumbers, operationTolerance } from "../testing/close.ts";
import { Accuracy } from "./accuracy/accuracy.ts";
import { AUC } from "./thresholds/auc.ts";
import { BinaryAccuracy } from "./accuracy/binary-accuracy.ts";
import { ConfusionMatrix } from "./confusion-matrix.ts";
import { F1Score } from "./thresholds/f1-score.ts";
import { MeanLoss } from "./mean-loss.ts";
import type { Metric, MetricValue } from "./metric.ts";
import { MetricStream } from "./metric-stream.ts";
import golden from "./metrics.golden.json" with { type: "json" };
import { Precision, Recall } from "./thresholds/precision-recall.ts";
import { requestMetrics } from "./resolve-metric.ts";
import { SparseTopKCategoricalAccuracy, TopKCategoricalAccuracy } from "./accuracy/top-k-accuracy.ts";

const metrics = {
  AUC,
  Accuracy,
  BinaryAccuracy,
  F1Score,
  Precision,
  Recall,
  SparseTopKCategoricalAccuracy,
  TopKCategoricalAccuracy,
};
const losses = {
  BinaryCrossentropy,
  CategoricalCrossentropy,
  Hinge,
  KLDivergence,
  MeanAbsoluteError,
  MeanSquaredError,
  SparseCategoricalCrossentropy,
};
useBackend(allowSavedTensors);

interface GoldenBatch {
  readonly target: HostArray;
  readonly output: HostArray<Float32Array>;
}

function batchesOf(key: string): GoldenBatch[] {
  return golden.data[key as keyof typeof golden.data].map(({ target, output, integerTarget }) => {
    const labels = HostArray.from(target);
    return {
      target: integerTarget ? new HostArray(Int32Array.from(labels.data), labels.shape) : labels,
      output: HostArray.from(output),
    };
  });
}

/** The same examples, cut into batches of one. */
function singles(batches: readonly GoldenBatch[]): GoldenBatch[] {
  return batches.flatMap(({ target, output }) =>
    Array.from({ length: output.shape[0] ?? 0 }, (_, index) => ({
      target: target.slice(index, index + 1),
      output: output.slice(index, index + 1),
    })),
  );
}

async function streamed(metric: Metric, batches: readonly GoldenBatch[]): Promise<MetricValue> {
  const stream = new MetricStream(metric);
  for (const { target, output } of batches) await stream.updateState(target, output);
  return stream.result();
}

function make(name: string, options: object): Metric {
  if (name in losses) {
    const loss: unknown = Reflect.construct(losses[name as keyof typeof losses], [options]);
    return new MeanLoss({ name: "loss of its own", loss: loss as MeanLoss["loss"] });
  }
  const metric: unknown = Reflect.construct(metrics[name as keyof typeof metrics], [options]);
  return metric as Metric;
}

const listOf = (value: MetricValue): readonly number[] => (typeof value === "number" ? [value] : value);

describe.for(golden.cases)("$metric with $options on $data", ({ metric: name, options, data, result }) => {
  test("is the same over other batches", async () => {
    const value = await streamed(make(name, options), singles(batchesOf(data)));
    expectCloseNumbers(listOf(value), listOf(result), operationTolerance);
  });
});

describe("ConfusionMatrix", () => {
  test.for(["labels", "hot"])("of %s is TensorFlow's", async (key) => {
    const metric = new ConfusionMatrix();
    const value = await streamed(metric, batchesOf(key));
    expect(value).toEqual(golden.confusionMatrix.flat());
    expect(metric.entries(value)[6]).toEqual(["confusion_matrix_1_2", golden.confusionMatrix[1]?.[2]]);
  });

  test("of one unit has two classes", async () => {
    const target = new HostArray(Int32Array.of(0, 1, 1, 1), [4, 1]);
    const output = HostArray.from([[0.2], [0.9], [0.5], [0.6]]);
    expect(await streamed(new ConfusionMatrix(), [{ target, output }])).toEqual([1, 0, 1, 2]);
  });
});

test("a stream begins anew after a reset", async () => {
  const stream = new MetricStream(new Accuracy());
  const [zeros, mixed] = [HostArray.from([0, 0]), HostArray.from([0, 1])];
  await stream.updateState(zeros, mixed);
  stream.resetState();
  await stream.updateState(mixed, mixed);
  expect(stream.result()).toBe(1);
});

test.for([
  ["precision", Precision, "up"],
  ["top_k_categorical_accuracy", TopKCategoricalAccuracy, "up"],
  ["f1_score", F1Score, "up"],
  ["AUC", AUC, "up"],
  ["mse", MeanLoss, "down"],
  ["mean_absolute_error", MeanLoss, "down"],
] as const)("%s names a metric", ([name, expected, direction]) => {
  const [request] = requestMetrics([name]);
  expect(request).toMatchObject({ name, direction });
  expect(request?.resolve([2, 3], [2, 3])).toBeInstanceOf(expected);
});

test.for([
  [Number.POSITIVE_INFINITY, 0, 0],
  [0, 1, Number.NaN],
  [2, 1, Number.NEGATIVE_INFINITY],
])("nothing is among the largest of %s, as TensorFlow has it", async (row) => {
  const batch = { target: HostArray.from([[1, 0, 0]]), output: HostArray.from([row]) };
  expect(await streamed(new TopKCategoricalAccuracy({ k: 2 }), [batch])).toBe(0);
});

test.for([-3, 2])("unit %s of two is refused", async (classId) => {
  const batch = { target: HostArray.from([[1, 0]]), output: HostArray.from([[1, 0]]) };
  await expect(streamed(new Recall({ classId }), [batch])).rejects.toThrow("classId must be in [-2, 2)");
});

test.for([
  ["k", () => new TopKCategoricalAccuracy({ k: 0 })],
  ["thresholds", () => new Precision({ thresholds: 1.5 })],
  ["topK", () => new Recall({ topK: 0.5 })],
  ["classId", () => new Recall({ classId: 0.5 })],
  ["threshold", () => new F1Score({ threshold: 0 })],
  ["average", () => Reflect.construct(F1Score, [{ average: "mean" }])],
  ["numThresholds", () => new AUC({ numThresholds: 1 })],
  ["numLabels", () => new AUC({ numLabels: 2 })],
  ["curve", () => Reflect.construct(AUC, [{ curve: "roc" }])],
  ["labelWeights", () => new AUC({ labelWeights: [1] })],
  ["options", () => Reflect.construct(AUC, [{ num_thresholds: 3 }])],
] as const)("rejects a wrong %s", ([option, construct]) => {
  expect(construct).toThrow(expect.objectContaining({ code: "INVALID_CONFIG", option }));
});
