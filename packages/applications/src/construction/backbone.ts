import type { Preprocessing } from "@featuremap/images";
import type { ActivationName, Model } from "@featuremap/layers";
import type { HostArray } from "@featuremap/tensor";
import type { InputShape } from "../input-shape.ts";
import type { PublishedOptions } from "../published/published-options.ts";

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
  /** Whether it is made for Keras's published weights, for which Keras builds some networks otherwise. */
  readonly imagenet: boolean;
  /** The model's; empty while Keras's is worked out. */
  readonly name: string;
}

/** Where weights come from. */
export interface WeightsOptions extends PublishedOptions {
  /**
   * `"imagenet"` for those that Keras publishes for this network, or a file of weights: a path in Node, an http(s) address, in a page
   * also a relative one; bytes; or a `Blob`. Default: `"imagenet"`.
   */
  readonly weights?: string | URL | Uint8Array | Blob | undefined;
  /**
   * How many bytes a file of `weights` may have. Default: 2 GiB less one; from an http(s) address no more than 16 for each of the
   * network's weights and 64 MiB, which is enough for a whole model with its optimizer.
   */
  readonly limits?: { readonly weightsBytes?: number | undefined } | undefined;
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
   * The same model with weights that Keras has published or saved for this very network. Needs no device.
   *
   * `weights: "imagenet"` takes the published file of Keras 3.15: from `~/.keras/models` (`KERAS_HOME`), where Keras may have put
   * it, from the cache, or from the network, and checks its hash, of which MobileNet and MobileNetV2 have none. In a page it comes
   * from the network each time, without that check, as pages have no MD5. It needs 1000 classes and the published size with the top,
   * 3 channels, and a width that was published. MobileNet and MobileNetV2 take the weights for pictures of 224x224 where the
   * size was not published; EfficientNetB0 to B7 scale their input as Keras has it for these weights alone.
   *
   * Otherwise `weights` is a file: an older `.h5` or a `.weights.h5` one. A network made with other options than the file's is
   * refused. Either way the top's activation is softmax or `null`.
   *
   * @throws {InvalidConfigError} as the function itself, `weights` is not a location, or none are published for these options.
   * @throws {UnavailableError} the file is absent or cannot be reached; one line says which published file to put where.
   * @throws {FormatError} the weights do not fit, or the file is damaged or of another hash.
   * @throws {AbortedError} the signal was raised.
   */
  readonly load: (options?: Options & WeightsOptions) => Promise<Model>;
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
