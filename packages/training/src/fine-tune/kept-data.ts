import type { Model } from "@featuremap/layers";
import type { Settled } from "@featuremap/tensor";
import type { DataSource } from "../data/kinds/data-source.ts";
import type { EndSignal } from "../loop/read-ahead.ts";
import type { cacheOptions } from "./cache-options.ts";
import { DiskRefusal, DiskRows, type FeatureRows, MemoryRows } from "./feature-rows.ts";
import { type FeatureSet, FeatureSource } from "./feature-source.ts";
import { keepFeatures } from "./keep-features.ts";

/** Pictures, and what makes features of them. */
export interface Pictures {
  readonly training: DataSource;
  readonly validation: DataSource | undefined;
  readonly extractor: Model;
  /** What orders the pictures while they are trained on. */
  readonly seed: number | undefined;
  readonly signal: EndSignal;
}

/** How features are kept, and how data are cut that are not in batches. */
export interface KeepingOptions extends Keeping {
  readonly batchSize: number | undefined;
  readonly validationBatchSize: number | undefined;
  readonly shuffle: boolean | undefined;
}

/** How features are kept, and of how many epochs of the data. */
export interface Keeping extends Settled<typeof cacheOptions> {
  readonly copies: number;
}

/** Features in place of pictures. */
export interface KeptData {
  readonly training: FeatureSource;
  readonly validation: FeatureSource | undefined;
  /** Gives back the memory or the disk that they take. */
  close(): Promise<void>;
}

/**
 * The base's features of training and validation data, computed once; undefined where they cannot be kept.
 *
 * @param owner for errors
 * @throws {AbortedError} the signal was raised.
 */
export async function keptData(owner: string, given: Pictures, options: KeepingOptions): Promise<KeptData | undefined> {
  const { training, validation, extractor, signal } = given;
  const { copies, cacheBytes, onNote = () => {}, onFeatures } = options;
  if (training.once || validation?.once) {
    onNote("Features are not kept, for the data come but once.");
    return undefined;
  }
  const { batchSize = training.ownOrder.batchSize ?? 32, validationBatchSize } = options;
  training.refuse(owner, { batchSize: options.batchSize, shuffle: options.shuffle });
  const pictures = training.batches({ batchSize, shuffle: false });
  const judged = validation?.batches({
    batchSize: validationBatchSize ?? validation.ownOrder.batchSize ?? batchSize,
    shuffle: false,
  });
  const examples = pictures.size * copies + (judged?.size ?? 0);
  const each = extractor.output.shape.slice(1).reduce<number>((product, length) => product * (length ?? Infinity), 1);
  const place = await placeFor(examples * each, options);
  if ("refusal" in place) {
    const wanted = Number.isFinite(examples * each) ? `${place.bytes} bytes` : "an unknown number of bytes";
    const why = place.refusal === undefined ? "" : ` ${place.refusal}`;
    onNote(
      `Features are not kept, for they would take ${wanted}, of ${cacheBytes} that are allowed (cacheBytes).${why}`,
    );
    return undefined;
  }
  const opened: FeatureRows[] = [];
  const close = async (): Promise<void> => {
    for (const rows of opened.splice(0)) await rows.close();
  };
  let done = 0;
  const keep = async (source: typeof pictures, copy: number): Promise<FeatureSet> => {
    const rows = await place.open(source.size * each);
    opened.push(rows);
    const onDone = (count: number): void => {
      done += count;
      onFeatures?.(done, examples);
    };
    return keepFeatures(owner, source, copy, { extractor, rows, signal, onDone });
  };
  try {
    const kept: FeatureSet[] = [];
    for (let copy = 0; copy < copies; copy++) kept.push(await keep(pictures, copy));
    const keptValidation = judged && (await keep(judged, 0));
    onNote(
      `The frozen base's features of ${done} pictures are computed once and kept ${place.words}, ${each} numbers each; ` +
        "meanwhile its layers do as in prediction, without augmentation.",
    );
    return {
      training: new FeatureSource(kept, kept[0]?.batchSize ?? batchSize, given.seed),
      validation: keptValidation && new FeatureSource([keptValidation], keptValidation.batchSize, undefined),
      close,
    };
  } catch (error) {
    await close();
    if (!(error instanceof DiskRefusal)) throw error;
    onNote(`Features are not kept: ${error.message}`);
    return undefined;
  }
}

/** Where features go. */
type Place =
  | { readonly words: string; readonly open: (numbers: number) => Promise<FeatureRows> }
  | { readonly bytes: number; readonly refusal: string | undefined };

/** Memory, else the disk, else memory in half precision. */
async function placeFor(numbers: number, { cacheBytes, cacheFolder }: KeepingOptions): Promise<Place> {
  const inMemory = (type: "float32" | "float16"): Place => ({
    words: `as ${type}`,
    open: (count) => Promise.resolve(new MemoryRows(type, count)),
  });
  if (4 * numbers <= cacheBytes) return inMemory("float32");
  let refusal: string | undefined;
  if (cacheFolder !== false && Number.isFinite(numbers)) {
    const open = (): Promise<FeatureRows> => DiskRows.open(cacheFolder);
    try {
      await (await open()).close();
      return { words: "on the disk", open };
    } catch (error) {
      if (!(error instanceof DiskRefusal)) throw error;
      refusal = error.message;
    }
  }
  return 2 * numbers <= cacheBytes ? inMemory("float16") : { bytes: 2 * numbers, refusal };
}
