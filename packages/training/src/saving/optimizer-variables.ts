import { HostArray, InvalidConfigError, formatShape, shapesEqual, sizeOf } from "@featuremap/tensor";
import type { Variable } from "@tensorflow/tfjs-core";
import { classNameOf } from "../config/class-name.ts";
import type { ConfiguredClass } from "../config/configured.ts";
import { Adadelta } from "../optimizers/adadelta.ts";
import { Adagrad } from "../optimizers/adagrad.ts";
import { AdamW } from "../optimizers/adam-w.ts";
import { Adam } from "../optimizers/adam.ts";
import { Adamax } from "../optimizers/adamax.ts";
import { Lion } from "../optimizers/lion.ts";
import { Nadam } from "../optimizers/nadam.ts";
import { requireFinite } from "../optimizers/finite-slots.ts";
import type { Optimizer } from "../optimizers/optimizer.ts";
import { RMSprop } from "../optimizers/rms-prop.ts";
import { SGD } from "../optimizers/sgd.ts";

/**
 * What Keras keeps for the weights beside the count and the rate: lists of slots, each list a weight after the other, and of a
 * weight one slot after the other. Source: `build` of Keras 3.15's optimizers.
 */
function slotLists(optimizer: Optimizer): readonly (readonly string[])[] {
  const { use_ema: means, gradient_accumulation_steps: accumulated } = optimizer.getConfig();
  // One batch to a step is what Keras leaves unsaid, and then it keeps sums all the same.
  const common = [...(means === true ? [["average"]] : []), ...(accumulated === null ? [] : [["gradientSum"]])];
  return [...common, ...ownLists(optimizer)];
}

function ownLists(optimizer: Optimizer): readonly (readonly string[])[] {
  if (optimizer instanceof SGD) return optimizer.momentum === 0 ? [] : [["momentum"]];
  if (optimizer instanceof RMSprop) {
    return [
      ["velocity"],
      ...(optimizer.momentum > 0 ? [["momentum"]] : []),
      ...(optimizer.centered ? [["averageGradient"]] : []),
    ];
  }
  if (optimizer instanceof Adam) return [["momentum", "velocity"], ...(optimizer.amsgrad ? [["velocityHat"]] : [])];
  if (optimizer instanceof Nadam) return [["momentum", "velocity"]];
  if (optimizer instanceof Adagrad) return [["accumulator"]];
  if (optimizer instanceof Adadelta) return [["accumulatedGradient", "accumulatedDelta"]];
  if (optimizer instanceof Adamax) return [["momentum", "norm"]];
  if (optimizer instanceof Lion) return [["momentum"]];
  throw new InvalidConfigError("readKerasTraining", "optimizer", "one that Keras has", classNameOf(optimizer));
}

/** The optimizers that Keras has too. */
export const kerasOptimizers: readonly ConfiguredClass<Optimizer>[] = [
  SGD,
  RMSprop,
  Adam,
  AdamW,
  Adagrad,
  Adadelta,
  Adamax,
  Nadam,
  Lion,
];

/**
 * An optimizer's variables in Keras's order.
 *
 * @param variables those that it moves, by path, in the order of the model
 * @throws {InvalidConfigError} Keras has no such optimizer, or the weights are their moving means.
 */
export async function readVariables(
  optimizer: Optimizer,
  variables: ReadonlyMap<string, Variable>,
): Promise<readonly HostArray[]> {
  if (optimizer.holdsMeans) {
    const received = "means in the weights' places: call swapMovingMeans first";
    throw new InvalidConfigError("readKerasTraining", "optimizer", "with its weights in place", received);
  }
  const { batches, slots, learningRate } = await optimizer.readState(variables);
  const start = optimizer instanceof Adagrad ? Number(optimizer.getConfig()["initial_accumulator_value"]) : 0;
  const list: HostArray[] = [new HostArray(Int32Array.of(batches), [])];
  if (learningRate !== undefined) list.push(scalar(learningRate));
  for (const names of slotLists(optimizer)) {
    for (const [path, { shape }] of variables) {
      for (const name of names) {
        // What no gradient has reached has no slots here; Keras has those of the beginning.
        const first = name === "accumulator" ? start : 0;
        list.push(slots.get(`${path}/${name}`) ?? new HostArray(new Float32Array(sizeOf(shape)).fill(first), shape));
      }
    }
  }
  if (optimizer instanceof Nadam) list.push(scalar(productOfShares(optimizer.beta1, optimizer.iterations)));
  return list;
}

/** How many variables Keras's optimizer keeps for so many weights. */
export function countVariables(optimizer: Optimizer, weights: number): number {
  const own = slotLists(optimizer).reduce((sum, names) => sum + names.length, 0);
  return 1 + (optimizer.schedule === undefined ? 1 : 0) + own * weights + (optimizer instanceof Nadam ? 1 : 0);
}

/**
 * Goes on where Keras's optimizer stood.
 *
 * @param saved as many as {@link countVariables} says
 * @throws {InvalidConfigError} there are other variables than such an optimizer has, or some that are no finite numbers.
 */
export function restoreVariables(
  optimizer: Optimizer,
  variables: ReadonlyMap<string, Variable>,
  saved: readonly HostArray[],
): void {
  const fail = (option: string, expected: string, received: unknown): never => {
    throw new InvalidConfigError("trainerFromKeras", option, expected, received);
  };
  const rest = saved.values();
  const next = (name: string, shape: readonly number[]): HostArray => {
    const { value } = rest.next();
    if (value === undefined) return fail("variables", `those of ${classNameOf(optimizer)}, with ${name}`, saved.length);
    if (!shapesEqual(value.shape, shape)) return fail(`variable ${name}`, formatShape(shape), formatShape(value.shape));
    requireFinite("trainerFromKeras", name, value);
    return value;
  };
  const number = (name: string): number => next(name, []).data[0] ?? Number.NaN;
  const batches = number("iteration");
  if (!(Number.isSafeInteger(batches) && batches >= 0)) fail("variable iteration", "an integer of at least 0", batches);
  const learningRate = optimizer.schedule === undefined ? number("learning_rate") : undefined;
  const slots = new Map<string, HostArray>();
  for (const names of slotLists(optimizer)) {
    for (const [path, { shape }] of variables) {
      for (const name of names) slots.set(`${path}/${name}`, next(`${path}/${name}`, shape));
    }
  }
  if (optimizer instanceof Nadam) number("u_product");
  const kept = keepsSums(optimizer) ? slots : withoutSums(slots);
  optimizer.restoreState(variables, { batches, slots: kept, ...(learningRate === undefined ? {} : { learningRate }) });
}

/** One batch to a step needs no sums here. */
function keepsSums(optimizer: Optimizer): boolean {
  return Number(optimizer.getConfig()["gradient_accumulation_steps"] ?? 1) > 1;
}

function withoutSums(slots: ReadonlyMap<string, HostArray>): Map<string, HostArray> {
  return new Map([...slots].filter(([name]) => !name.endsWith("/gradientSum")));
}

function scalar(value: number): HostArray {
  return new HostArray(Float32Array.of(value), []);
}

/** What Nadam has multiplied up to a step, rounded as Keras rounds it. */
function productOfShares(beta1: number, steps: number): number {
  let product = 1;
  for (let step = 1; step <= steps; step++) {
    const share = Math.fround(1 - Math.fround(0.5 * Math.fround(Math.fround(0.96) ** step)));
    product = Math.fround(Math.fround(product * Math.fround(beta1)) * share);
  }
  return product;
}
