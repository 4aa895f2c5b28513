import type { Model } from "@featuremap/layers";
import { InvalidConfigError } from "@featuremap/tensor";
import { Loss } from "../losses/loss.ts";
import { type LossName, resolveLoss } from "../losses/resolve-loss.ts";
import { type Direction, Metric } from "../metrics/metric.ts";
import { type MetricName, type MetricRequest, requestMetrics } from "../metrics/resolve-metric.ts";
import { type PerName, orderByName } from "./by-name.ts";

/** A loss, or the name of one. */
export type LossChoice = LossName | Loss;

/** A metric, or the name of one. */
export type MetricChoice = MetricName | Metric;

/** What one output of a model is judged by. */
export interface OutputPlan {
  /** Before the keys of its metrics in logs: empty for an only output. */
  readonly prefix: string;
  readonly loss: Loss;
  /** Share of its loss in the whole. */
  readonly weight: number;
  readonly metrics: readonly MetricRequest[];
}

/** Losses and metrics as a trainer gets them. */
export interface PlanConfig {
  readonly loss: PerName<LossChoice>;
  readonly lossWeights?: readonly number[] | Readonly<Record<string, number>> | undefined;
  readonly metrics?:
    | readonly MetricChoice[]
    | readonly (readonly MetricChoice[])[]
    | Readonly<Record<string, MetricChoice | readonly MetricChoice[]>>
    | undefined;
}

/**
 * What each output of a model is judged by, in the model's order. One loss for several outputs stands for each.
 *
 * @throws {InvalidConfigError} losses, weights or metrics do not fit the outputs, or a name is unknown.
 */
export function planOutputs(model: Model, config: PlanConfig): readonly OutputPlan[] {
  const names = outputNames(model);
  const several = names !== undefined && names.length > 1;
  const losses = lossesFor(config.loss, names);
  const weights = weightsFor(config.lossWeights, names, losses.length);
  const metrics = metricsFor(config.metrics, names);
  const plans = losses.map((loss, index) => ({
    prefix: several ? `${names[index]}_` : "",
    loss,
    weight: weights[index] ?? 1,
    metrics: requestMetrics(metrics[index] ?? []),
  }));
  const keys = plans.flatMap((plan) => [`${plan.prefix}loss`, ...plan.metrics.map(({ name }) => plan.prefix + name)]);
  const twice = keys.find((key, index) => keys.indexOf(key) < index);
  if (twice !== undefined) throw new InvalidConfigError("Trainer", "metrics", "of different names", twice);
  return plans;
}

/** The names of a model's outputs: those of the layers that make them. Undefined while it is not connected. */
export function outputNames(model: Model): readonly string[] | undefined {
  return model.connected ? model.outputs.map(({ node }) => node.layer.name) : undefined;
}

/** The names of a model's inputs: those of its input layers. Undefined while it is not connected. */
export function inputNames(model: Model): readonly string[] | undefined {
  return model.connected ? model.inputs.map(({ node }) => node.layer.name) : undefined;
}

/** What the logs of an epoch will hold, as far as is known before the first batch. */
export function logDirections(plans: readonly OutputPlan[], validated: boolean): ReadonlyMap<string, Direction> {
  const own: [string, Direction][] = [["loss", "down"]];
  for (const { prefix, metrics } of plans) {
    if (plans.length > 1) own.push([`${prefix}loss`, "down"]);
    for (const { name, direction } of metrics) own.push([prefix + name, direction]);
  }
  return new Map(validated ? [...own, ...own.map(([name, direction]) => [`val_${name}`, direction] as const)] : own);
}

function isLoss(value: unknown): value is LossChoice {
  return typeof value === "string" || value instanceof Loss;
}

function lossesFor(given: PerName<LossChoice>, names: readonly string[] | undefined): readonly Loss[] {
  const choices = isLoss(given)
    ? (names ?? [""]).map(() => given)
    : orderByName("Trainer", "loss", given, isLoss, names);
  // A loss object serves any number of outputs: it has no state.
  return choices.map((choice) => {
    const loss = resolveLoss(choice);
    if (loss.reduction !== "none") return loss;
    throw new InvalidConfigError("Trainer", "loss", "one whose reduction gives one number", "the reduction none");
  });
}

function weightsFor(
  given: PlanConfig["lossWeights"],
  names: readonly string[] | undefined,
  count: number,
): readonly number[] {
  if (given === undefined) return Array.from({ length: count }, () => 1);
  const isNumber = (value: unknown): value is number => typeof value === "number";
  const weights = orderByName("Trainer", "lossWeights", given, isNumber, names);
  const wrong = weights.find((weight) => !Number.isFinite(weight));
  if (wrong === undefined) return weights;
  throw new InvalidConfigError("Trainer", "lossWeights", "finite numbers", wrong);
}

function metricsFor(
  given: PlanConfig["metrics"],
  names: readonly string[] | undefined,
): readonly (readonly MetricChoice[])[] {
  if (given === undefined) return [];
  const listOf = (choice: MetricChoice | readonly MetricChoice[]): readonly MetricChoice[] =>
    isMetric(choice) ? [choice] : choice;
  if (!Array.isArray(given)) {
    const record = given as Readonly<Record<string, MetricChoice | readonly MetricChoice[]>>;
    const known = names ?? Object.keys(record);
    const unknown = Object.keys(record).find((key) => !known.includes(key));
    if (unknown !== undefined) {
      throw new InvalidConfigError("Trainer", "metrics", `by the names ${known.join(", ")}`, unknown);
    }
    return known.map((name) => listOf(record[name] ?? []));
  }
  const list = given as readonly (MetricChoice | readonly MetricChoice[])[];
  const count = names?.length ?? 1;
  if (count === 1 && list.every(isMetric)) return [list];
  if (list.length === count) return list.map(listOf);
  throw new InvalidConfigError("Trainer", "metrics", `${count} lists, one for each output`, list.length);
}

function isMetric(value: unknown): value is MetricChoice {
  return typeof value === "string" || value instanceof Metric;
}
