import { HostArray } from "@featuremap/tensor";
import { allowSavedTensors, useBackend } from "@featuremap/testing/backend";
import { abs, mean, sub } from "@tensorflow/tfjs-core";
import { describe, expect, test } from "vitest";
import { CosineSimilarity } from "../losses/regression/cosine-similarity.ts";
import { MeanAbsoluteError } from "../losses/regression/mean-absolute-error.ts";
import { type LossName, resolveLoss } from "../losses/resolve-loss.ts";
import { expectCloseNumbers, operationTolerance } from "../testing/close.ts";
import { FalseNegatives, FalsePositives, TrueNegatives, TruePositives } from "./thresholds/confusion-counts.ts";
import { FBetaScore } from "./thresholds/f-beta-score.ts";
import { MetricStream } from "./metric-stream.ts";
import golden from "./metric-names.golden.json" with { type: "json" };
import { type MetricChoice, type MetricName, type MetricObject, asMetric, requestMetrics } from "./resolve-metric.ts";
import { RootMeanSquaredError } from "./root-mean-squared-error.ts";
import { BinaryAccuracy } from "./accuracy/binary-accuracy.ts";
import { CategoricalAccuracy } from "./accuracy/categorical-accuracy.ts";
import { SparseCategoricalAccuracy } from "./accuracy/sparse-categorical-accuracy.ts";

useBackend(allowSavedTensors);

const scores = golden.scores.map((rows) => HostArray.from(rows));
const targets = {
  hot: golden.hot.map((rows) => HostArray.from(rows)),
  labels: golden.labels.map((rows) => new HostArray(Int32Array.from(rows.flat()), [rows.length, 1])),
};
const plain = (name: string): string => name.replaceAll("_", "").toLowerCase();
const camelCase = (name: string): string => name.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

/** Keras's metrics of segmentation, of regression alone and of plain values, which are not here. */
const otherMetrics = new Set(["binaryiou", "concordancecorrelation", "mean", "pearsoncorrelation", "r2score", "sum"]);
/** Keras's losses of segmentation, of similarity and of sequences, and its base classes. */
const otherLosses = new Set(["circle", "ctc", "dice", "loss", "lossfunctionwrapper", "tversky"]);
/** In a list of metrics this name chooses the accuracy that suits the labels, in Keras too. */
const named = golden.cases.filter(({ name }) => plain(name) !== "accuracy");

async function streamed(choice: MetricChoice, sparse: boolean): Promise<readonly number[]> {
  const labels = sparse ? targets.labels : targets.hot;
  const [request] = requestMetrics([choice]);
  const metric = request?.resolve(labels[0]?.shape ?? [], scores[0]?.shape ?? []);
  const stream = new MetricStream(metric as MetricObject);
  for (const [index, output] of scores.entries()) await stream.updateState(labels[index] ?? output, output);
  return [stream.result()].flat();
}

describe("every name of a metric that Keras knows", () => {
  test.for(named.filter(({ name }) => !otherMetrics.has(plain(name))))(
    "$name measures what it measures in Keras",
    async ({ name, sparse, result }) => {
      for (const spelling of new Set([name, camelCase(name)])) {
        const value = await streamed(spelling as MetricName, sparse);
        expectCloseNumbers(value, [result].flat(), operationTolerance);
      }
    },
  );

  test.for(named.filter(({ name }) => otherMetrics.has(plain(name))))("or $name is refused", ({ name }) => {
    expect(() => requestMetrics([name as MetricName])).toThrow(
      expect.objectContaining({ code: "INVALID_CONFIG", option: "metrics" }),
    );
  });
});

describe("every name of a loss that Keras knows", () => {
  test.for(golden.losses.filter((name) => !otherLosses.has(plain(name))))("%s names one here", (name) => {
    const loss = resolveLoss(name as LossName);
    expect(loss.reduction).toBe("sumOverBatchSize");
    expect(resolveLoss(camelCase(name) as LossName)).toEqual(loss);
  });

  test.for(golden.losses.filter((name) => otherLosses.has(plain(name))))("or %s is refused", (name) => {
    expect(() => resolveLoss(name as LossName)).toThrow(
      expect.objectContaining({ code: "INVALID_CONFIG", option: "loss" }),
    );
  });
});

test("a loss and a function of one's own are their means, and go down, or nobody knows where", async () => {
  const mae = await streamed("mae", false);
  expect(await streamed(new MeanAbsoluteError(), false)).toEqual(mae);
  expect(await streamed((yTrue, yPred) => mean(abs(sub(yTrue, yPred)), -1), false)).toEqual(mae);
  const [cosine] = await streamed("cosineSimilarity", false);
  expect(await streamed(new CosineSimilarity(), false)).toEqual([0 - (cosine ?? 0)]);
  const directions = requestMetrics([
    "cosine_similarity",
    "rootMeanSquaredError",
    "false_positives",
    "true_negatives",
    new MeanAbsoluteError(),
    (yTrue) => yTrue,
  ]).map(({ direction }) => direction);
  expect(directions).toEqual(["up", "down", "down", "up", "down", undefined]);
});

test.for([[{}], [null], [3], ["accurate"], [MeanAbsoluteError]])("%s is no metric", ([choice]) => {
  const refusal = expect.objectContaining({ code: "INVALID_CONFIG", option: "metrics" });
  expect(() => requestMetrics([choice as unknown as MetricChoice])).toThrow(refusal);
  expect(() => requestMetrics(choice as unknown as MetricChoice[])).toThrow(refusal);
});

test.for([
  [FBetaScore, "fbeta_score"],
  [TruePositives, "true_positives"],
  [TrueNegatives, "true_negatives"],
  [FalsePositives, "false_positives"],
  [FalseNegatives, "false_negatives"],
  [RootMeanSquaredError, "root_mean_squared_error"],
] as const)("%s is called what Keras calls it, or as it is asked to be", ([Class, name]) => {
  expect(new Class().name).toBe(name);
  expect(new Class({ name: "mine" }).name).toBe("mine");
  expect(() => Reflect.construct(Class, [{ top_k: 2 }])).toThrow(expect.objectContaining({ code: "INVALID_CONFIG" }));
});

test("a stream takes what is a metric, a loss or a function, and refuses the rest", () => {
  expect(() => asMetric("MetricStream", "metric", {} as unknown as MetricObject)).toThrow(
    "MetricStream: metric must be a metric, its name, a loss, or a function (yTrue, yPred)",
  );
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
