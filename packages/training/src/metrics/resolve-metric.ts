import { type FixedShape, InvalidConfigError } from "@featuremap/tensor";
import { type EitherCase, resolveName } from "../resolve-name.ts";
import { BinaryAccuracy } from "./binary-accuracy.ts";
import { CategoricalAccuracy } from "./categorical-accuracy.ts";
import type { Direction, Metric } from "./metric.ts";
import { SparseCategoricalAccuracy } from "./sparse-categorical-accuracy.ts";

/** The metrics that have a name; `accuracy` is the one that suits labels and outputs. */
export type MetricName =
  | "accuracy"
  | "acc"
  | EitherCase<"binaryAccuracy" | "categoricalAccuracy" | "sparseCategoricalAccuracy">;

/** A metric asked for, before data have shown which one suits them. */
export interface MetricRequest {
  readonly name: string;
  readonly direction: Direction;
  /** @param target shape of a batch's labels; `output`: of the model's output */
  resolve(target: FixedShape, output: FixedShape): Metric;
}

type Maker = (name: string, target: FixedShape, output: FixedShape) => Metric;

const makers: ReadonlyMap<string, Maker> = new Map<string, Maker>([
  ["accuracy", suitableAccuracy],
  ["acc", suitableAccuracy],
  ["binaryaccuracy", (name) => new BinaryAccuracy({ name })],
  ["categoricalaccuracy", (name) => new CategoricalAccuracy({ name })],
  ["sparsecategoricalaccuracy", (name) => new SparseCategoricalAccuracy({ name })],
]);
const names = ["accuracy", "binaryAccuracy", "categoricalAccuracy", "sparseCategoricalAccuracy"];

/**
 * Metrics by name or object; a name, as it was given, becomes the key in logs.
 *
 * @throws {InvalidConfigError} there is no metric of a name, or two have one key.
 */
export function requestMetrics(choices: readonly (MetricName | Metric)[]): MetricRequest[] {
  const requests = choices.map((choice): MetricRequest => {
    if (typeof choice !== "string") {
      return { name: choice.name, direction: choice.direction, resolve: () => choice };
    }
    const make = resolveName("Trainer", "metrics", choice, makers, names);
    return { name: choice, direction: "up", resolve: (target, output) => make(choice, target, output) };
  });
  const keys = new Set(["loss"]);
  for (const { name } of requests) {
    if (keys.has(name))
      throw new InvalidConfigError("Trainer", "metrics", "of different names, none of them loss", name);
    keys.add(name);
  }
  return requests;
}

/** Keras's choice: binary for one output unit, else sparse where labels have no class axis, else categorical. */
function suitableAccuracy(name: string, target: FixedShape, output: FixedShape): Metric {
  if (output.at(-1) === 1) return new BinaryAccuracy({ name });
  const sparse = target.length < output.length || target.at(-1) === 1;
  return sparse ? new SparseCategoricalAccuracy({ name }) : new CategoricalAccuracy({ name });
}
