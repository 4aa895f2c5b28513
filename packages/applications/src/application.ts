import type { Preprocessing } from "@featuremap/images";
import type { Model } from "@featuremap/layers";
import type { Backbone, WeightsOptions } from "./construction/backbone.ts";
import type { InputShape } from "./input-shape.ts";

/**
 * What a network's outputs are: a number for each class, or, of two classes, a single one for the second.
 *
 * Logits are any numbers; softmax makes probabilities of them, sigmoid of a single one.
 */
export type Outputs = "logits" | "probabilities" | "binaryLogits" | "binaryProbabilities";

/** Keras's losses of classes as indices, as one-hot rows, and as 0 or 1. */
export type ApplicationLoss = "sparseCategoricalCrossentropy" | "categoricalCrossentropy" | "binaryCrossentropy";

/** How the learning rate moves: not at all, down half a cosine wave, or up first and then down. */
export type RateSchedule = "constant" | "cosine" | "one-cycle";

/** How a network is trained where nobody says otherwise, in Keras's terms. */
export interface TrainingDefaults {
  readonly epochs: number;
  readonly batchSize: number;
  /** By Keras's name, with Keras's defaults for what is not given here. */
  readonly optimizer: "rmsprop" | "adam" | "adamw" | "sgd";
  /** Share of the last step's movement that `sgd` keeps. */
  readonly momentum?: number;
  /** Whether `sgd` takes the gradient where the momentum leads. */
  readonly nesterov?: boolean;
  /** Of all steps, or, where a schedule moves it, the highest. */
  readonly learningRate: number;
  readonly schedule: RateSchedule;
  /** Share of all steps in which the rate rises; 0 for a constant one. */
  readonly warmup: number;
  /** As Keras has it, apart from the gradient: a weight loses this share of itself, times the learning rate, in a step. */
  readonly weightDecay: number;
  /** Share of the target that is spread evenly over all classes. */
  readonly labelSmoothing: number;
  /** Which {@link augmentation} the training pictures go through. */
  readonly augment: AugmentLevel;
}

/** Names of {@link augmentation}. */
export type AugmentLevel = "none" | "light" | "strong";

/** What to build a network with. Each network's documentation names those that it takes. */
export interface BuildOptions {
  /** Default: the network's own. Numbers as `inputShape` of a layer. */
  readonly inputShape?: InputShape | undefined;
  /** How many classes to tell apart. Default: the network's own, if it has one. */
  readonly classes?: number | undefined;
  /** Makes first weights and dropout masks the same each time. An integer in [0, 2^32). */
  readonly seed?: number | undefined;
  /** The model's name. Default: the network's. */
  readonly name?: string | undefined;
  /** Filters of each convolution or stage, in order. */
  readonly filters?: readonly number[] | undefined;
  /** Share of the elements that each dropout layer drops, in [0, 1). */
  readonly dropout?: number | undefined;
}

/** A network for pictures: how it is built, what a picture has to become for it, and how it is trained. */
export interface Application {
  /** In lower case, as commands name it. */
  readonly name: string;
  /** A line for people. */
  readonly description: string;
  /** Where nobody says otherwise. */
  readonly inputShape: readonly [height: number, width: number, channels: number];
  /** Where nobody says otherwise; absent where it has to be said. */
  readonly classes?: number;
  /** How a picture becomes an input of `inputShape`; {@link preprocessingFor} tells it for other sizes. */
  readonly preprocessing: Preprocessing;
  readonly outputs: Outputs;
  /** Takes logits where `outputs` are logits. */
  readonly loss: ApplicationLoss;
  readonly defaults: TrainingDefaults;
  /** The network of Keras under its top, if it is made of one. */
  readonly backbone?: Backbone;
  /**
   * A new model. Needs no device.
   *
   * @throws {InvalidConfigError} an option is unknown, missing or outside its range.
   * @throws {ShapeError} pictures of this shape are too small for the network.
   */
  readonly build: (options?: BuildOptions) => Model;
  /**
   * The same with weights for its base, without the top: published ones, or those of a file. Absent where it has no `backbone`.
   *
   * Errors are those of `build` and of `load` of the backbone.
   */
  readonly load?: (options?: BuildOptions & WeightsOptions) => Promise<Model>;
}
