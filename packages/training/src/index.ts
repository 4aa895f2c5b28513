export { BackupAndRestore, type BackupAndRestoreConfig } from "./callbacks/backup/backup-and-restore.ts";
export {
  Callback,
  type CallbackRun,
  type EvaluationProgress,
  type Progress,
  type TrainingRun,
} from "./run/callback.ts";
export type { CallbackState } from "./run/callback-state.ts";
export { CSVLogger, type CSVLoggerConfig } from "./callbacks/csv-logger.ts";
export { EarlyStopping, type EarlyStoppingConfig } from "./callbacks/early-stopping.ts";
export { LambdaCallback, type LambdaCallbackConfig } from "./callbacks/lambda-callback.ts";
export {
  type EpochSchedule,
  LearningRateScheduler,
  type LearningRateSchedulerConfig,
} from "./callbacks/learning-rate-scheduler.ts";
export type { SaveFrequency } from "./run/every-batches.ts";
export type { Clock, Minutes } from "./run/every-minutes.ts";
export { ModelCheckpoint, type ModelCheckpointConfig } from "./callbacks/model-checkpoint.ts";
export type { MonitorMode } from "./run/monitor.ts";
export type { Verbosity } from "./callbacks/progress-lines.ts";
export { ReduceLROnPlateau, type ReduceLROnPlateauConfig } from "./callbacks/reduce-lr-on-plateau.ts";
export { SwapEMAWeights, type SwapEMAWeightsConfig } from "./callbacks/swap-ema-weights.ts";
export { TensorBoard, type TensorBoardConfig } from "./callbacks/tensor-board/tensor-board.ts";
export { TerminateOnNaN, type TerminateOnNaNConfig } from "./callbacks/terminate-on-nan.ts";
export { type FindBatchSizeOptions, findBatchSize } from "./trainer/search/find-batch-size.ts";
export {
  type FindLearningRateOptions,
  type LearningRateCurve,
  type LearningRateStep,
  findLearningRate,
} from "./trainer/search/find-learning-rate.ts";
export type { LearningRateSuggestions } from "./trainer/search/suggest-rates.ts";
export { type FineTuned, fineTune } from "./fine-tune/fine-tune.ts";
export type { FineTuneOptions } from "./fine-tune/fine-tune-options.ts";
export { type HeadChoice, type ModelEnd, findHead } from "./fine-tune/find-head.ts";
export type { Head } from "./fine-tune/head.ts";
export { type FitOnFeaturesOptions, fitOnFeatures } from "./fine-tune/fit-on-features.ts";
export type { CacheOptions } from "./fine-tune/cache-options.ts";
export { type UnfreezePlan, planUnfreezing } from "./fine-tune/unfreeze.ts";
export type { Unfreeze, UnfreezeOptions } from "./fine-tune/unfreeze-options.ts";
export type { History } from "./run/history.ts";
export { balancedClassWeight } from "./data/balanced-class-weight.ts";
export type { TrainingArrays } from "./data/kinds/array-batches.ts";
export type { ArrayData } from "./data/array-data.ts";
export type { PerName } from "./data/by-name.ts";
export type { BatchIterable, BatchMaker } from "./data/kinds/batch-iterable.ts";
export type { BatchTuple, GivenBatch } from "./data/kinds/given-batch.ts";
export type { ImageSet } from "./data/kinds/image-set.ts";
export type { InputData, LabelledData } from "./data/to-source.ts";
export type { ClassWeight } from "./data/training-batch.ts";
export type { MetricsPerOutput } from "./step/output-plan.ts";
export type { RunState } from "./run/run-state.ts";
export type { Logs, TotalsState } from "./run/logs.ts";
export { BinaryCrossentropy, type BinaryCrossentropyConfig } from "./losses/crossentropy/binary-crossentropy.ts";
export {
  BinaryFocalCrossentropy,
  type BinaryFocalCrossentropyConfig,
} from "./losses/crossentropy/binary-focal-crossentropy.ts";
export {
  CategoricalCrossentropy,
  type CategoricalCrossentropyConfig,
} from "./losses/crossentropy/categorical-crossentropy.ts";
export {
  CategoricalFocalCrossentropy,
  type CategoricalFocalCrossentropyConfig,
} from "./losses/crossentropy/categorical-focal-crossentropy.ts";
export { CategoricalHinge } from "./losses/hinge/categorical-hinge.ts";
export { CosineSimilarity, type CosineSimilarityConfig } from "./losses/regression/cosine-similarity.ts";
export { FunctionLoss, type FunctionLossConfig, type LossFunction } from "./losses/function-loss.ts";
export { Hinge } from "./losses/hinge/hinge.ts";
export { Huber, type HuberConfig } from "./losses/regression/huber.ts";
export { KLDivergence } from "./losses/regression/kl-divergence.ts";
export { LogCosh } from "./losses/regression/log-cosh.ts";
export { type LogitActivation, Loss, type LossConfig, type LossContext, lossOptions } from "./losses/loss.ts";
export { MeanAbsoluteError } from "./losses/regression/mean-absolute-error.ts";
export { MeanAbsolutePercentageError } from "./losses/regression/mean-absolute-percentage-error.ts";
export { MeanSquaredError } from "./losses/regression/mean-squared-error.ts";
export { MeanSquaredLogarithmicError } from "./losses/regression/mean-squared-logarithmic-error.ts";
export { Poisson } from "./losses/regression/poisson.ts";
export type { Reduction } from "./losses/reduction.ts";
export type { LossChoice, LossName } from "./losses/resolve-loss.ts";
export {
  SparseCategoricalCrossentropy,
  type SparseCategoricalCrossentropyConfig,
} from "./losses/crossentropy/sparse-categorical-crossentropy.ts";
export { SquaredHinge } from "./losses/hinge/squared-hinge.ts";
export { Accuracy } from "./metrics/accuracy/accuracy.ts";
export { AUC, type AUCConfig } from "./metrics/thresholds/auc.ts";
export { BinaryAccuracy, type BinaryAccuracyConfig } from "./metrics/accuracy/binary-accuracy.ts";
export { CategoricalAccuracy } from "./metrics/accuracy/categorical-accuracy.ts";
export {
  type ConfusionCountConfig,
  FalseNegatives,
  FalsePositives,
  TrueNegatives,
  TruePositives,
} from "./metrics/thresholds/confusion-counts.ts";
export { ConfusionMatrix, type ConfusionMatrixConfig } from "./metrics/confusion-matrix.ts";
export type { SummationMethod } from "./metrics/thresholds/curve-area.ts";
export { FBetaScore, type FBetaScoreConfig } from "./metrics/thresholds/f-beta-score.ts";
export { F1Score, type F1ScoreConfig } from "./metrics/thresholds/f1-score.ts";
export { MeanLoss, type MeanLossConfig } from "./metrics/mean-loss.ts";
export {
  type Direction,
  Metric,
  type MetricConfig,
  type MetricValue,
  metricOptions,
  weightsFor,
} from "./metrics/metric.ts";
export { MetricStream } from "./metrics/metric-stream.ts";
export { Precision, type PrecisionConfig, Recall, type RecallConfig } from "./metrics/thresholds/precision-recall.ts";
export type { MetricChoice, MetricName, MetricObject } from "./metrics/resolve-metric.ts";
export { RootMeanSquaredError } from "./metrics/root-mean-squared-error.ts";
export { SparseCategoricalAccuracy } from "./metrics/accuracy/sparse-categorical-accuracy.ts";
export {
  SparseTopKCategoricalAccuracy,
  TopKCategoricalAccuracy,
  type TopKConfig,
} from "./metrics/accuracy/top-k-accuracy.ts";
export { Adadelta, type AdadeltaConfig } from "./optimizers/adadelta.ts";
export { Adagrad, type AdagradConfig } from "./optimizers/adagrad.ts";
export { Adam, type AdamConfig } from "./optimizers/adam.ts";
export { AdamW, type AdamWConfig } from "./optimizers/adam-w.ts";
export { Adamax, type AdamaxConfig } from "./optimizers/adamax.ts";
export type { Clipping } from "./optimizers/parts/clip-gradients.ts";
export type { InPlaceRule } from "@featuremap/operations";
export { Lion, type LionConfig } from "./optimizers/lion.ts";
export { Nadam, type NadamConfig } from "./optimizers/nadam.ts";
export { type GradientPair, Optimizer, type UpdateStep, type WeightUpdate } from "./optimizers/optimizer.ts";
export type { DecayExclusion } from "./optimizers/parts/weight-decay.ts";
export { type OptimizerConfig, optimizerOptions } from "./optimizers/optimizer-config.ts";
export { readOptimizer, restoreOptimizer } from "./optimizers/optimizer-data.ts";
export type { OptimizerState } from "./optimizers/optimizer-state.ts";
export type { OptimizerName } from "./optimizers/resolve-optimizer.ts";
export { RMSprop, type RMSpropConfig } from "./optimizers/rms-prop.ts";
export { SGD, type SGDConfig } from "./optimizers/sgd.ts";
export { CosineDecay, type CosineDecayConfig } from "./schedules/cosine-decay.ts";
export { CosineDecayRestarts, type CosineDecayRestartsConfig } from "./schedules/cosine-decay-restarts.ts";
export { ExponentialDecay, type ExponentialDecayConfig } from "./schedules/exponential-decay.ts";
export { InverseTimeDecay, type InverseTimeDecayConfig } from "./schedules/inverse-time-decay.ts";
export { LearningRateSchedule, type ScheduleConfig, scheduleOptions } from "./schedules/learning-rate-schedule.ts";
export { OneCycle, type OneCycleConfig } from "./schedules/one-cycle.ts";
export { PiecewiseConstantDecay, type PiecewiseConstantDecayConfig } from "./schedules/piecewise-constant-decay.ts";
export { PolynomialDecay, type PolynomialDecayConfig } from "./schedules/polynomial-decay.ts";
export { Warmup, type WarmupConfig } from "./schedules/warmup.ts";
export { Trainer } from "./trainer/trainer.ts";
export type {
  ArrayEvaluateOptions,
  ArrayFitOptions,
  EvaluateOptions,
  FitOptions,
  PredictOptions,
  TestOnBatchOptions,
  TrainOnBatchOptions,
  TrainerConfig,
} from "./trainer/trainer-options.ts";
export { type TrainerFromKerasOptions, readKerasTraining, trainerFromKeras } from "./saving/keras-training.ts";
