import { type Batch, type BatchStream, InvalidConfigError } from "@featuremap/tensor";
import { checkCount } from "./check.ts";
import { type ClassOf, indicesByClass } from "./classes.ts";
import { DatasetIterator, type IterateOptions } from "./dataset-iterator.ts";
import { endable } from "./endable.ts";
import { type Elements, isIndexed } from "./elements.ts";
import { isExample, modelBatch } from "./model-batch.ts";
import { type DatasetSource, type SourceOptions, elementsFrom } from "./sources.ts";
import { type BalanceOptions, balanceElements } from "./steps/balance.ts";
import { type BatchElementsOptions, batchElements } from "./steps/batch.ts";
import { concatenateElements } from "./steps/concatenate.ts";
import type { ElementContext } from "./steps/context.ts";
import { type CacheOptions, cacheOnDisk } from "./steps/disk-cache.ts";
import { filterElements } from "./steps/filter.ts";
import { type InterleaveOptions, interleaveElements } from "./steps/interleave.ts";
import { type MapOptions, mapElements } from "./steps/map.ts";
import { cacheInMemory } from "./steps/memory-cache.ts";
import { prefetchElements } from "./steps/prefetch.ts";
import { repeatElements } from "./steps/repeat.ts";
import { shardElements } from "./steps/shard.ts";
import { type ShuffleOptions, shuffleElements } from "./steps/shuffle.ts";
import { type SkipDamagedOptions, skipDamagedElements } from "./steps/skip-damaged.ts";
import { skipElements } from "./steps/skip.ts";
import { type SplitOptions, splitElements } from "./steps/split.ts";
import { takeElements } from "./steps/take.ts";
import { unbatchElements } from "./steps/unbatch.ts";
import { type Zipped, zipElements } from "./steps/zip.ts";

/** What the other parts of the package see of a dataset. */
export let elementsOf: <T>(dataset: Dataset<T>) => Elements<T>;

/**
 * Elements of any kind, on their way through steps, read when they are asked for.
 *
 * It never changes: every step gives a new dataset. An epoch's elements depend on its number and the seeds alone, however
 * many are worked on at once. Elements of a list, or of anything with `size` and `at`, have indices, and keep them through
 * map, whole shuffle, take, skip, shard, concatenate, zip, batch, repeat, split, balance and cache: any place in an epoch
 * is reached at once. After the other steps it is reached by reading what comes before, or what a step still holds.
 *
 * Models: tf.data, and MapDataset and IterDataset of Google's grain.
 */
export class Dataset<T> implements AsyncIterable<T>, BatchStream {
  readonly #elements: Elements<T>;
  /** Whether elements are lists that {@link batch} made, of which each is an example. */
  readonly #areLists: boolean;

  static {
    elementsOf = (dataset) => dataset.#elements;
  }

  /** @internal Datasets are made by {@link Dataset.from}. */
  constructor(elements: Elements<T>, areLists = false) {
    if (typeof elements?.open !== "function") {
      throw new InvalidConfigError("Dataset", "elements", "made by Dataset.from", elements);
    }
    this.#elements = elements;
    this.#areLists = areLists;
  }

  /** The same kind of elements after a step that gives them on as they are. */
  #after(elements: Elements<T>): Dataset<T> {
    return new Dataset(elements, this.#areLists);
  }

  /**
   * A dataset of a list; of an object with `size` and `at(index)`; of an iterable; or of a function that gives one for
   * each epoch, such as an async generator. Lists, plain objects and arrays in a list are copied whenever they are read, so
   * that steps may write to them.
   *
   * @throws {InvalidConfigError} the source is none of these, or can be read only once.
   */
  static from<T>(source: DatasetSource<T>, options: SourceOptions = {}): Dataset<T> {
    return new Dataset(elementsFrom(source, options));
  }

  /** Elements of several datasets side by side, as many as the shortest has. */
  static zip<const Parts extends readonly unknown[]>(
    ...datasets: { readonly [Place in keyof Parts]: Dataset<Parts[Place]> }
  ): Dataset<Zipped<Parts>> {
    const parts = requireDatasets("Dataset.zip", datasets).map((dataset) => dataset.#elements);
    return new Dataset(zipElements<Parts>(parts as never));
  }

  /** All elements of several datasets, some of each in turn. */
  static interleave<T>(datasets: readonly Dataset<T>[], options: InterleaveOptions = {}): Dataset<T> {
    const given = requireDatasets<T>("Dataset.interleave", datasets);
    const parts = given.map((dataset) => dataset.#elements);
    return new Dataset(
      interleaveElements(parts, options),
      given.every((dataset) => dataset.#areLists),
    );
  }

  /** Elements in an epoch: `Infinity` if they never end, undefined where only reading them would tell. */
  get size(): number | undefined {
    return this.#elements.size;
  }

  /** Goes through epoch 0; `iterate` goes through the others. */
  [Symbol.asyncIterator](): DatasetIterator<T> {
    return this.iterate();
  }

  /**
   * Goes through an epoch, from its beginning or from a saved position.
   *
   * @throws {InvalidConfigError} an option is unknown or not what it may be.
   * @throws {FormatError} the position is not one of a dataset made by the same steps.
   */
  iterate(options: IterateOptions = {}): DatasetIterator<T> {
    return new DatasetIterator(this.#elements, options);
  }

  /**
   * What a function makes of each element.
   *
   * With `concurrency` it is called for that many elements at once, with the steps before it as far back as elements have
   * indices; the results come in the elements' order.
   */
  map<U>(change: (element: T, context: ElementContext) => U | Promise<U>, options: MapOptions = {}): Dataset<U> {
    return new Dataset(mapElements(this.#elements, change, options));
  }

  /** The elements for which a function returns true, or a promise of it. */
  filter(isKept: (element: T, context: ElementContext) => boolean | Promise<boolean>): Dataset<T> {
    return this.#after(filterElements(this.#elements, isKept));
  }

  /** The elements in a random order, another one in every epoch; with `buffer` by tf.data's algorithm. */
  shuffle(options: ShuffleOptions): Dataset<T> {
    return this.#after(shuffleElements(this.#elements, options));
  }

  /** The elements several times, or without end: to the steps before, every time is an epoch of its own. */
  repeat(times: number = Number.POSITIVE_INFINITY): Dataset<T> {
    return this.#after(repeatElements(this.#elements, times));
  }

  /**
   * Lists of `size` elements; the last one may be shorter. A `Trainer` takes them: lists of examples `{ image, label }`,
   * `{ x, y, sampleWeight? }` or `[x, y, sampleWeight?]` become batches, as {@link modelBatches} gives them.
   */
  batch(size: number, options: BatchElementsOptions = {}): Dataset<T[]> {
    return new Dataset(batchElements(this.#elements, size, options), true);
  }

  /**
   * An epoch's batches as a model takes them, which is how a `Trainer` reads this. Of the lists that {@link batch} made, the
   * examples are put together: pictures as uint8 of shape `[size, height, width, channels]`, numbers as float32 of shape
   * `[size]`, arrays with an axis of examples before their own, and of several inputs or outputs each by its name or place.
   * Other elements are taken for batches already.
   *
   * @param from the first batch; where elements have indices, those before it are not read
   * @throws {InvalidConfigError} `epoch` or `from` is not an integer of at least 0; or, going through them, elements are no
   *   examples, or of different forms.
   * @throws {ShapeError} examples of a batch differ in shape, such as pictures of two sizes.
   */
  modelBatches(epoch: number, from: number = 0): AsyncIterable<Batch> {
    const owner = "Dataset.modelBatches";
    checkCount(owner, "epoch", epoch, 0);
    checkCount(owner, "from", from, 0);
    return endable((signal) => this.#modelBatches(epoch, from, signal));
  }

  async *#modelBatches(epoch: number, from: number, signal: AbortSignal): AsyncGenerator<Batch, void, undefined> {
    const elements = this.#elements;
    const isNear = isIndexed(elements);
    if (isNear && from >= elements.size) return;
    const start = isNear ? { position: { epoch, steps: elements.name, state: from } } : { epoch };
    let toSkip = isNear ? 0 : from;
    for await (const element of this.iterate({ ...start, signal })) {
      if (toSkip > 0) toSkip--;
      else if (this.#areLists) yield modelBatch(element as readonly unknown[]);
      else if (isExample(element)) {
        throw new InvalidConfigError("Dataset", "elements", "batches, as made by dataset.batch(32)", element);
      } else yield element as Batch;
    }
  }

  /** The elements of elements that are lists. */
  unbatch<U>(this: Dataset<readonly U[]>): Dataset<U> {
    return new Dataset(unbatchElements(this.#elements));
  }

  /** The same elements, up to `count` of them read before they are asked for. It belongs at the end of the steps. */
  prefetch(count: number): Dataset<T> {
    return this.#after(prefetchElements(this.#elements, count));
  }

  /**
   * The elements of epoch 0 in every epoch, made once and kept: in memory, or in the files of a folder, from where later
   * runs take them too. What is random belongs after it. Lists, plain objects and arrays in them are copied for
   * each epoch.
   *
   * @throws {InvalidConfigError} an option is not what it may be; or elements have no indices, which a folder takes.
   */
  cache(options?: CacheOptions): Dataset<T> {
    return this.#after(options === undefined ? cacheInMemory(this.#elements) : cacheOnDisk(this.#elements, options));
  }

  /**
   * Leaves out elements that cannot be made because their files are damaged. It belongs right after the step that reads them.
   *
   * Going through the dataset fails with `INVALID_FORMAT` where more than `maxDamagedShare` are.
   */
  skipDamaged(options: SkipDamagedOptions = {}): Dataset<T> {
    return this.#after(skipDamagedElements(this.#elements, options));
  }

  /** The first `count` elements, or all if there are fewer. */
  take(count: number): Dataset<T> {
    return this.#after(takeElements(this.#elements, count));
  }

  /** All but the first `count` elements. */
  skip(count: number): Dataset<T> {
    return this.#after(skipElements(this.#elements, count));
  }

  /** The elements, and then those of other datasets. */
  concatenate(...others: readonly Dataset<T>[]): Dataset<T> {
    const all = [this, ...requireDatasets<T>("Dataset.concatenate", others)];
    return new Dataset(
      concatenateElements(all.map((dataset) => dataset.#elements)),
      all.every((dataset) => dataset.#areLists),
    );
  }

  /** Every `ranks`-th element from the `rank`-th on: what one of several processes reads. */
  shard(rank: number, ranks: number): Dataset<T> {
    return this.#after(shardElements(this.#elements, rank, ranks));
  }

  /**
   * Two parts without overlap, each in the elements' order: `round(fraction * size)` elements, and the others.
   *
   * @param fraction the first part's share, in (0, 1)
   * @throws {InvalidConfigError} `fraction` is outside (0, 1) or leaves a part empty, or elements have no indices.
   */
  async split(fraction: number, options: SplitOptions<T> = {}): Promise<[Dataset<T>, Dataset<T>]> {
    const [first, second] = await splitElements(this.#elements, fraction, options);
    return [this.#after(first), this.#after(second)];
  }

  /**
   * Elements drawn so that all classes come equally often: those of large classes take turns from epoch to epoch, those
   * of small ones come several times.
   *
   * @throws {InvalidConfigError} elements have no indices, or an option is not what it may be.
   */
  async balance(options: BalanceOptions<T>): Promise<Dataset<T>> {
    return this.#after(await balanceElements(this.#elements, options));
  }

  /**
   * Weights by which all classes count equally in training: `size / (classes * elements of the class)`.
   *
   * Source: scikit-learn's `balanced`. They are what `fit` takes as `classWeight`, where classes are indices.
   */
  async classWeights(by: ClassOf<T>): Promise<Record<string, number>> {
    const classes = await indicesByClass("Dataset.classWeights", this.#elements, by);
    const size = [...classes.values()].reduce((sum, { length }) => sum + length, 0);
    return Object.fromEntries([...classes].map(([name, { length }]) => [name, size / (classes.size * length)]));
  }
}

function requireDatasets<T>(owner: string, datasets: unknown): readonly Dataset<T>[] {
  if (Array.isArray(datasets) && datasets.every((each) => each instanceof Dataset)) return datasets as Dataset<T>[];
  throw new InvalidConfigError(owner, "datasets", "a list of Datasets", datasets);
}
