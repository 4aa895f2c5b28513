import { Huber } from "../losses/regression/huber.ts";

/** What a class needs at least, so that nothing but an option under test is wrong. */
export const leastOptions: Readonly<Record<string, object>> = {
  BackupAndRestore: { backupDir: "backup" },
  CSVLogger: { filename: "log.csv" },
  CosineDecay: { initialLearningRate: 1, decaySteps: 1 },
  CosineDecayRestarts: { initialLearningRate: 1, firstDecaySteps: 1 },
  ExponentialDecay: { initialLearningRate: 1, decaySteps: 1, decayRate: 1 },
  FunctionLoss: { fn: () => undefined },
  InverseTimeDecay: { initialLearningRate: 1, decaySteps: 1, decayRate: 1 },
  LearningRateScheduler: { schedule: () => 1 },
  MeanLoss: { loss: new Huber() },
  ModelCheckpoint: { filepath: "model" },
  OneCycle: { maxLearningRate: 1, totalSteps: 10 },
  PiecewiseConstantDecay: { boundaries: [1], values: [1, 2] },
  PolynomialDecay: { initialLearningRate: 1, decaySteps: 1 },
  Warmup: { learningRate: 1, warmupSteps: 1 },
};
