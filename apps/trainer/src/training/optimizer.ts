import {
  Adadelta,
  Adagrad,
  Adam,
  AdamW,
  Adamax,
  CosineDecay,
  type LearningRateSchedule,
  Lion,
  Nadam,
  OneCycle,
  type Optimizer,
  type OptimizerConfig,
  RMSprop,
  SGD,
  Warmup,
} from "@featuremap/training";
import { type LearningSettings, type OptimizerChoice, headLearningRate } from "./settings.ts";

type Config = Pick<OptimizerConfig, "learningRate" | "useEma" | "emaMomentum"> & { readonly weightDecay?: number };

const makers: Readonly<Record<OptimizerChoice, (config: Config, settings: LearningSettings) => Optimizer>> = {
  sgd: (config, { momentum, nesterov }) => new SGD({ ...config, momentum, nesterov }),
  rmsprop: (config) => new RMSprop(config),
  adam: (config) => new Adam(config),
  adamw: (config) => new AdamW(config),
  nadam: (config) => new Nadam(config),
  adamax: (config) => new Adamax(config),
  adagrad: (config) => new Adagrad(config),
  adadelta: (config) => new Adadelta(config),
  lion: (config) => new Lion(config),
};

/**
 * The optimizer that the settings ask for; where the last layer learns alone at first, with its learning rate.
 *
 * @param steps of an epoch
 */
export function makeOptimizer(settings: LearningSettings, steps: number): Optimizer {
  const { optimizer, weightDecay, ema, freezeEpochs } = settings;
  const config: Config = {
    learningRate: freezeEpochs > 0 ? headLearningRate(settings) : rateOf(settings, steps),
    ...(weightDecay === undefined ? {} : { weightDecay }),
    ...(ema === undefined ? {} : { useEma: true, emaMomentum: ema }),
  };
  return makers[optimizer](config, settings);
}

/**
 * The learning rate of the epochs in which all layers learn: a number where it stays, or where a callback moves it.
 *
 * @param steps of an epoch
 */
export function rateOf(settings: LearningSettings, steps: number): number | LearningRateSchedule {
  const { schedule, learningRate, warmup, warmupEpochs } = settings;
  const epochs = settings.epochs - settings.freezeEpochs;
  if (epochs === 0) return learningRate;
  const totalSteps = epochs * steps;
  const share = warmupEpochs === undefined ? warmup : Math.min(warmupEpochs / epochs, 1);
  if (schedule === "one-cycle") return oneCycle(learningRate, totalSteps, share);
  const warmupSteps = Math.round(share * totalSteps);
  const decaySteps = Math.max(1, totalSteps - warmupSteps);
  const following =
    schedule === "cosine" ? new CosineDecay({ initialLearningRate: learningRate, decaySteps }) : learningRate;
  if (warmupSteps === 0) return following;
  // The first step, too, is to learn something.
  return new Warmup({ learningRate: following, warmupSteps, initialLearningRate: learningRate / (warmupSteps + 1) });
}

/** Share of the steps in which the rate rises, where nobody says it. */
const usualRise = 0.3;
/** A rise takes two steps at least, and a fall one. */
const fewestSteps = 4;

function oneCycle(maxLearningRate: number, totalSteps: number, warmup: number): number | LearningRateSchedule {
  if (totalSteps < fewestSteps) return maxLearningRate;
  const rise = Math.max(warmup > 0 ? warmup : usualRise, 2 / totalSteps);
  return new OneCycle({ maxLearningRate, totalSteps, pctStart: Math.min(rise, 1 - 1 / totalSteps) });
}
