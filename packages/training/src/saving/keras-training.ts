import type { KerasTraining } from "@featuremap/formats";
import { Model } from "@featuremap/layers";
import { HostArray, InvalidConfigError, type OptionNames, checkOptions } from "@featuremap/tensor";
import type { Variable } from "@tensorflow/tfjs-core";
import { classNameOf } from "../config/class-name.ts";
import { setOnce } from "../config/set-once.ts";
import { warn } from "../run/say.ts";
import { Trainer } from "../trainer/trainer.ts";
import { readCompileConfig, writeCompileConfig } from "./compile-config.ts";
import { countVariables, readVariables, restoreVariables } from "./optimizer-variables.ts";

/**
 * How a model is trained and how far its optimizer has come, as Keras's files hold it: `saveKeras(model, path, { training })` of
 * `@featuremap/formats/keras` writes it, and Keras goes on with the same losses.
 *
 * @throws {InvalidConfigError} what is given is not a trainer, or an optimizer, loss or metric is one that Keras does not have.
 */
export async function readKerasTraining(trainer: Trainer): Promise<KerasTraining> {
  if (!(trainer instanceof Trainer)) {
    throw new InvalidConfigError("readKerasTraining", "trainer", "a Trainer", trainer);
  }
  const { model, optimizer, config } = trainer;
  const compile = writeCompileConfig(optimizer, config);
  return { compile, variables: await readVariables(optimizer, moved("readKerasTraining", model)) };
}

/** Who hears of what cannot go on. */
export interface TrainerFromKerasOptions {
  /** Hears that the optimizer starts anew, in a sentence. Default: a warning on the console, as Keras gives it. */
  readonly onNote?: ((sentence: string) => void) | undefined;
}

const optionNames: OptionNames<TrainerFromKerasOptions> = { onNote: true };

/**
 * A trainer that goes on where Keras stopped, with the model and `training` that `loadKeras` of `@featuremap/formats/keras` gives.
 *
 * Where the optimizer has not as many variables as the weights that are trained now need, as after freezing or unfreezing
 * layers without compiling again, it starts anew as in Keras, and `onNote` hears of it, unless it never took a step.
 *
 * Losses are not scaled as Keras's `LossScaleOptimizer` does, since all is computed in float32: the optimizer inside it goes on.
 *
 * @throws {InvalidConfigError} the model was never compiled, so that there is no `training`; or an optimizer, loss, metric or schedule is not here;
 * or the optimizer's variables are as many as it has, but of other shapes or no finite numbers; or an option is not what it may be.
 * @throws {NotReadyError} no device is open.
 */
export function trainerFromKeras(
  model: Model,
  training: KerasTraining | undefined,
  options: TrainerFromKerasOptions = {},
): Trainer {
  const owner = "trainerFromKeras";
  if (!(model instanceof Model)) throw new InvalidConfigError(owner, "model", "a Model of @featuremap/layers", model);
  // What plain JavaScript may hand over.
  const { compile, variables = [] } = Object(training) as Partial<KerasTraining>;
  const isList = Array.isArray(variables) && variables.every((variable) => variable instanceof HostArray);
  if (typeof compile !== "object" || compile === null || !isList) {
    throw new InvalidConfigError(owner, "training", "{ compile, variables }, as loadKeras gives", training);
  }
  checkOptions(owner, options, optionNames);
  const { onNote = warn } = options;
  if (typeof onNote !== "function") throw new InvalidConfigError(owner, "onNote", "a function", onNote);
  const trainer = new Trainer(model, readCompileConfig(compile));
  // Keras has written none for an optimizer that never took a step.
  if (variables.length === 0) return trainer;
  const { optimizer } = trainer;
  const [weights, saved] = [moved(owner, model), withoutScaling(variables)];
  const expected = countVariables(optimizer, weights.size);
  if (saved.length === expected) restoreVariables(optimizer, weights, saved);
  // Before the first step there is nothing to go on from; Keras then saves only the count of steps and the rate.
  else if (saved[0]?.data[0] !== 0) {
    onNote(
      `The optimizer starts anew: ${saved.length} variables of ${classNameOf(optimizer)} are saved, and the weights that are ` +
        `trained now need ${expected}, as after freezing or unfreezing layers without compiling again.`,
    );
  }
  return trainer;
}

/**
 * An optimizer's variables without those of Keras's `LossScaleOptimizer` around it, which also `mixed_float16` puts there: steps and
 * scale, then iterations and rate of its own; before the first step only the latter.
 */
function withoutScaling(variables: readonly HostArray[]): readonly HostArray[] {
  const isCount = (place: number): boolean =>
    variables[place]?.shape.length === 0 && variables[place].dtype === "int32";
  return isCount(0) && isCount(2) ? variables.slice(isCount(4) ? 4 : 2) : variables;
}

/** The variables that an optimizer moves, by path, in Keras's order. */
function moved(owner: string, model: Model): ReadonlyMap<string, Variable> {
  const paths = new Map([...model.namedWeights()].map(([path, weight]) => [weight, path]));
  const variables = new Map<string, Variable>();
  for (const weight of model.trainableWeights) {
    setOnce(owner, variables, paths.get(weight) ?? weight.name, weight.variable);
  }
  return variables;
}
