import { InvalidConfigError, Option, type Options, type Shape, settleOptions } from "@featuremap/tensor";
import type { ConfigReader } from "../config/config-reader.ts";
import { float32Policy } from "../config/keras-object.ts";
import { requireShape } from "../config/options.ts";
import { requireName } from "../config/paths.ts";
import type { Regularizer, RegularizerName } from "../parts/regularizers.ts";
import { regularizerOption } from "./part-options.ts";

/** What every layer takes. */
export interface LayerConfig {
  /** Unique within a model. Without one, the model gives Keras's: `conv2d`, `conv2d_1`. */
  readonly name?: string | undefined;
  /** Whether optimizers may change the layer's weights. Default: true. */
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

const name = new Option<string | undefined, string | undefined>({
  check: (owner, option, given) => ((given ?? undefined) === undefined ? undefined : requireName(owner, given, option)),
  read: (saved: ConfigReader, key) => saved.string(key),
  write: (value) => value,
});

const dtype = new Option<"float32" | undefined, "float32" | undefined>({
  check: (owner, option, given) => {
    if (given === undefined || given === "float32") return given;
    throw new InvalidConfigError(owner, option, '"float32"', given);
  },
  read: (saved: ConfigReader) => saved.dtype(),
  write: () => float32Policy,
});

const shape = new Option<Shape | undefined, Shape | undefined>({
  check: (owner, option, given) => (given === undefined ? undefined : requireShape(owner, given, option)),
  read: (saved: ConfigReader, key) => saved.shape(key),
  write: (value) => value,
}).savedAs(null);

const declared = {
  name,
  trainable: Option.flag().default(true),
  dtype,
  inputShape: shape,
  batchInputShape: shape,
  activityRegularizer: regularizerOption(),
};

/** These options, beside those of your own layers: `static options = { power: Option.number(), ...layerOptions }`. */
export const layerOptions: Options<LayerConfig> = declared;

/** The same for layers of this package. */
export const commonOptions: Options<LayerConfig> & { readonly [ownMark]: true } = { [ownMark]: true, ...declared };

/** What of these options a layer works with. */
interface LayerValues {
  readonly name: string | undefined;
  readonly trainable: boolean;
  readonly activityRegularizer: Regularizer | null;
}

/** @throws {InvalidConfigError} one is not what it may be. */
export function settleLayerConfig(owner: string, config: LayerConfig): LayerValues {
  return settleOptions(owner, config, declared);
}
