import { InvalidConfigError } from "@featuremap/tensor";
import type { ConfiguredClass } from "../config/configured.ts";
import type { KnownClasses } from "../config/object-option.ts";
import { type EitherCase, refuseClass, resolveName } from "../config/resolve-name.ts";
import { BinaryCrossentropy } from "./crossentropy/binary-crossentropy.ts";
import { BinaryFocalCrossentropy } from "./crossentropy/binary-focal-crossentropy.ts";
import { CategoricalCrossentropy } from "./crossentropy/categorical-crossentropy.ts";
import { CategoricalFocalCrossentropy } from "./crossentropy/categorical-focal-crossentropy.ts";
import { CategoricalHinge } from "./hinge/categorical-hinge.ts";
import { CosineSimilarity } from "./regression/cosine-similarity.ts";
import { FunctionLoss, type LossFunction } from "./function-loss.ts";
import { Hinge } from "./hinge/hinge.ts";
import { Huber } from "./regression/huber.ts";
import { KLDivergence } from "./regression/kl-divergence.ts";
import { LogCosh } from "./regression/log-cosh.ts";
import { Loss } from "./loss.ts";
import { MeanAbsolutePercentageError } from "./regression/mean-absolute-percentage-error.ts";
import { MeanAbsoluteError } from "./regression/mean-absolute-error.ts";
import { MeanSquaredLogarithmicError } from "./regression/mean-squared-logarithmic-error.ts";
import { MeanSquaredError } from "./regression/mean-squared-error.ts";
import { Poisson } from "./regression/poisson.ts";
import { SparseCategoricalCrossentropy } from "./crossentropy/sparse-categorical-crossentropy.ts";
import { SquaredHinge } from "./hinge/squared-hinge.ts";
import { SuitableCrossentropy } from "./crossentropy/suitable-crossentropy.ts";

type ShortName = "bce" | "kld" | "mae" | "mape" | "mse" | "msle";

type CamelName =
  | "binaryCrossentropy"
  | "binaryFocalCrossentropy"
  | "categoricalCrossentropy"
  | "categoricalFocalCrossentropy"
  | "sparseCategoricalCrossentropy"
  | "meanSquaredError"
  | "meanAbsoluteError"
  | "meanAbsolutePercentageError"
  | "meanSquaredLogarithmicError"
  | "huber"
  | "logCosh"
  | "hinge"
  | "squaredHinge"
  | "categoricalHinge"
  | "klDivergence"
  | "kullbackLeiblerDivergence"
  | "poisson"
  | "cosineSimilarity";

/** Keras's names of functions and of classes, in either case of letters, and its short names. */
type NameOf<Camel extends string> = EitherCase<Camel> | Capitalize<Camel> | ShortName | Uppercase<ShortName>;

/** The losses that may also be metrics by name. */
export type MeanLossName = NameOf<CamelName> | "KLDivergence" | "logcosh";

/**
 * The losses that have a name, with their defaults: outputs are probabilities. `crossentropy`, or `ce`, is the one that
 * suits labels and outputs.
 */
export type LossName = MeanLossName | "crossentropy" | "ce";

const classes: Readonly<Record<CamelName | ShortName, ConfiguredClass<Loss> & (new () => Loss)>> = {
  binaryCrossentropy: BinaryCrossentropy,
  bce: BinaryCrossentropy,
  binaryFocalCrossentropy: BinaryFocalCrossentropy,
  categoricalCrossentropy: CategoricalCrossentropy,
  categoricalFocalCrossentropy: CategoricalFocalCrossentropy,
  sparseCategoricalCrossentropy: SparseCategoricalCrossentropy,
  meanSquaredError: MeanSquaredError,
  mse: MeanSquaredError,
  meanAbsoluteError: MeanAbsoluteError,
  mae: MeanAbsoluteError,
  meanAbsolutePercentageError: MeanAbsolutePercentageError,
  mape: MeanAbsolutePercentageError,
  meanSquaredLogarithmicError: MeanSquaredLogarithmicError,
  msle: MeanSquaredLogarithmicError,
  huber: Huber,
  logCosh: LogCosh,
  hinge: Hinge,
  squaredHinge: SquaredHinge,
  categoricalHinge: CategoricalHinge,
  klDivergence: KLDivergence,
  kullbackLeiblerDivergence: KLDivergence,
  kld: KLDivergence,
  poisson: Poisson,
  cosineSimilarity: CosineSimilarity,
};
const names = ["crossentropy", ...Object.keys(classes)];

/** Makes each loss that may also be a metric, with its defaults, by lower-case name without underscores. */
export const losses: ReadonlyMap<string, () => Loss> = new Map(
  Object.entries(classes).map(([name, type]) => [name.toLowerCase(), () => new type()]),
);
const allLosses: ReadonlyMap<string, () => Loss> = new Map([
  ...losses,
  ["crossentropy", () => new SuitableCrossentropy()],
  ["ce", () => new SuitableCrossentropy()],
]);

/** The losses that other objects' configs may hold. */
export const knownLosses: KnownClasses<Loss> = {
  module: "keras.losses",
  keras: [...new Set(Object.values(classes))],
  others: [SuitableCrossentropy],
};

/** A loss, the name of one, or a function that is one. */
export type LossChoice = LossName | Loss | LossFunction;

/** @throws {InvalidConfigError} there is no loss of that name, or a class is given instead of an object of it. */
export function resolveLoss(choice: LossChoice): Loss {
  if (typeof choice === "string") return resolveName("Trainer", "loss", choice, allLosses, names)();
  if (choice instanceof Loss) return choice;
  if (typeof choice !== "function") {
    throw new InvalidConfigError("Trainer", "loss", "a loss, its name, or a function (yTrue, yPred)", choice);
  }
  refuseClass("loss", choice, Loss);
  return new FunctionLoss({ fn: choice });
}
