import type { ApplicationLoss, Outputs, TrainingDefaults } from "@featuremap/applications";
import type { Preprocessing } from "@featuremap/images";
import type { Model, OutputMeaning } from "@featuremap/layers";
import type { PixelSize } from "../../options/option.ts";

/** A network that is to be trained, and what it takes. */
export interface Network {
  /** "small", or where a saved model lies. */
  readonly name: string;
  /** Why it and why pictures of this size, in words for the user. */
  readonly reasons: { readonly network: string; readonly imageSize: string };
  readonly preprocessing: Preprocessing;
  readonly outputs: Outputs;
  /** That of its document. */
  readonly loss: ApplicationLoss;
  readonly defaults: TrainingDefaults;
  /** What the network has learned already; absent where all its weights are new. */
  readonly base?: {
    /** Whether its last layer is new, for other classes. */
    readonly hasNewHead: boolean;
    /** What its outputs mean, where that was said when it was saved, and still holds. */
    readonly outputs?: OutputMeaning | undefined;
  };
  /** A model with first weights of that seed, or with those that it was saved with. */
  build(seed: number): Promise<Model>;
}

/** What the user says of it. */
export interface NetworkOptions {
  /** Name of an application, or path of a saved model. */
  readonly model?: string | undefined;
  readonly imageSize?: PixelSize | "auto" | undefined;
  /** How a picture becomes the input of a saved model whose file does not tell: a word, or a JSON file. */
  readonly preprocessing?: string | undefined;
  /** For a backbone: `imagenet` for the weights that Keras has published, or file or address of some that it saved. */
  readonly weights?: string | undefined;
  /** Whether a checkpoint holds all weights, so that none are to be read. */
  readonly isBegun?: boolean;
  /** Ends the download of weights. */
  readonly signal?: AbortSignal | undefined;
  /** Hears of weights that are downloaded. */
  readonly onDownload?: ((loaded: number, total: number | undefined) => void) | undefined;
}
