import type { OptimizerData } from "@featuremap/formats";
import { Model } from "@featuremap/layers";
import { HostArray, InvalidConfigError } from "@featuremap/tensor";
import type { Variable } from "@tensorflow/tfjs-core";
import { classNameOf } from "../config/class-name.ts";
import { setOnce } from "../config/set-once.ts";
import { Optimizer } from "./optimizer.ts";
import { requireFinite } from "./finite-slots.ts";
import type { OptimizerState } from "./optimizer-state.ts";

const restoring = "restoreOptimizer";

/**
 * What an optimizer has learned of a model, as plain data, which `saveModel` of `@featuremap/formats` keeps with the model.
 *
 * `config` names its class, the batches it has seen, its learning rate where no schedule decides, and whether the weights
 * are their moving means; `variables` holds what it keeps for each weight, as `dense/kernel/momentum`.
 *
 * @throws {InvalidConfigError} what is given is not an optimizer and a model, or two weights have one path.
 */
export async function readOptimizer(optimizer: Optimizer, model: Model): Promise<OptimizerData> {
  checkBoth("readOptimizer", optimizer, model);
  const { slots, ...progress } = await optimizer.readState(trainable("readOptimizer", model));
  return { config: { className: classNameOf(optimizer), ...progress }, variables: slots };
}

/**
 * Goes on with what {@link readOptimizer} gave, of an optimizer with the same options and a model with the same weights.
 *
 * @throws {InvalidConfigError} the data are of another optimizer, or of other weights, or some are no finite numbers.
 * @throws {ShapeError} a variable does not fit its weight.
 */
export function restoreOptimizer(optimizer: Optimizer, model: Model, data: OptimizerData): void {
  checkBoth(restoring, optimizer, model);
  const { variables } = Object(data) as Partial<OptimizerData>;
  if (variables instanceof Map) {
    for (const [name, value] of variables) if (value instanceof HostArray) requireFinite(restoring, name, value);
  }
  resumeOptimizer(optimizer, model, data);
}

/** As {@link restoreOptimizer}, for the same training: whatever the numbers are, it goes on as if never interrupted. */
export function resumeOptimizer(optimizer: Optimizer, model: Model, data: OptimizerData): void {
  const owner = restoring;
  // What plain JavaScript may hand over.
  const { config, variables } = Object(data) as Partial<OptimizerData>;
  if (typeof config !== "object" || config === null || !(variables instanceof Map)) {
    throw new InvalidConfigError(owner, "data", "{ config, variables }, as readOptimizer gives", data);
  }
  const { className, ...progress } = config;
  if (className !== classNameOf(optimizer)) {
    throw new InvalidConfigError(owner, "config.className", classNameOf(optimizer), className);
  }
  optimizer.restoreState(trainable(owner, model), { ...progressOf(owner, progress), slots: variables });
}

function progressOf(owner: string, progress: Readonly<Record<string, unknown>>): Omit<OptimizerState, "slots"> {
  const { batches, learningRate, holdsMeans } = progress;
  const refuse = (name: string, expected: string, received: unknown): never => {
    throw new InvalidConfigError(owner, `config.${name}`, expected, received);
  };
  if (typeof batches !== "number" || !Number.isSafeInteger(batches) || batches < 0) {
    return refuse("batches", "an integer of at least 0", batches);
  }
  // Its range the optimizer checks.
  if (learningRate !== undefined && typeof learningRate !== "number") {
    return refuse("learningRate", "a number", learningRate);
  }
  if (holdsMeans !== undefined && typeof holdsMeans !== "boolean") {
    return refuse("holdsMeans", "true or false", holdsMeans);
  }
  return {
    batches,
    ...(learningRate === undefined ? {} : { learningRate }),
    ...(holdsMeans === undefined ? {} : { holdsMeans }),
  };
}

/** What plain JavaScript may hand over. */
function checkBoth(owner: string, optimizer: unknown, model: unknown): void {
  if (!(optimizer instanceof Optimizer)) throw new InvalidConfigError(owner, "optimizer", "an Optimizer", optimizer);
  if (!(model instanceof Model)) throw new InvalidConfigError(owner, "model", "a Model of @featuremap/layers", model);
}

/** The variables that an optimizer moves, by path. */
function trainable(owner: string, model: Model): ReadonlyMap<string, Variable> {
  const moved = new Set(model.trainableWeights);
  const variables = new Map<string, Variable>();
  for (const [path, weight] of model.namedWeights()) {
    if (moved.has(weight)) setOnce(owner, variables, path, weight.variable);
  }
  return variables;
}
