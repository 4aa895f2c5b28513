import type { Preprocessing } from "@featuremap/images";
import type { ActivationName, Model } from "@featuremap/layers";
import type { HostArray } from "@featuremap/tensor";
import type { InputShape } from "../input-shape.ts";

/** What every backbone takes, by Keras's names. */
export interface BackboneOptions {
  /** Whether the layers that tell classes apart are there; without them the outputs are features. Default: true. */
  readonly includeTop?: boolean | undefined;
  /** Height, width and channels. Default: Keras's own with the top, and pictures of any size without it. */
  readonly inputShape?: InputShape | null | undefined;
  /** Without the top: means or maxima of each feature over the whole picture, or `null` for the maps as they are. Default: `null`. */
  readonly pooling?: "avg" | "max" | null | undefined;
  /** How many classes the top tells apart. Default: 1000. */
  readonly classes?: number | undefined;
  /** Of the top; `null` for logits. Default: `softmax`. */
  readonly classifierActivation?: ActivationName | null | undefined;
  /** The model's name. Default: Keras's. */
  readonly name?: string | null | undefined;
  /** Makes first weights and dropout masks the same each time. An integer in [0, 2^32). */
  readonly seed?: number | undefined;
}

/** These options checked, with defaults. */
export interface BackboneSettings {
  readonly includeTop: boolean;
  readonly inputShape: InputShape;
  readonly pooling: "avg" | "max" | null;
  readonly classes: number;
  readonly classifierActivation: ActivationName;
  /** The model's; empty while Keras's is worked out. */
  readonly name: string;
}

/** Where weights come from. */
export interface WeightsOptions {
  /** A path in Node, an http(s) address, in a page also a relative one; bytes; or a `Blob`. */
  readonly weights: string | URL | Uint8Array | Blob;
  /** Ends the loading. */
  readonly signal?: AbortSignal | undefined;
}

/** A network of Keras's applications. */
export interface Backbone<Options extends BackboneOptions = BackboneOptions> {
  /**
   * A new model with random weights, layer for layer Keras's. Needs no device.
   *
   * @throws {InvalidConfigError} an option is unknown or outside its range, or the pictures are too small for the network.
   */
  (options?: Options): Model;
  /**
   * The same model with the weights of a file that Keras has saved for this very network: its published ones, an older `.h5` or
   * a `.weights.h5` file. Needs no device. A network made with other options than the file's is refused, none of its weights changed.
   *
   * As with a file in Keras, EfficientNet is built without the scaling that Keras adds for its published weights alone.
   *
   * @throws {InvalidConfigError} as the function itself, or `weights` is not a location.
   * @throws {UnavailableError} the file is absent or cannot be reached.
   * @throws {FormatError} the weights do not fit, or the file is damaged.
   * @throws {AbortedError} the signal was raised.
   */
  readonly load: (options: Options & WeightsOptions) => Promise<Model>;
  /** How a picture becomes an input of the network's own size; `preprocessingFor` tells it for other sizes. */
  readonly preprocessing: Preprocessing;
  /**
   * Pictures of 0 to 255, red first, as the network takes them. Keras's `preprocess_input`.
   *
   * @param images of shape `[..., height, width, 3]`
   * @throws {ShapeError} the last axis is another.
   */
  readonly preprocessInput: (images: HostArray) => HostArray<Float32Array>;
}
