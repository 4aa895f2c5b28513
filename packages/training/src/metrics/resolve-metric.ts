import { type FixedShape, InvalidConfigError } from "@featuremap/tensor";
import { type EitherCase, refuseClass, resolveName } from "../config/resolve-name.ts";
import { FunctionLoss, type LossFunction } from "../losses/function-loss.ts";
import { Loss } from "../losses/loss.ts";
import { labelKind } from "../losses/crossentropy/label-kind.ts";
import { LogCosh } from "../losses/regression/log-cosh.ts";
import { type MeanLossName, losses } from "../losses/resolve-loss.ts";
import { AUC } from "./thresholds/auc.ts";
import { BinaryAccuracy } from "./accuracy/binary-accuracy.ts";
import { CategoricalAccuracy } from "./accuracy/categorical-accuracy.ts";
import { ConfusionMatrix } from "./confusion-matrix.ts";
import { FalseNegatives, FalsePositives, TrueNegatives, TruePositives } from "./thresholds/confusion-counts.ts";
import { F1Score } from "./thresholds/f1-score.ts";
import { FBetaScore } from "./thresholds/f-beta-score.ts";
import { MeanCosine } from "./mean-cosine.ts";
import { MeanLoss } from "./mean-loss.ts";
import { type Direction, Metric } from "./metric.ts";
import { Precision, Recall } from "./thresholds/precision-recall.ts";
import { RootMeanSquaredError } from "./root-mean-squared-error.ts";
import { SparseCategoricalAccuracy } from "./accuracy/sparse-categorical-accuracy.ts";
import { SparseTopKCategoricalAccuracy, TopKCategoricalAccuracy } from "./accuracy/top-k-accuracy.ts";

type CamelName =
  | "binaryAccuracy"
  | "categoricalAccuracy"
  | "sparseCategoricalAccuracy"
  | "topKCategoricalAccuracy"
  | "sparseTopKCategoricalAccuracy"
  | "precision"
  | "recall"
  | "f1Score"
  | "fBetaScore"
  | "truePositives"
  | "trueNegatives"
  | "falsePositives"
  | "falseNegatives"
  | "auc"
  | "rootMeanSquaredError"
  | "cosineSimilarity"
  | "logCoshError"
  | "confusionMatrix";

/**
 * The metrics that have a name. `accuracy` is the one that suits labels and outputs; a loss's name stands for its mean,
 * except `cosineSimilarity`, which is the cosine itself as in Keras, where the loss is minus the cosine.
 */
export type MetricName = "accuracy" | "acc" | EitherCase<CamelName> | Capitalize<CamelName> | "AUC" | MeanLossName;

/** A metric, a loss whose mean it is, or a function whose mean it is. */
export type MetricObject = Metric | Loss | LossFunction;

/** A {@link MetricObject}, or the name of a metric. */
export type MetricChoice = MetricName | MetricObject;

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
  fBetaScore: (name) => new FBetaScore({ name }),
  truePositives: (name) => new TruePositives({ name }),
  trueNegatives: (name) => new TrueNegatives({ name }),
  falsePositives: (name) => new FalsePositives({ name }),
  falseNegatives: (name) => new FalseNegatives({ name }),
  auc: (name) => new AUC({ name }),
  rootMeanSquaredError: (name) => new RootMeanSquaredError({ name }),
  cosineSimilarity: (name) => new MeanCosine({ name }),
  logCoshError: (name) => new MeanLoss({ name, loss: new LogCosh() }),
  confusionMatrix: (name) => new ConfusionMatrix({ name }),
};
/** Those that get smaller as a model improves, beside all losses. */
const downwards: ReadonlySet<string> = new Set([
  "rootmeansquarederror",
  "logcosherror",
  "falsepositives",
  "falsenegatives",
]);
const makers: ReadonlyMap<string, Maker> = new Map<string, Maker>([
  ["accuracy", suitableAccuracy],
  ["acc", suitableAccuracy],
  ...[...losses].map(([key, make]): [string, Maker] => [key, (name) => new MeanLoss({ name, loss: make() })]),
  // After the losses, because cosineSimilarity means the metric.
  ...Object.entries(named).map(([name, make]): [string, Maker] => [name.toLowerCase(), make]),
]);
const namedKeys: ReadonlySet<string> = new Set(Object.keys(named).map((name) => name.toLowerCase()));
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
  if (!Array.isArray(choices)) throw new InvalidConfigError("Trainer", option, `a list, each ${aMetric}`, choices);
  const requests = choices.map((choice): MetricRequest => {
    if (typeof choice !== "string") {
      const metric = asMetric("Trainer", option, choice);
      return { name: metric.name, direction: metric.direction, resolve: () => metric };
    }
    const make = resolveName("Trainer", option, choice, makers, names);
    const key = choice.replaceAll("_", "").toLowerCase();
    const isLoss = losses.has(key) && !namedKeys.has(key);
    const direction = isLoss || downwards.has(key) ? "down" : "up";
    return { name: choice, direction, resolve: (target, output) => make(choice, target, output) };
  });
  const keys = new Set(["loss"]);
  for (const { name } of requests) {
    if (keys.has(name)) throw new InvalidConfigError("Trainer", option, "of different names, none of them loss", name);
    keys.add(name);
  }
  return requests;
}

const aMetric = "a metric, its name, a loss, or a function (yTrue, yPred)";

/**
 * The metric, or the mean of a loss or a function. A function's direction is unknown: a callback that watches it must be told.
 *
 * @param owner who asks for it, and as which option
 * @throws {InvalidConfigError} it is neither.
 */
export function asMetric(owner: string, option: string, choice: MetricObject): Metric {
  if (choice instanceof Metric) return choice;
  if (choice instanceof Loss) return new MeanLoss({ loss: choice });
  if (typeof choice !== "function") throw new InvalidConfigError(owner, option, aMetric, choice);
  refuseClass(option, choice, Metric);
  refuseClass(option, choice, Loss);
  return new MeanLoss({ loss: new FunctionLoss({ fn: choice }), direction: null });
}

function suitableAccuracy(name: string, target: FixedShape, output: FixedShape): Metric {
  const kind = labelKind(target, output);
  if (kind === "binary") return new BinaryAccuracy({ name });
  return kind === "sparse" ? new SparseCategoricalAccuracy({ name }) : new CategoricalAccuracy({ name });
}
