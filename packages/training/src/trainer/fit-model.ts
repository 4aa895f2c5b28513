import type { KnownPictures } from "@featuremap/formats";
import type { Model } from "@featuremap/layers";
import type { Settled } from "@featuremap/tensor";
import type { ModelEnds } from "../data/ordered-arrays.ts";
import { fitEpochs } from "../loop/fit-epochs.ts";
import { FitRun } from "../loop/fit-run.ts";
import { TrainingEnd } from "../loop/time-limit.ts";
import type { Optimizer } from "../optimizers/optimizer.ts";
import type { Clock } from "../run/every-minutes.ts";
import type { History } from "../run/history.ts";
import { soleProcess } from "../step/gradient-exchange.ts";
import {
  type OutputPlan,
  inputNames,
  logDirections,
  outputNames,
  requireLoss,
  unjudgedNames,
} from "../step/output-plan.ts";
import { callbackList } from "./call-options.ts";
import { fitData } from "./fit-data.ts";
import { prepare } from "./prepare.ts";
import type { fitOptions } from "./trainer-options.ts";

/** The only clock that training goes by; everything below is given it. */
export const clock: Clock = () => performance.now();

/** What a call of `fit` trains, and how. */
export interface FitCall {
  readonly model: Model;
  /** What callbacks see and save, where it is more than what is trained. Default: the model. */
  readonly shown?: Model | undefined;
  readonly optimizer: Optimizer;
  readonly outputs: readonly OutputPlan[];
  /** As `toSource` takes them. */
  readonly data: unknown;
  readonly options: Settled<typeof fitOptions>;
  /** Decides the order of arrays that come without a seed. Default: the model's. */
  readonly seed?: number | undefined;
  /** What is known of the pictures. Default: what the data tell. */
  readonly pictures?: KnownPictures | undefined;
}

/** Trains a model for some epochs; throws as `Trainer.fit`. */
export async function fitModel(call: FitCall): Promise<History> {
  const { model, shown = model, optimizer, outputs, data, options, seed = model.config.seed } = call;
  const owner = "Trainer.fit";
  const plans = requireLoss(owner, outputs);
  const { epochs, initialEpoch, signal } = options;
  const ending = new TrainingEnd(owner, signal, options.timeLimit, clock);
  const callbacks = callbackList(owner, options);
  const fitted = await fitData(data, options, endsOf(model, plans), seed);
  const { training: source, validation, validates } = fitted;
  const pictures = call.pictures ?? fitted.pictures;
  await prepare(owner);
  const logs = logDirections(plans, validation !== undefined);
  const { all } = callbacks;
  const run = new FitRun({ model: shown, optimizer, source, initialEpoch, epochs, callbacks: all, logs, pictures });
  const parts = { model, optimizer, outputs: plans, source, validation, validates, callbacks };
  return fitEpochs({ ...parts, signal, ending, clock, ranks: soleProcess }, run);
}

/** What data must fit. */
export function endsOf(model: Model, outputs: readonly OutputPlan[]): ModelEnds {
  const unjudged = unjudgedNames(model, outputs);
  const inputShapes = model.connected ? model.inputs.map(({ shape }) => shape.slice(1)) : undefined;
  return { inputs: inputNames(model), outputs: outputNames(model), unjudged, inputShapes };
}
