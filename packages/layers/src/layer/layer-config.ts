import type { OptionNames, Shape } from "@featuremap/tensor";
import type { Regularizer, RegularizerName } from "../parts/regularizers.ts";

/** What every layer takes. */
export interface LayerConfig {
  /** Unique within a model. Without one, the model gives Keras's: `conv2d`, `conv2d_1`. */
  readonly name?: string | undefined;
  /** Whether optimizers may change the layer's weights; true unless said otherwise. */
  readonly trainable?: boolean | undefined;
  /** Weights and activations are float32. */
  readonly dtype?: "float32" | undefined;
  /** Shape of one input, without the batch axis; makes a Sequential's first layer its input too. */
  readonly inputShape?: Shape | undefined;
  /** The same with the batch axis. */
  readonly batchInputShape?: Shape | undefined;
  /** Adds to the training loss what the layer's output costs, divided by the batch size. */
  readonly activityRegularizer?: RegularizerName | Regularizer | null | undefined;
}

/** Tells the options of this package's layers, all of which hold those of every layer, from those of a user's own. */
export const ownMark: unique symbol = Symbol("own layer");

/** The names of these options. */
export const layerOptions: OptionNames<LayerConfig> & { readonly [ownMark]: true } = {
  [ownMark]: true,
  name: true,
  trainable: true,
  dtype: true,
  inputShape: true,
  batchInputShape: true,
  activityRegularizer: true,
};
