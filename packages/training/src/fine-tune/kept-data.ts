import type { KnownPictures } from "@featuremap/formats";
import type { Model } from "@featuremap/layers";
import { RandomStream } from "@featuremap/tensor";
import { BatchedSource } from "../data/kinds/batched-source.ts";
import type { DataSource } from "../data/kinds/data-source.ts";
import type { TrainingSource } from "../data/training-batch.ts";
import { type FeatureSet, FeatureSource } from "./feature-source.ts";
import { type FeatureType, keepFeatures } from "./keep-features.ts";

/** Pictures, and what makes features of them. */
export interface Pictures {
  readonly training: DataSource;
  readonly validation: DataSource | undefined;
  readonly extractor: Model;
  /** The model's, which orders arrays that have none. */
  readonly seed: number | undefined;
  /** Hears what is done. */
  readonly note: (text: string) => void;
}

/** How features are kept. */
export interface KeepingOptions {
  readonly batchSize?: number | undefined;
  readonly validationBatchSize?: number | undefined;
  readonly shuffle?: boolean | undefined;
  readonly cacheBytes: number;
  readonly copies: number;
  readonly signal?: AbortSignal | undefined;
}

/** Features in place of pictures. */
export interface KeptData {
  readonly training: FeatureSource;
  readonly validation: FeatureSource | undefined;
  readonly pictures: KnownPictures | undefined;
}

/**
 * The base's features of training and validation data, computed once; undefined where they cannot be kept.
 *
 * @throws {AbortedError} the signal was raised.
 */
export async function keptData(given: Pictures, options: KeepingOptions): Promise<KeptData | undefined> {
  const { training, validation, extractor, note } = given;
  const { copies, cacheBytes, signal } = options;
  if (training.once || validation?.once) {
    note("Features are not kept, for the data come but once.");
    return undefined;
  }
  const { batchSize = training.ownOrder.batchSize ?? 32, validationBatchSize } = options;
  training.refuse("fineTune", { batchSize: options.batchSize, shuffle: options.shuffle });
  const pictures = training.batches({ batchSize, shuffle: false });
  const judged = validation?.batches({
    batchSize: validationBatchSize ?? validation.ownOrder.batchSize ?? batchSize,
    shuffle: false,
  });
  const examples = pictures.size * copies + (judged?.size ?? 0);
  const each = extractor.output.shape.slice(1).reduce<number>((product, length) => product * (length ?? Infinity), 1);
  const type = typeWithin(examples * each, cacheBytes);
  if (type === undefined) {
    const wanted = Number.isFinite(examples * each) ? `${2 * examples * each} bytes` : "an unknown number of bytes";
    note(`Features are not kept, for they would take ${wanted}, of ${cacheBytes} that are allowed (cacheBytes).`);
    return undefined;
  }
  const how = { extractor, type, signal };
  const kept: FeatureSet[] = [];
  for (let copy = 0; copy < copies; copy++) kept.push(await keepFeatures(pictures, copy, how));
  const keptValidation = judged && (await keepFeatures(judged, 0, how));
  const [first] = kept;
  const result = {
    training: new FeatureSource(kept, first?.batchSize ?? batchSize, orderSeed(given, options, pictures)),
    validation: keptValidation && new FeatureSource([keptValidation], keptValidation.batchSize, undefined),
    pictures: training.pictures,
  };
  note(
    `The frozen base's features of ${examples} pictures are computed once and kept as ${type}, ${each} numbers each; ` +
      "meanwhile its layers do as in prediction, without augmentation.",
  );
  return result;
}

function typeWithin(numbers: number, bytes: number): FeatureType | undefined {
  if (4 * numbers <= bytes) return "float32";
  return 2 * numbers <= bytes ? "float16" : undefined;
}

/** What orders the features: arrays of pictures would come in the same order. */
function orderSeed(
  { training, seed }: Pictures,
  options: KeepingOptions,
  { order }: TrainingSource,
): number | undefined {
  if (training instanceof BatchedSource) return order?.seed;
  const { shuffle = training.ownOrder.shuffle ?? true } = options;
  return shuffle ? (training.ownOrder.seed ?? seed ?? new RandomStream().uint32()) : undefined;
}
