import { BatchNormalization, type Layer, type Model } from "@featuremap/layers";
import {
  Callback,
  type CallbackState,
  type LearningRateSchedule,
  type TrainingRun,
  planUnfreezing,
} from "@featuremap/training";
import { formatCounted } from "../../terminal/format.ts";
import { findLastDense } from "./network-head.ts";

/** What is done after the epochs of the last layer. */
export interface FreezeBaseConfig {
  /** Epochs in which the last layer learns alone. */
  readonly epochs: number;
  /** The learning rate of those that follow. */
  readonly learningRate: number | LearningRateSchedule;
  /** Whether batch normalization learns in those too; otherwise it keeps to its moving moments. */
  readonly trainBatchNormalization: boolean;
  /** Factor of their rate for each layer before the last, towards the input, in (0, 1]. */
  readonly learningRatePerDepth: number;
  /** Hears of what learns from the epoch on that follows. */
  readonly onNote?: ((text: string) => void) | undefined;
}

/**
 * Lets the last layer learn alone for some epochs, and then all layers: what `base.trainable = False` does in Keras, and
 * compiling again afterwards.
 *
 * What learns then, and how fast, is as with `fineTune`. Frozen batch normalization keeps to its moving moments. When all layers begin to learn, the optimizer forgets what it
 * remembers of the last one's gradients, and counts its steps from 0 again.
 * Layers are frozen from an epoch's begin to its end only: what is saved is a model of which all may learn.
 */
export class FreezeBase extends Callback {
  static override readonly className: string = "FreezeBase";
  readonly #config: FreezeBaseConfig;
  #run: TrainingRun | undefined;
  #frozen: readonly Layer[] = [];
  #isTuning = false;
  #stepsBefore = 0;

  constructor(config: FreezeBaseConfig) {
    super();
    this.#config = config;
  }

  /** Steps of the last layer alone, which the optimizer no longer counts. */
  get stepsBefore(): number {
    return this.#stepsBefore;
  }

  override onTrainBegin(run: TrainingRun): void {
    this.#run = run;
  }

  override onEpochBegin(epoch: number, { model, optimizer }: TrainingRun): void {
    const { epochs, learningRate, trainBatchNormalization, learningRatePerDepth, onNote } = this.#config;
    if (epoch < epochs) {
      this.#freeze(layersBefore(model));
      return;
    }
    const base = layersBefore(model).filter((layer) => layer.trainable);
    const { layers, rateFactors } = planUnfreezing(model, base, { trainBatchNormalization, learningRatePerDepth });
    const kept = base.filter((layer) => layer.weights.length > 0 && !layers.includes(layer));
    this.#freeze(kept);
    optimizer.scaleLearningRates(rateFactors);
    if (this.#isTuning) return;
    this.#isTuning = true;
    this.#stepsBefore = optimizer.iterations;
    optimizer.dispose();
    optimizer.learningRate = learningRate;
    if (epochs > 0) onNote?.(noteOf(epoch, layers.length, kept.length));
  }

  override onEpochEnd(): void {
    this.#thaw();
  }

  override onTrainExit(): void {
    this.#thaw();
  }

  override saveState(): CallbackState {
    return { values: { tuning: this.#isTuning ? 1 : 0, stepsBefore: this.#stepsBefore } };
  }

  override restoreState({ values }: CallbackState): void {
    this.#isTuning = values["tuning"] === 1;
    this.#stepsBefore = values["stepsBefore"] ?? 0;
    const { learningRate } = this.#config;
    // A plain one was restored with the optimizer, and may have been lowered since.
    if (this.#run && this.#isTuning && typeof learningRate !== "number")
      this.#run.optimizer.learningRate = learningRate;
  }

  #freeze(layers: readonly Layer[]): void {
    this.#frozen = layers.filter((layer) => layer.trainable);
    for (const layer of this.#frozen) layer.trainable = false;
  }

  #thaw(): void {
    for (const layer of this.#frozen) layer.trainable = true;
    this.#frozen = [];
  }
}

function noteOf(epoch: number, learning: number, kept: number): string {
  const note = `From epoch ${epoch + 1} on also trained: ${formatCounted(learning, "layer")} of the base`;
  if (kept === 0) return note;
  return `${note}, but not the ${kept} of batch normalization (--train-batch-normalization)`;
}

/** Layers of batch normalization before the last layer. */
export function countNormalizations(model: Model): number {
  return layersBefore(model).filter((layer) => layer instanceof BatchNormalization).length;
}

/** All layers but the last that has weights. */
function layersBefore(model: Model): readonly Layer[] {
  const layers = leaves(model.layers);
  const head = findLastDense(model)?.dense ?? layers.findLast((layer) => layer.weights.length > 0);
  return [...new Set(layers)].filter((layer) => layer !== head);
}

function leaves(layers: readonly Layer[]): readonly Layer[] {
  return layers.flatMap((layer) => (layer.innerLayers === null ? [layer] : leaves(layer.innerLayers)));
}
