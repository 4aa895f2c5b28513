import type { Model } from "@featuremap/layers";
import { InvalidConfigError } from "@featuremap/tensor";
import { Loss } from "../losses/loss.ts";
import { type LossChoice, resolveLoss } from "../losses/resolve-loss.ts";
import { type Direction, Metric } from "../metrics/metric.ts";
import { type MetricChoice, type MetricRequest, requestMetrics } from "../metrics/resolve-metric.ts";
import { type SomePerName, orderSome, recordOf, withoutMap } from "../data/by-name.ts";

/** One metric, or those of an only output, or for several outputs a list for each, in their order or by their names. */
export type MetricsPerOutput =
  | MetricChoice
  | readonly MetricChoice[]
  | readonly (readonly MetricChoice[] | null)[]
  | Readonly<Record<string, MetricChoice | readonly MetricChoice[] | null>>
  | ReadonlyMap<string, MetricChoice | readonly MetricChoice[] | null>;

/** A metric of an output, and where its numbers stand in logs. */
export interface PlannedMetric extends MetricRequest {
  /** Before the metric's own keys in logs. */
  readonly prefix: string;
  /** Whether examples count as much as their sample weights and class weights say. */
  readonly weighted: boolean;
}

/** What one output of a model is judged by. */
export interface OutputPlan {
  /** Before the key of its loss in logs: empty for an only output. */
  readonly prefix: string;
  /** Absent for an output that adds nothing to the loss. */
  readonly loss: Loss | undefined;
  /** Share of its loss in the whole. */
  readonly weight: number;
  readonly metrics: readonly PlannedMetric[];
}

/** A number for each output, in their order or by name; null, or a name without a loss left out, for 1. */
export type LossWeights =
  | readonly (number | null)[]
  | Readonly<Record<string, number | null>>
  | ReadonlyMap<string, number | null>;

/** Losses and metrics as a trainer gets them. */
export interface PlanConfig {
  readonly loss?: SomePerName<LossChoice> | null | undefined;
  readonly lossWeights?: LossWeights | null | undefined;
  readonly metrics?: MetricsPerOutput | null | undefined;
  readonly weightedMetrics?: MetricsPerOutput | null | undefined;
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
  const weights = weightsFor(config.lossWeights, names, losses);
  const metrics = metricsFor("metrics", config.metrics, names);
  const weighted = metricsFor("weightedMetrics", config.weightedMetrics, names);
  const plans = losses.map((loss, index) => {
    const prefix = several ? `${names[index]}_` : "";
    return { prefix, loss, weight: weights[index] ?? 1, metrics: planned(prefix, metrics[index], weighted[index]) };
  });
  const keys = plans.flatMap((plan) => [
    ...(plan.loss ? [`${plan.prefix}loss`] : []),
    ...plan.metrics.map((each) => each.prefix + each.name),
  ]);
  const twice = keys.find((key, index) => keys.indexOf(key) < index);
  if (twice !== undefined) throw new InvalidConfigError("Trainer", "metrics", "of different names", twice);
  return plans;
}

/** A weighted metric whose key is taken gets `weighted_` before it, as in Keras. */
function planned(
  prefix: string,
  metrics: readonly MetricChoice[] = [],
  weighted: readonly MetricChoice[] = [],
): readonly PlannedMetric[] {
  const plain = requestMetrics(metrics).map((request) => ({ ...request, prefix, weighted: false }));
  const taken = new Set(plain.map(({ name }) => name));
  const others = requestMetrics(weighted, "weightedMetrics").map((request) => ({
    ...request,
    prefix: taken.has(request.name) ? `${prefix}weighted_` : prefix,
    weighted: true,
  }));
  return [...plain, ...others];
}

/** The names of a model's outputs. Undefined while it is not connected. */
export function outputNames(model: Model): readonly string[] | undefined {
  return model.connected ? model.outputNames : undefined;
}

/** The names of a model's inputs. Undefined while it is not connected. */
export function inputNames(model: Model): readonly string[] | undefined {
  return model.connected ? model.inputNames : undefined;
}

/** What the logs of an epoch will hold, as far as is known before the first batch. */
export function logDirections(
  plans: readonly OutputPlan[],
  validated: boolean,
): ReadonlyMap<string, Direction | undefined> {
  const own: [string, Direction | undefined][] = [["loss", "down"]];
  for (const { prefix, loss, metrics } of plans) {
    if (loss && hasSeveralLosses(plans)) own.push([`${prefix}loss`, "down"]);
    for (const metric of metrics) own.push([metric.prefix + metric.name, metric.direction]);
  }
  return new Map(validated ? [...own, ...own.map(([name, direction]) => [`val_${name}`, direction] as const)] : own);
}

/** Whether the loss of each output is logged too: where there is more than one. */
export function hasSeveralLosses(outputs: readonly { readonly loss: Loss | undefined }[]): boolean {
  return outputs.filter(({ loss }) => loss !== undefined).length > 1;
}

/** Names of the outputs that have neither loss nor metrics. */
export function unjudgedNames(model: Model, plans: readonly OutputPlan[]): readonly string[] | undefined {
  return outputNames(model)?.filter((_, index) => {
    const { loss, metrics = [] } = plans[index] ?? {};
    return loss === undefined && metrics.length === 0;
  });
}

/** The plans, if there is a loss among them. @throws {InvalidConfigError} there is none. */
export function requireLoss(owner: string, plans: readonly OutputPlan[]): readonly OutputPlan[] {
  if (plans.some(({ loss }) => loss !== undefined)) return plans;
  const expected = 'given to the Trainer, as in new Trainer(model, { loss: "sparseCategoricalCrossentropy" })';
  throw new InvalidConfigError(owner, "loss", expected, undefined);
}

function isLoss(value: unknown): value is LossChoice {
  return typeof value === "string" || typeof value === "function" || value instanceof Loss;
}

function lossesFor(given: PlanConfig["loss"], names: readonly string[] | undefined): readonly (Loss | undefined)[] {
  if (given === undefined || given === null) return (names ?? [""]).map(() => undefined);
  const choices = isLoss(given) ? (names ?? [""]).map(() => given) : orderSome("Trainer", "loss", given, isLoss, names);
  if (choices.every((choice) => choice === undefined)) {
    throw new InvalidConfigError("Trainer", "loss", "given for one output or more", "none");
  }
  // A loss object serves any number of outputs: it has no state.
  return choices.map((choice) => {
    const loss = choice && resolveLoss(choice);
    if (loss?.reduction !== "none") return loss;
    throw new InvalidConfigError("Trainer", "loss", "one whose reduction gives one number", "the reduction none");
  });
}

function weightsFor(
  found: PlanConfig["lossWeights"],
  names: readonly string[] | undefined,
  losses: readonly (Loss | undefined)[],
): readonly number[] {
  if (found === undefined || found === null) return losses.map(() => 1);
  const given = withoutMap(found) as Exclude<LossWeights, ReadonlyMap<string, unknown>>;
  const isNumber = (value: unknown): value is number => typeof value === "number";
  const mayLack = (name: string): boolean =>
    Array.isArray(given) || name in given || losses[names?.indexOf(name) ?? 0] === undefined;
  const weights = orderSome("Trainer", "lossWeights", given, isNumber, names, mayLack).map((weight) => weight ?? 1);
  const wrong = weights.find((weight) => !Number.isFinite(weight));
  if (wrong === undefined) return weights;
  throw new InvalidConfigError("Trainer", "lossWeights", "finite numbers", wrong);
}

function metricsFor(
  option: "metrics" | "weightedMetrics",
  given: MetricsPerOutput | null | undefined,
  names: readonly string[] | undefined,
): readonly (readonly MetricChoice[])[] {
  if (given === undefined || given === null) return [];
  if (isMetric(given)) return metricsFor(option, [given], names);
  const listOf = (choice: MetricChoice | readonly MetricChoice[] | null): readonly MetricChoice[] =>
    isMetric(choice) ? [choice] : (choice ?? []);
  if (!Array.isArray(given)) {
    const expected = "a metric, or a list, or a record of them by the outputs' names";
    const record = recordOf<MetricChoice | readonly MetricChoice[] | null>("Trainer", option, given, expected);
    const known = names ?? Object.keys(record);
    const unknown = Object.keys(record).find((key) => !known.includes(key));
    if (unknown !== undefined) {
      throw new InvalidConfigError("Trainer", option, `keyed by ${known.join(", ")}`, unknown);
    }
    return known.map((name) => listOf(record[name] ?? []));
  }
  const list = given as readonly (MetricChoice | readonly MetricChoice[] | null)[];
  const count = names?.length ?? 1;
  if (count === 1 && list.every(isMetric)) return [list];
  if (list.length === count) return list.map(listOf);
  throw new InvalidConfigError("Trainer", option, `${count} lists, one for each output`, list.length);
}

function isMetric(value: unknown): value is MetricChoice {
  return isLoss(value) || value instanceof Metric;
}
