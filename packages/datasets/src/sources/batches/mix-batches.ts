import {
  type Batch,
  type BatchSource,
  HostArray,
  InvalidConfigError,
  type OptionNames,
  RandomStream,
  ShapeError,
  checkOptions,
  fingerprintOf,
  formatShape,
} from "@featuremap/tensor";
import { drawCutMix, drawMixUp, cutImages, mixRows } from "./mix-images.ts";
import { oneHot } from "./one-hot.ts";

/** How {@link mixBatches} mixes. */
export interface MixOptions {
  /**
   * Lays another image of its batch over each one: above 0, as the `alpha` of the layer `MixUp`, for which 0.2 is usual.
   * Default: no.
   */
  readonly mixUp?: number;
  /**
   * Puts a box of another image of its batch into each one: in (0, 1], as the `factor` of the layer `CutMix`, for which 1
   * is usual. With `mixUp` too, each batch has one of both, as often the one as the other. Default: no.
   */
  readonly cutMix?: number;
  /** Number of classes, for labels that are class indices. Default: as many as the source has names. */
  readonly classCount?: number;
  /** `channelsFirst` for images `[size, channels, height, width]`. Default: `channelsLast`. */
  readonly dataFormat?: "channelsLast" | "channelsFirst";
  /** With epoch and batch it decides what is mixed. Default: the source's seed, or where it has none, one the system picks. */
  readonly seed?: number;
}

const optionNames: OptionNames<MixOptions> = {
  mixUp: true,
  cutMix: true,
  classCount: true,
  dataFormat: true,
  seed: true,
};

/** Images of which each is a mixture of two, and how much of each class is in it: float32 `[size, classes]`. */
export type MixedBatch = Batch<HostArray<Float32Array>, HostArray<Float32Array>>;

const owner = "mixBatches";

/**
 * Batches to train on in which every image is mixed with another one, and their labels alike: for a loss that takes
 * one-hot rows, as `categoricalCrossentropy`.
 *
 * What is mixed depends on the seed, the epoch and the batch alone, so a training that goes on meets the same mixtures.
 * Source: Zhang et al., ICLR 2018, and Yun et al., ICCV 2019, as the layers `MixUp` and `CutMix` of Keras 3; these mix
 * labels only where they are given them.
 *
 * @param source batches of images `[size, height, width, channels]` and their labels: class indices, int32 `[size]`, or
 * one-hot rows, float32 `[size, classes]`
 * @throws {InvalidConfigError} an option is wrong, or neither way to mix is asked for.
 * Reading batches throws a {@link ShapeError} or an {@link InvalidConfigError} where they are others.
 */
export function mixBatches(source: BatchSource, options: MixOptions): BatchSource<MixedBatch> {
  checkOptions(owner, options, optionNames);
  if (typeof source?.batches !== "function") {
    throw new InvalidConfigError(owner, "source", "batches, as returned by dataset.batch(64)", source);
  }
  const { mixUp, cutMix, classCount, dataFormat = "channelsLast", seed } = options;
  const refuse = (option: string, expected: string, found: unknown): never => {
    throw new InvalidConfigError(owner, option, expected, found);
  };
  if (mixUp === undefined && cutMix === undefined) refuse("options", "with mixUp or cutMix, or both", options);
  if (mixUp !== undefined && !(typeof mixUp === "number" && mixUp > 0 && Number.isFinite(mixUp)))
    refuse("mixUp", "a number above 0", mixUp);
  const isShare = typeof cutMix === "number" && cutMix > 0 && cutMix <= 1;
  if (cutMix !== undefined && !isShare) refuse("cutMix", "in (0, 1]", cutMix);
  if (classCount !== undefined && !(Number.isInteger(classCount) && classCount >= 1)) {
    refuse("classCount", "an integer of at least 1", classCount);
  }
  if (dataFormat !== "channelsLast" && dataFormat !== "channelsFirst") {
    refuse("dataFormat", '"channelsLast" or "channelsFirst"', dataFormat);
  }
  if (seed !== undefined && !(Number.isInteger(seed) && seed >= 0 && seed < 2 ** 32)) {
    refuse("seed", "an integer in [0, 2^32)", seed);
  }
  const chosen = seed ?? source.seed ?? new RandomStream().uint32();
  return mixed(source, { ...options, seed: chosen }, "");
}

/** @param share of those that train together; empty where one trains alone */
function mixed(
  source: BatchSource,
  options: MixOptions & { readonly seed: number },
  share: string,
): BatchSource<MixedBatch> {
  const { seed } = options;
  const stateOf = (epoch: number, batch: number): RandomStream =>
    new RandomStream(seed).fork(`mixed${share}, epoch ${epoch}, batch ${batch}`);
  let fingerprint: string | undefined;
  const shard = source.shard?.bind(source);
  return {
    get size() {
      return source.size;
    },
    get batchSize() {
      return source.batchSize;
    },
    get batchCount() {
      return source.batchCount;
    },
    seed: source.seed ?? seed,
    get fingerprint() {
      const { mixUp = 0, cutMix = 0, classCount = 0, dataFormat = "channelsLast" } = options;
      const how = JSON.stringify([mixUp, cutMix, classCount, dataFormat, seed, share]);
      return (fingerprint ??= fingerprintOf([source.fingerprint ?? "", how]));
    },
    ...(source.preprocessing === undefined ? {} : { preprocessing: source.preprocessing }),
    ...(source.classNames === undefined ? {} : { classNames: source.classNames }),
    startsAnywhere: true,
    batches(epoch, from = 0) {
      const begun = source.startsAnywhere === true ? from : 0;
      const given = source.batches(epoch, begun);
      const mix = (batch: Batch, index: number): MixedBatch =>
        mixOne(batch, options, stateOf(epoch, index), source.classNames?.length);
      return Symbol.asyncIterator in given ? later(given, { begun, from, mix }) : atOnce(given, { begun, from, mix });
    },
    ...(shard
      ? {
          shard: (rank: number, ranks: number) =>
            mixed(shard(rank, ranks), options, `${share}, share ${rank} of ${ranks}`),
        }
      : {}),
  };
}

/** Which batches come, which of them are wanted, and what becomes of these. */
interface Range {
  readonly begun: number;
  readonly from: number;
  readonly mix: (batch: Batch, index: number) => MixedBatch;
}

function* atOnce(batches: Iterable<Batch>, { begun, from, mix }: Range): Generator<MixedBatch, void, undefined> {
  let index = begun;
  for (const batch of batches) {
    if (index >= from) yield mix(batch, index);
    index += 1;
  }
}

async function* later(batches: AsyncIterable<Batch>, { begun, from, mix }: Range): AsyncGenerator<MixedBatch, void> {
  let index = begun;
  for await (const batch of batches) {
    if (index >= from) yield mix(batch, index);
    index += 1;
  }
}

function mixOne(
  { x, y, sampleWeight }: Batch,
  { mixUp, cutMix, classCount, dataFormat }: MixOptions,
  random: RandomStream,
  named: number | undefined,
): MixedBatch {
  if (sampleWeight !== undefined) {
    throw new InvalidConfigError(owner, "sampleWeight of a batch", "absent: a mixture has no weight", sampleWeight);
  }
  if (!(x instanceof HostArray)) throw new InvalidConfigError(owner, "x of a batch", "one HostArray", x);
  if (x.rank !== 4) {
    throw new ShapeError(owner, "x of a batch", "(size, height, width, channels)", formatShape(x.shape));
  }
  const labels = rowsOf(y, x.shape[0] ?? 0, classCount ?? named);
  const channelsFirst = dataFormat === "channelsFirst";
  const [height = 1, width = 1] = channelsFirst ? x.shape.slice(2) : x.shape.slice(1, 3);
  const size = x.shape[0] ?? 0;
  const cuts = mixUp === undefined || (cutMix !== undefined && random.uniform() < 0.5);
  if (cuts) {
    const mixture = drawCutMix(random, size, cutMix ?? 1, { height, width });
    return { x: cutImages(x, mixture, { height, width }, channelsFirst), y: mixRows(labels, mixture), size };
  }
  const mixture = drawMixUp(random, size, mixUp);
  return { x: mixRows(x, mixture), y: mixRows(labels, mixture), size };
}

/** Labels as rows, a number for each class. */
function rowsOf(y: unknown, size: number, classCount: number | undefined): HostArray {
  if (!(y instanceof HostArray)) throw new InvalidConfigError(owner, "y of a batch", "one HostArray", y);
  const isIndices = y.rank === 1 && y.dtype !== "float32";
  if (y.shape[0] !== size || !(isIndices || (y.rank === 2 && y.dtype === "float32"))) {
    const expected = `class indices (${size}), int32, or one-hot rows (${size}, classes), float32`;
    throw new ShapeError(owner, "y of a batch", expected, `${formatShape(y.shape)}, ${y.dtype}`);
  }
  if (!isIndices) return y;
  if (classCount !== undefined) return oneHot(y, classCount);
  const expected = "given, for labels that are class indices from a source without classNames";
  throw new InvalidConfigError(owner, "classCount", expected, classCount);
}
