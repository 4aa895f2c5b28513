import { type EitherCase, refuseClass, resolveName } from "../resolve-name.ts";
import { BinaryCrossentropy } from "./binary-crossentropy.ts";
import { BinaryFocalCrossentropy } from "./binary-focal-crossentropy.ts";
import { CategoricalCrossentropy } from "./categorical-crossentropy.ts";
import { CategoricalFocalCrossentropy } from "./categorical-focal-crossentropy.ts";
import { CategoricalHinge } from "./categorical-hinge.ts";
import { CosineSimilarity } from "./cosine-similarity.ts";
import { FunctionLoss, type LossFunction } from "./function-loss.ts";
import { Hinge } from "./hinge.ts";
import { Huber } from "./huber.ts";
import { KLDivergence } from "./kl-divergence.ts";
import { LogCosh } from "./log-cosh.ts";
import { Loss } from "./loss.ts";
import { MeanAbsoluteError } from "./mean-absolute-error.ts";
import { MeanSquaredError } from "./mean-squared-error.ts";
import { Poisson } from "./poisson.ts";
import { SparseCategoricalCrossentropy } from "./sparse-categorical-crossentropy.ts";
import { SquaredHinge } from "./squared-hinge.ts";

type CamelName =
  | "binaryCrossentropy"
  | "binaryFocalCrossentropy"
  | "categoricalCrossentropy"
  | "categoricalFocalCrossentropy"
  | "sparseCategoricalCrossentropy"
  | "meanSquaredError"
  | "mse"
  | "meanAbsoluteError"
  | "mae"
  | "huber"
  | "logCosh"
  | "hinge"
  | "squaredHinge"
  | "categoricalHinge"
  | "klDivergence"
  | "poisson"
  | "cosineSimilarity";

/** The losses that have a name, with their defaults: outputs are probabilities. */
export type LossName = EitherCase<CamelName>;

const makers: Readonly<Record<CamelName, () => Loss>> = {
  binaryCrossentropy: () => new BinaryCrossentropy(),
  binaryFocalCrossentropy: () => new BinaryFocalCrossentropy(),
  categoricalCrossentropy: () => new CategoricalCrossentropy(),
  categoricalFocalCrossentropy: () => new CategoricalFocalCrossentropy(),
  sparseCategoricalCrossentropy: () => new SparseCategoricalCrossentropy(),
  meanSquaredError: () => new MeanSquaredError(),
  mse: () => new MeanSquaredError(),
  meanAbsoluteError: () => new MeanAbsoluteError(),
  mae: () => new MeanAbsoluteError(),
  huber: () => new Huber(),
  logCosh: () => new LogCosh(),
  hinge: () => new Hinge(),
  squaredHinge: () => new SquaredHinge(),
  categoricalHinge: () => new CategoricalHinge(),
  klDivergence: () => new KLDivergence(),
  poisson: () => new Poisson(),
  cosineSimilarity: () => new CosineSimilarity(),
};
const names = Object.keys(makers);

/** What makes each loss with its defaults, by lower-case name without underscores. */
export const losses: ReadonlyMap<string, () => Loss> = new Map(
  Object.entries(makers).map(([name, make]) => [name.toLowerCase(), make]),
);

/** A loss, the name of one, or a function that is one. */
export type LossChoice = LossName | Loss | LossFunction;

/** @throws {InvalidConfigError} there is no loss of that name, or a class is given instead of an object of it. */
export function resolveLoss(choice: LossChoice): Loss {
  if (typeof choice === "string") return resolveName("Trainer", "loss", choice, losses, names)();
  if (typeof choice !== "function") return choice;
  refuseClass("loss", choice, Loss);
  return new FunctionLoss({ fn: choice });
}
