import type { TrainAndTest } from "@featuremap/datasets";
import type { Model } from "@featuremap/layers";
import type { LossName, Optimizer } from "@featuremap/training";

/** A task that can be trained by its name: data, network, and how it learns. */
export interface Preset {
  readonly name: string;
  /** What the dataset's images are, for messages: "digits". */
  readonly imagesAre: string;
  /** What the user need not give. The seed is fixed, so that a first try gives the accuracy that is promised. */
  readonly defaults: {
    readonly epochs: number;
    readonly batchSize: number;
    readonly learningRate: number;
    readonly seed: number;
  };
  /** By the name that the trainer knows it. */
  readonly loss: LossName;
  /** Name of the optimizer's class, for the provenance. */
  readonly optimizer: string;
  load(): Promise<TrainAndTest>;
  /** The network, its first weights drawn from the seed. */
  buildModel(seed: number): Model;
  createOptimizer(learningRate: number): Optimizer;
}
