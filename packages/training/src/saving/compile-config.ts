import { InvalidConfigError } from "@featuremap/tensor";
import { classNameOf } from "../config/class-name.ts";
import { type Configured, type ConfiguredClass, fromConfig } from "../config/configured.ts";
import { snakeCase } from "../config/resolve-name.ts";
import { knownLosses } from "../losses/resolve-loss.ts";
import { Loss } from "../losses/loss.ts";
import { BinaryAccuracy } from "../metrics/accuracy/binary-accuracy.ts";
import { Accuracy } from "../metrics/accuracy/accuracy.ts";
import { CategoricalAccuracy } from "../metrics/accuracy/categorical-accuracy.ts";
import { SparseCategoricalAccuracy } from "../metrics/accuracy/sparse-categorical-accuracy.ts";
import { SparseTopKCategoricalAccuracy, TopKCategoricalAccuracy } from "../metrics/accuracy/top-k-accuracy.ts";
import { Metric } from "../metrics/metric.ts";
import { RootMeanSquaredError } from "../metrics/root-mean-squared-error.ts";
import { AUC } from "../metrics/thresholds/auc.ts";
import {
  FalseNegatives,
  FalsePositives,
  TrueNegatives,
  TruePositives,
} from "../metrics/thresholds/confusion-counts.ts";
import { F1Score } from "../metrics/thresholds/f1-score.ts";
import { FBetaScore } from "../metrics/thresholds/f-beta-score.ts";
import { Precision, Recall } from "../metrics/thresholds/precision-recall.ts";
import { Optimizer } from "../optimizers/optimizer.ts";
import { resolveOptimizer } from "../optimizers/resolve-optimizer.ts";
import type { OptimizerName } from "../optimizers/resolve-optimizer.ts";
import { knownSchedules } from "../schedules/warmup.ts";
import type { TrainerConfig } from "../trainer/trainer-options.ts";
import { kerasOptimizers } from "./optimizer-variables.ts";

type Json = Readonly<Record<string, unknown>>;
type Known = readonly ConfiguredClass<Configured>[];

const kerasMetrics: Known = [
  Accuracy,
  BinaryAccuracy,
  CategoricalAccuracy,
  SparseCategoricalAccuracy,
  TopKCategoricalAccuracy,
  SparseTopKCategoricalAccuracy,
  RootMeanSquaredError,
  AUC,
  Precision,
  Recall,
  F1Score,
  FBetaScore,
  TruePositives,
  TrueNegatives,
  FalsePositives,
  FalseNegatives,
];

/**
 * How a model was compiled, in Keras 3's `compile_config`.
 *
 * @throws {InvalidConfigError} an optimizer, loss or metric is one that Keras does not have.
 */
export function writeCompileConfig(optimizer: Optimizer, config: TrainerConfig): Json {
  const { schedule } = optimizer;
  const isKeras = schedule === undefined || knownSchedules.keras.some((type) => type === schedule.constructor);
  if (!isKeras) refuse("learningRate", "one that Keras has, for Keras to go on with", classNameOf(schedule));
  return {
    optimizer: writeObject("optimizer", optimizer, kerasOptimizers, "keras.optimizers"),
    loss: writeChoices(config.loss ?? null, writeLoss),
    loss_weights: writeChoices(config.lossWeights ?? null, (value) => value),
    metrics: writeChoices(config.metrics ?? null, writeMetric),
    weighted_metrics: writeChoices(config.weightedMetrics ?? null, writeMetric),
    run_eagerly: false,
    steps_per_execution: 1,
    jit_compile: false,
  };
}

function writeLoss(value: unknown): unknown {
  if (typeof value === "string") return snakeCase(value);
  return writeObject("loss", value, knownLosses.keras, "keras.losses");
}

function writeMetric(value: unknown): unknown {
  if (typeof value === "string") {
    const name = value === "AUC" ? "auc" : snakeCase(value);
    if (name === "confusion_matrix") refuse("metrics", "one that Keras has", value);
    return name;
  }
  if (!(value instanceof Loss)) return writeObject("metrics", value, kerasMetrics, "keras.metrics");
  const written = writeObject("metrics", value, knownLosses.keras, "keras.metrics");
  const { reduction, ...config } = written.config;
  if (reduction !== "sum_over_batch_size") refuse("metrics", "means, as Keras has them", reduction);
  return { ...written, config };
}

function writeObject(option: string, value: unknown, known: Known, module: string) {
  const found = known.find((type) => Object(value).constructor === type);
  if (found === undefined) {
    const received = typeof value === "function" ? "a function" : classNameOf(Object(value) as object);
    return refuse(option, "one that Keras has, for Keras to go on with", received);
  }
  const config = (value as Configured).getConfig();
  return { module, class_name: found.className, config, registered_name: null };
}

/** One, several in a list, or several by name. */
function writeChoices(value: unknown, write: (value: unknown) => unknown): unknown {
  if (value === null || value === undefined) return null;
  if (Array.isArray(value)) return value.map((each: unknown) => writeChoices(each, write));
  const entries = value instanceof Map ? [...(value as Map<string, unknown>)] : plainEntries(value);
  if (entries === undefined) return write(value);
  return Object.fromEntries(entries.map(([name, each]) => [name, writeChoices(each, write)]));
}

/** @throws {InvalidConfigError} the optimizer, a loss or a metric is not here, or has options that are not. */
export function readCompileConfig(compile: Json): TrainerConfig {
  const { optimizer, loss, loss_weights: lossWeights, metrics, weighted_metrics: weightedMetrics } = compile;
  const readMetric = (value: unknown): unknown => readObject("metrics", value, [...kerasMetrics, ...knownLosses.keras]);
  return {
    optimizer: readOptimizer(optimizer),
    // The trainer checks what it is given.
    loss: readChoices(loss, (value) => readObject("loss", value, knownLosses.keras)) as TrainerConfig["loss"],
    lossWeights: readChoices(lossWeights, (value) => value) as NonNullable<TrainerConfig["lossWeights"]> | null,
    metrics: readChoices(metrics, readMetric) as NonNullable<TrainerConfig["metrics"]> | null,
    weightedMetrics: readChoices(weightedMetrics, readMetric) as NonNullable<TrainerConfig["weightedMetrics"]> | null,
  };
}

function readOptimizer(value: unknown): Optimizer {
  if (typeof value === "string") return resolveOptimizer(value as OptimizerName);
  const { class_name: name, config } = Object(value) as {
    class_name?: unknown;
    config?: { inner_optimizer?: unknown };
  };
  if (name === "LossScaleOptimizer") return readOptimizer(config?.inner_optimizer);
  const found = readObject("optimizer", value, kerasOptimizers);
  return found instanceof Optimizer ? found : refuse("optimizer", "an optimizer of Keras", value);
}

function readObject(option: string, value: unknown, known: Known): unknown {
  if (typeof value === "string") return value;
  const { class_name: name, config } = Object(value) as { class_name?: unknown; config?: unknown };
  // A function of Keras stands by its name.
  if (name === "function" && typeof config === "string") return config;
  const found = known.find(({ className }) => className === name);
  if (found === undefined || typeof config !== "object" || config === null) {
    return refuse(option, `one of ${known.map(({ className }) => className).join(", ")}`, name ?? value);
  }
  return fromConfig(found, config);
}

function readChoices(value: unknown, read: (value: unknown) => unknown): unknown {
  if (value === null || value === undefined) return null;
  if (Array.isArray(value)) return value.map((each: unknown) => readChoices(each, read));
  const entries = plainEntries(value);
  if (entries === undefined || "class_name" in Object(value)) return read(value);
  return Object.fromEntries(entries.map(([name, each]) => [name, readChoices(each, read)]));
}

/** What a plain object holds; undefined for anything else. */
function plainEntries(value: unknown): [string, unknown][] | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  if (value instanceof Loss || value instanceof Metric) return undefined;
  return Object.entries(value);
}

function refuse(option: string, expected: string, received: unknown): never {
  throw new InvalidConfigError("Keras training", option, expected, received);
}
