import { ImageDataset, type ImageFileParts, ImageFiles } from "@featuremap/datasets";
import { type ImageOperation, type Pixels, type Preprocessing, pictureChannels } from "@featuremap/images";
import { type BatchSource, HostArray } from "@featuremap/tensor";
import { type LabelForm, type Mixing, preparedBatches } from "./prepared-batches.ts";

/** How pictures become batches. */
export interface BatchPlan {
  readonly batchSize: number;
  readonly preprocessing: Preprocessing;
  /** How classes are written. */
  readonly labels: LabelForm;
  /** Threads that read pictures. */
  readonly workers?: number | undefined;
  /** Gives every epoch an order of its own; what becomes of each picture comes from it too. */
  readonly seed?: number | undefined;
  readonly augment?: readonly ImageOperation[];
  /** Blends the pictures of a batch. */
  readonly mixing?: Mixing | undefined;
  /** What the pictures of each class count. */
  readonly classWeights?: readonly number[] | undefined;
}

/** A file that is left out, and why. */
export interface LeftOut {
  readonly path: string;
  readonly reason: string;
}

/** Labelled pictures of one part of the data: to learn from, to choose by, or to judge by. */
export interface Part {
  readonly size: number;
  /** What each picture is called: a path, or its number. */
  readonly names: readonly string[];
  readonly labels: Int32Array;
  readonly classNames: readonly string[];
  /** The pictures as files, also where they are in memory. */
  readonly files: ImageFiles;
  /** Files that turned out to be no pictures, as far as they were read. */
  readonly leftOut: readonly LeftOut[];
  /** Those at some places, in that order. */
  select(places: ArrayLike<number>): Part;
  batches(plan: BatchPlan): BatchSource;
}

/** Pictures that are read and decoded when they are wanted. */
export class FilesPart implements Part {
  readonly files: ImageFiles;
  readonly labels: Int32Array;
  readonly #foreign: number;

  constructor(files: ImageFiles) {
    this.files = files;
    this.labels = files.labels ?? new Int32Array(files.size);
    this.#foreign = files.skipped.length;
  }

  get size(): number {
    return this.files.size;
  }

  get names(): readonly string[] {
    return this.files.filePaths;
  }

  get classNames(): readonly string[] {
    return this.files.classNames;
  }

  get leftOut(): readonly LeftOut[] {
    return this.files.skipped.slice(this.#foreign);
  }

  select(places: ArrayLike<number>): Part {
    return new FilesPart(this.files.select(places));
  }

  batches(plan: BatchPlan): BatchSource {
    return batchesOfFiles(this.files, plan);
  }
}

/** The parts that a folder or a table has. */
export function partsOfFiles({ train, validation, test }: ImageFileParts): {
  readonly train: Part;
  readonly validation: Part | undefined;
  readonly test: Part | undefined;
} {
  return {
    train: new FilesPart(train),
    validation: validation && new FilesPart(validation),
    test: test && new FilesPart(test),
  };
}

/** Pictures in memory. */
export class ArraysPart implements Part {
  readonly names: readonly string[];
  readonly leftOut: readonly LeftOut[] = [];
  readonly #images: ImageDataset;
  readonly #prefix: string;
  #files: ImageFiles | undefined;

  /** @param prefix what their numbers are called: "mnist test" */
  constructor(images: ImageDataset, prefix: string, numbers?: ArrayLike<number>) {
    this.#images = images;
    this.#prefix = prefix;
    this.names = Array.from({ length: images.size }, (_, place) => `${prefix} ${numbers?.[place] ?? place}`);
  }

  get size(): number {
    return this.#images.size;
  }

  get labels(): Int32Array {
    return this.#images.labels.data;
  }

  get classNames(): readonly string[] {
    return this.#images.classNames;
  }

  get files(): ImageFiles {
    const { images, labels, classNames } = this.#images;
    const [, height = 0, width = 0, channels = 1] = images.shape;
    const bytes = height * width * channels;
    this.#files ??= new ImageFiles({
      paths: this.names,
      labels: labels.data,
      classNames,
      read: (place): Promise<Pixels> =>
        Promise.resolve({ data: images.data.slice(place * bytes, (place + 1) * bytes), width, height }),
    });
    return this.#files;
  }

  select(places: ArrayLike<number>): Part {
    const isHead = Array.from(places).every((place, index) => place === index);
    const chosen = isHead ? this.#images.take(places.length) : gather(this.#images, places);
    const numbers = Array.from(places, (place) => Number(this.names[place]?.slice(this.#prefix.length + 1)));
    return new ArraysPart(chosen, this.#prefix, numbers);
  }

  batches(plan: BatchPlan): BatchSource {
    const { batchSize, preprocessing, seed, augment = [] } = plan;
    const { preprocessing: own } = this.#images;
    const isTheirs =
      String(own.size) === String(preprocessing.size) &&
      own.channels === preprocessing.channels &&
      augment.length === 0;
    if (!isTheirs) return batchesOfFiles(this.files, plan);
    const cut = seed === undefined ? {} : { shuffle: true, seed };
    return preparedBatches(this.#images.withPreprocessing(preprocessing).batch(batchSize, cut), plan);
  }
}

function batchesOfFiles(files: ImageFiles, plan: BatchPlan): BatchSource {
  const { batchSize, preprocessing, seed, augment = [], workers } = plan;
  const { size, channels, resize, crop, orientation, scale, mean, standardDeviation } = preprocessing;
  const isInOrder = pictureChannels(preprocessing)[0] === 0;
  const isScaled = isInOrder && mean.every((value) => value === 0) && standardDeviation.every((value) => value === 1);
  const source = files.batch(batchSize, {
    imageSize: size,
    colorMode: channels,
    interpolation: resize,
    cropToAspectRatio: crop === "center",
    padToAspectRatio: crop === "pad",
    orientation: orientation ?? "exif",
    augment,
    scale: isScaled ? scale : 1,
    ...(seed === undefined ? {} : { shuffle: true, seed }),
    ...(workers === undefined ? {} : { workers }),
  });
  return preparedBatches(source, plan, isScaled ? undefined : preprocessing);
}

function gather(images: ImageDataset, places: ArrayLike<number>): ImageDataset {
  const [, ...shape] = images.images.shape;
  const bytes = images.images.size / images.size;
  const pixels = new Uint8Array(places.length * bytes);
  const labels = new Int32Array(places.length);
  for (let to = 0; to < places.length; to++) {
    const from = places[to] ?? 0;
    pixels.set(images.images.data.subarray(from * bytes, (from + 1) * bytes), to * bytes);
    labels[to] = images.labels.data[from] ?? 0;
  }
  return new ImageDataset({
    images: new HostArray(pixels, [places.length, ...shape]),
    labels: new HostArray(labels, [places.length]),
    classNames: images.classNames,
    preprocessing: images.preprocessing,
  });
}
