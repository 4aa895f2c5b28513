import { InvalidConfigError } from "@featuremap/tensor";
import { refuseClass, resolveName } from "../config/resolve-name.ts";
import { Adadelta } from "./adadelta.ts";
import { Adagrad } from "./adagrad.ts";
import { Adam } from "./adam.ts";
import { AdamW } from "./adam-w.ts";
import { Adamax } from "./adamax.ts";
import { Lion } from "./lion.ts";
import { Nadam } from "./nadam.ts";
import { Optimizer } from "./optimizer.ts";
import { RMSprop } from "./rms-prop.ts";
import { SGD } from "./sgd.ts";

/** The optimizers that have a name, with their defaults. */
export type OptimizerName = "rmsprop" | "adam" | "adamw" | "sgd" | "adagrad" | "adadelta" | "adamax" | "nadam" | "lion";

const optimizers: ReadonlyMap<string, () => Optimizer> = new Map<string, () => Optimizer>([
  ["rmsprop", () => new RMSprop()],
  ["adam", () => new Adam()],
  ["adamw", () => new AdamW()],
  ["sgd", () => new SGD()],
  ["adagrad", () => new Adagrad()],
  ["adadelta", () => new Adadelta()],
  ["adamax", () => new Adamax()],
  ["nadam", () => new Nadam()],
  ["lion", () => new Lion()],
]);

/** @throws {InvalidConfigError} there is no optimizer of that name, or it is not an optimizer. */
export function resolveOptimizer(choice: OptimizerName | Optimizer): Optimizer {
  if (choice instanceof Optimizer) return choice;
  if (typeof choice === "string") {
    return resolveName("Trainer", "optimizer", choice, optimizers, [...optimizers.keys()])();
  }
  if (typeof choice === "function") refuseClass("optimizer", choice, Optimizer);
  throw new InvalidConfigError("Trainer", "optimizer", "an optimizer, or the name of one", choice);
}
