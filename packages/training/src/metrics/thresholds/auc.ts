import { type FixedShape, InvalidConfigError, Option, sizeOf } from "@featuremap/tensor";
import type { PlainOptions } from "../../config/configured.ts";
import { choiceOption, numbersOption } from "../../config/kinds.ts";
import {
  type Tensor,
  cast,
  ceil,
  clipByValue,
  expandDims,
  greater,
  mul,
  oneHot,
  relu,
  reshape,
  sigmoid,
  stack,
  sub,
  sum,
  tensor,
} from "@tensorflow/tfjs-core";
import { alignedTargetShape } from "../../losses/align-shapes.ts";
import { type ConfusionCounts, type SummationMethod, areaUnder, areaUnderPrecisionRecall } from "./curve-area.ts";
import { Metric, type MetricConfig, metricOptions, weightsFor } from "../metric.ts";

export interface AUCConfig extends MetricConfig {
  /** How many points of the curve to use, at evenly spaced thresholds. Default: 200. */
  readonly numThresholds?: number;
  /** Receiver operating characteristic, or precision over recall. Default: `ROC`. */
  readonly curve?: "ROC" | "PR";
  /** Between points: straight lines (for `PR`, Davis and Goadrich's), the lower or the higher one. Default: interpolation. */
  readonly summationMethod?: SummationMethod;
  /** Thresholds in (0, 1) instead of evenly spaced ones; 0 and 1 are added. */
  readonly thresholds?: readonly number[] | null;
  /** Whether to take the mean of the areas under one curve for each unit. Default: false. */
  readonly multiLabel?: boolean;
  /** How many units there are, with `multiLabel`. Default: as many as the outputs have. */
  readonly numLabels?: number | null;
  /** Weight of every unit in that mean. Default: all alike. */
  readonly labelWeights?: readonly number[] | null;
  /** Whether outputs are logits rather than probabilities. Default: false. */
  readonly fromLogits?: boolean;
}

/** How far the outer thresholds lie beyond 0 and 1. */
const epsilon = 1e-7;

/**
 * Area under a curve that a threshold draws: true over false positives (`ROC`), or precision over recall (`PR`).
 *
 * Outputs are counted between thresholds, so batches add up exactly; the area is that of Keras for the same thresholds.
 * With evenly spaced ones, outputs below 0 count as 0 and those above 1 as 1, as in Keras.
 * Shape: target, of 0 and 1, and output `[batch, ...]`, with `multiLabel` `[batch, labels]`.
 * Source: Keras 3 `AUC`; Davis and Goadrich, ICML 2006.
 */
export class AUC extends Metric {
  static override readonly className: string = "AUC";
  static override readonly options: PlainOptions<AUCConfig> = {
    numThresholds: Option.integer(2).default(200),
    curve: choiceOption<"ROC" | "PR">("ROC", "PR").default("ROC"),
    summationMethod: choiceOption<SummationMethod>("interpolation", "minoring", "majoring").default("interpolation"),
    ...metricOptions,
    thresholds: numbersOption("a list of numbers in [0, 1]", (thresholds) =>
      thresholds.every((threshold) => threshold >= 0 && threshold <= 1),
    ).orNull(),
    multiLabel: Option.flag().default(false),
    numLabels: Option.integer().orNull(),
    labelWeights: numbersOption("a list of numbers", () => true).orNull(),
    fromLogits: Option.flag().default(false),
  };
  readonly thresholds: readonly number[];
  readonly curve: "ROC" | "PR";
  readonly summationMethod: SummationMethod;
  readonly multiLabel: boolean;
  readonly numLabels: number | undefined;
  readonly labelWeights: readonly number[] | undefined;
  readonly fromLogits: boolean;
  readonly #evenly: boolean;
  /** The thresholds above which outputs are counted; if uneven, with one more, which every output is above. */
  readonly #limits: readonly number[];

  /** @throws {InvalidConfigError} an option is unknown or outside its range. */
  constructor(config: AUCConfig = {}) {
    super(config, "up");
    const { numThresholds, thresholds, numLabels, labelWeights, ...settled } = this.settle(config, AUC.options);
    const even = evenThresholds(thresholds ? thresholds.length : numThresholds - 2);
    const inner = thresholds?.toSorted((a, b) => a - b) ?? even;
    this.#evenly = inner.every((threshold, index) => isClose(threshold, even[index] ?? 0));
    this.thresholds = [-epsilon, ...inner, 1 + epsilon];
    this.#limits = this.#evenly ? this.thresholds : [Number.NEGATIVE_INFINITY, ...this.thresholds];
    this.numLabels = numLabels ?? undefined;
    this.labelWeights = labelWeights ?? undefined;
    ({ curve: this.curve, summationMethod: this.summationMethod } = settled);
    ({ multiLabel: this.multiLabel, fromLogits: this.fromLogits } = settled);
    if (this.numLabels !== undefined && !this.multiLabel) {
      throw new InvalidConfigError("AUC", "numLabels", "left out without multiLabel", this.numLabels);
    }
    if (this.labelWeights && !this.multiLabel) {
      throw new InvalidConfigError("AUC", "labelWeights", "left out without multiLabel", this.labelWeights);
    }
  }

  /** Keras's keys and values: given thresholds are in ascending order, and `num_thresholds` is their number and 2. */
  override getConfig(): Record<string, unknown> {
    const config = super.getConfig();
    if (config["thresholds"] === null) return config;
    return { ...config, num_thresholds: this.thresholds.length, thresholds: this.thresholds.slice(1, -1) };
  }

  override length(output: FixedShape): number {
    return 2 * this.#labels(output) * this.#limits.length;
  }

  /**
   * For every label and threshold, outputs that should be yes, then those that should be no: with even thresholds those
   * between it and the next, else all above it.
   */
  override measure(target: Tensor, output: Tensor, sampleWeight?: Tensor): Tensor {
    const shape = alignedTargetShape(this.name, target.shape, output.shape);
    const labels = this.#labels(shape);
    const right = reshape(cast(target, "float32"), [-1, labels, 1]);
    const scores = reshape(this.fromLogits ? sigmoid(output) : output, [-1, labels]);
    const counted = this.#evenly ? this.#between(scores) : this.#above(scores);
    const above = sampleWeight
      ? mul(counted, reshape(weightsFor(this.name, sampleWeight, shape), [-1, labels, 1]))
      : counted;
    const [yes, no] = [sum(mul(above, right), 0), sum(mul(above, sub(1, right)), 0)];
    return reshape(stack([yes, no], 1), [-1]);
  }

  override count(output: FixedShape): number {
    return sizeOf(output);
  }

  override result(sums: Float64Array): number {
    const many = this.#limits.length;
    const areas = Array.from({ length: sums.length / (2 * many) }, (_, label) => {
      const [yes = sums, no = sums] = [0, 1].map((part) => {
        const counts = sums.subarray((2 * label + part) * many, (2 * label + part + 1) * many);
        return this.#evenly ? sumsFromEnd(counts) : counts;
      });
      const counts: ConfusionCounts = {
        positives: yes[0] ?? 0,
        negatives: no[0] ?? 0,
        truePositives: yes.subarray(many - this.thresholds.length),
        falsePositives: no.subarray(many - this.thresholds.length),
      };
      return this.curve === "PR" && this.summationMethod === "interpolation"
        ? areaUnderPrecisionRecall(counts)
        : areaUnder(counts, this.curve, this.summationMethod);
    });
    const weights = this.labelWeights ?? areas.map(() => 1);
    const total = weights.reduce((one, other) => one + other, 0);
    return areas.reduce((area, each, label) => area + each * (weights[label] ?? 0), 0) / total;
  }

  /** @throws {InvalidConfigError} the number of labels or of their weights is not the one given. */
  #labels(output: FixedShape): number {
    const labels = this.multiLabel ? (output.at(-1) ?? 1) : 1;
    if (this.numLabels !== undefined && this.numLabels !== labels) {
      throw new InvalidConfigError("AUC", "numLabels", `${labels}, the number that the outputs have`, this.numLabels);
    }
    if (this.labelWeights && this.labelWeights.length !== labels) {
      throw new InvalidConfigError("AUC", "labelWeights", `${labels} numbers`, this.labelWeights);
    }
    return labels;
  }

  #between(scores: Tensor): Tensor {
    const inRange = clipByValue(scores, 0, 1);
    const bucket = relu(sub(ceil(mul(inRange, this.thresholds.length - 1)), 1));
    return oneHot(cast(bucket, "int32"), this.thresholds.length, 1, 0, "float32");
  }

  #above(scores: Tensor): Tensor {
    return cast(greater(expandDims(scores, -1), tensor([...this.#limits])), "float32");
  }
}

/** A number of thresholds that divide the range from 0 to 1 evenly. */
function evenThresholds(many: number): readonly number[] {
  return Array.from({ length: many }, (_, index) => (index + 1) / (many + 1));
}

/** Whether Keras takes both for one. Source: numpy `allclose`. */
function isClose(one: number, other: number): boolean {
  return Math.abs(one - other) <= epsilon + 1e-5 * Math.abs(other);
}

/** The sum of each number and all after it. */
function sumsFromEnd(values: Float64Array): Float64Array {
  const sums = Float64Array.from(values);
  for (let index = sums.length - 2; index >= 0; index--) sums[index] = (sums[index] ?? 0) + (sums[index + 1] ?? 0);
  return sums;
}
