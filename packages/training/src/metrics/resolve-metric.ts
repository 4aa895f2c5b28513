import { type FixedShape, InvalidConfigError } from "@featuremap/tensor";
import { type EitherCase, refuseClass, resolveName } from "../resolve-name.ts";
import { FunctionLoss, type LossFunction } from "../losses/function-loss.ts";
import { Loss } from "../losses/loss.ts";
import { type LossName, losses } from "../losses/resolve-loss.ts";
import { AUC } from "./auc.ts";
import { BinaryAccuracy } from "./binary-accuracy.ts";
import { CategoricalAccuracy } from "./categorical-accuracy.ts";
import { ConfusionMatrix } from "./confusion-matrix.ts";
import { F1Score } from "./f1-score.ts";
import { MeanLoss } from "./mean-loss.ts";
import { type Direction, Metric } from "./metric.ts";
import { Precision, Recall } from "./precision-recall.ts";
import { SparseCategoricalAccuracy } from "./sparse-categorical-accuracy.ts";
import { SparseTopKCategoricalAccuracy, TopKCategoricalAccuracy } from "./top-k-accuracy.ts";

type CamelName =
  | "binaryAccuracy"
  | "categoricalAccuracy"
  | "sparseCategoricalAccuracy"
  | "topKCategoricalAccuracy"
  | "sparseTopKCategoricalAccuracy"
  | "precision"
  | "recall"
  | "f1Score"
  | "auc"
  | "confusionMatrix";

/** The metrics that have a name; `accuracy` is the one that suits labels and outputs, a loss's name is its mean. */
export type MetricName = "accuracy" | "acc" | EitherCase<CamelName> | Exclude<LossName, EitherCase<"cosineSimilarity">>;

/** A metric, the name of one, a loss whose mean it is, or a function whose mean it is. */
export type MetricChoice = MetricName | Metric | Loss | LossFunction;

/** A metric asked for, before data have shown which one suits them. */
export interface MetricRequest {
  readonly name: string;
  readonly direction: Direction | undefined;
  /** @param target shape of a batch's labels; `output`: of the model's output */
  resolve(target: FixedShape, output: FixedShape): Metric;
}

type Maker = (name: string, target: FixedShape, output: FixedShape) => Metric;

const named: Readonly<Record<CamelName, Maker>> = {
  binaryAccuracy: (name) => new BinaryAccuracy({ name }),
  categoricalAccuracy: (name) => new CategoricalAccuracy({ name }),
  sparseCategoricalAccuracy: (name) => new SparseCategoricalAccuracy({ name }),
  topKCategoricalAccuracy: (name) => new TopKCategoricalAccuracy({ name }),
  sparseTopKCategoricalAccuracy: (name) => new SparseTopKCategoricalAccuracy({ name }),
  precision: (name) => new Precision({ name }),
  recall: (name) => new Recall({ name }),
  f1Score: (name) => new F1Score({ name }),
  auc: (name) => new AUC({ name }),
  confusionMatrix: (name) => new ConfusionMatrix({ name }),
};
/** Keras's metric of that name is not the loss, which is negated. */
const lossMakers = [...losses].filter(([key]) => key !== "cosinesimilarity");
const makers: ReadonlyMap<string, Maker> = new Map<string, Maker>([
  ["accuracy", suitableAccuracy],
  ["acc", suitableAccuracy],
  ...Object.entries(named).map(([name, make]): [string, Maker] => [name.toLowerCase(), make]),
  ...lossMakers.map(([key, make]): [string, Maker] => [key, (name) => new MeanLoss({ name, loss: make() })]),
]);
const names = ["accuracy", ...Object.keys(named), "a loss's name"];

/**
 * Metrics by name or object; a name, as it was given, becomes the key in logs.
 *
 * @throws {InvalidConfigError} there is no metric of a name, or two have one key.
 */
export function requestMetrics(
  choices: readonly MetricChoice[],
  option: "metrics" | "weightedMetrics" = "metrics",
): MetricRequest[] {
  const requests = choices.map((choice): MetricRequest => {
    if (typeof choice !== "string") {
      const metric = asMetric(option, choice);
      return { name: metric.name, direction: metric.direction, resolve: () => metric };
    }
    const make = resolveName("Trainer", option, choice, makers, names);
    const direction = losses.has(choice.replaceAll("_", "").toLowerCase()) ? "down" : "up";
    return { name: choice, direction, resolve: (target, output) => make(choice, target, output) };
  });
  const keys = new Set(["loss"]);
  for (const { name } of requests) {
    if (keys.has(name)) throw new InvalidConfigError("Trainer", option, "of different names, none of them loss", name);
    keys.add(name);
  }
  return requests;
}

/** A function's direction is its writer's secret: who watches it says so. */
function asMetric(option: string, choice: Metric | Loss | LossFunction): Metric {
  if (choice instanceof Metric) return choice;
  if (choice instanceof Loss) return new MeanLoss({ loss: choice });
  refuseClass(option, choice, Metric);
  refuseClass(option, choice, Loss);
  return new MeanLoss({ loss: new FunctionLoss({ fn: choice }), direction: undefined });
}

/** Keras's choice: binary for one output unit, else sparse where labels have no class axis, else categorical. */
function suitableAccuracy(name: string, target: FixedShape, output: FixedShape): Metric {
  if (output.at(-1) === 1) return new BinaryAccuracy({ name });
  const sparse = target.length < output.length || target.at(-1) === 1;
  return sparse ? new SparseCategoricalAccuracy({ name }) : new CategoricalAccuracy({ name });
}
