export { Callback, type EvaluationProgress, type Progress, type TrainingRun } from "./callbacks/callback.ts";
export { EarlyStopping, type EarlyStoppingConfig } from "./callbacks/early-stopping.ts";
export type { History } from "./history.ts";
export type { TrainingArrays } from "./loop/array-batches.ts";
export type { Logs } from "./loop/totals.ts";
export { BinaryCrossentropy, type BinaryCrossentropyConfig } from "./losses/binary-crossentropy.ts";
export { CategoricalCrossentropy, type CategoricalCrossentropyConfig } from "./losses/categorical-crossentropy.ts";
export { type LogitActivation, Loss, type LossContext } from "./losses/loss.ts";
export type { LossName } from "./losses/resolve-loss.ts";
export {
  SparseCategoricalCrossentropy,
  type SparseCategoricalCrossentropyConfig,
} from "./losses/sparse-categorical-crossentropy.ts";
export { BinaryAccuracy, type BinaryAccuracyConfig } from "./metrics/binary-accuracy.ts";
export { CategoricalAccuracy } from "./metrics/categorical-accuracy.ts";
export { type Direction, Metric } from "./metrics/metric.ts";
export type { MetricName } from "./metrics/resolve-metric.ts";
export { SparseCategoricalAccuracy } from "./metrics/sparse-categorical-accuracy.ts";
export { Adam, type AdamConfig } from "./optimizers/adam.ts";
export { AdamW, type AdamWConfig } from "./optimizers/adam-w.ts";
export type { InPlaceRule } from "./optimizers/in-place.ts";
export { Optimizer, type UpdateStep, type WeightUpdate } from "./optimizers/optimizer.ts";
export type { OptimizerName } from "./optimizers/resolve-optimizer.ts";
export { RMSprop, type RMSpropConfig } from "./optimizers/rms-prop.ts";
export { SGD, type SGDConfig } from "./optimizers/sgd.ts";
export {
  type EvaluateOptions,
  type FitOptions,
  type LabelledData,
  type PredictOptions,
  Trainer,
  type TrainerConfig,
} from "./trainer.ts";
