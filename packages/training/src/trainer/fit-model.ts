import type { Model } from "@featuremap/layers";
import type { Settled } from "@featuremap/tensor";
import type { ModelEnds } from "../data/ordered-arrays.ts";
import type { TrainingSource } from "../data/training-batch.ts";
import { type EpochChoice, fitEpochs } from "../loop/fit-epochs.ts";
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
  readonly optimizer: Optimizer;
  readonly outputs: readonly OutputPlan[];
  /** As `toSource` takes them. */
  readonly data: unknown;
  readonly options: Settled<typeof fitOptions>;
  /** Decides the order of arrays that come without a seed. Default: the model's. */
  readonly seed?: number | undefined;
  /** Makes what some epochs work on instead, of what they would train on. */
  readonly instead?: ((source: TrainingSource) => EpochChoice) | undefined;
}

/** Trains a model for some epochs; throws as `Trainer.fit`. */
export async function fitModel(call: FitCall): Promise<History> {
  const { model, optimizer, outputs, data, options, seed = model.config.seed, instead } = call;
  const owner = "Trainer.fit";
  const plans = requireLoss(owner, outputs);
  const { epochs, initialEpoch, signal } = options;
  const ending = new TrainingEnd(owner, signal, options.timeLimit, clock);
  const callbacks = callbackList(owner, options);
  const fitted = await fitData(data, options, endsOf(model, plans), seed);
  const { training: source, validation, validates, pictures } = fitted;
  await prepare(owner);
  const logs = logDirections(plans, validation !== undefined);
  const { all } = callbacks;
  const run = new FitRun({ model, optimizer, source, initialEpoch, epochs, callbacks: all, logs, pictures });
  const parts = { model, optimizer, outputs: plans, source, validation, validates, callbacks };
  return fitEpochs({ ...parts, signal, ending, clock, ranks: soleProcess, instead: instead?.(source) }, run);
}

/** What data must fit. */
export function endsOf(model: Model, outputs: readonly OutputPlan[]): ModelEnds {
  const unjudged = unjudgedNames(model, outputs);
  const inputShapes = model.connected ? model.inputs.map(({ shape }) => shape.slice(1)) : undefined;
  return { inputs: inputNames(model), outputs: outputNames(model), unjudged, inputShapes };
}
