import type { Layer, Model } from "@featuremap/layers";
import { Callback, type CallbackState, type LearningRateSchedule, type TrainingRun } from "@featuremap/training";
import { findHead } from "./network-head.ts";

/** What is done after the epochs of the last layer. */
export interface FreezeBaseConfig {
  /** Epochs in which the last layer learns alone. */
  readonly epochs: number;
  /** The learning rate of those that follow. */
  readonly learningRate: number | LearningRateSchedule;
}

/**
 * Lets the last layer learn alone for some epochs, and then all layers: what `base.trainable = False` does in Keras, and
 * compiling again afterwards.
 *
 * Frozen batch normalization keeps to its moving moments. When all layers begin to learn, the optimizer forgets what it
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
    const { epochs, learningRate } = this.#config;
    if (epoch < epochs) {
      this.#frozen = layersBefore(model).filter((layer) => layer.trainable);
      for (const layer of this.#frozen) layer.trainable = false;
    } else if (!this.#isTuning) {
      this.#stepsBefore = optimizer.iterations;
      optimizer.dispose();
      optimizer.learningRate = learningRate;
      this.#isTuning = true;
    }
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

  #thaw(): void {
    for (const layer of this.#frozen) layer.trainable = true;
    this.#frozen = [];
  }
}

/** All layers but the last that has weights. */
function layersBefore(model: Model): readonly Layer[] {
  const layers = leaves(model.layers);
  const head = findHead(model)?.dense ?? layers.findLast((layer) => layer.weights.length > 0);
  return layers.filter((layer) => layer !== head);
}

function leaves(layers: readonly Layer[]): readonly Layer[] {
  return layers.flatMap((layer) => (layer.innerLayers === null ? [layer] : leaves(layer.innerLayers)));
}
