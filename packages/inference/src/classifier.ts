import { type Device, runOnDevice } from "@featuremap/devices";
import type { ModelBundle } from "@featuremap/formats";
import type { Model, OutputMeaning } from "@featuremap/layers";
import {
  type Picture,
  type PictureReader,
  type Preprocessing,
  channelCount,
  pictureReader,
  preprocessPixels,
} from "@featuremap/images";
import {
  type FixedShape,
  InvalidConfigError,
  NonFiniteError,
  NotReadyError,
  type OptionNames,
  OutOfMemoryError,
  type Shape,
  checkOptions,
  refuseMethods,
  sizeOf,
} from "@featuremap/tensor";
import { tensor } from "@tensorflow/tfjs-core";
import { toProbabilities } from "./probabilities.ts";
import { type Prediction, topPredictions } from "./top-predictions.ts";
import { deviceWork } from "./work-queue.ts";

/** How to classify. */
export interface ClassifyOptions {
  /** How many classes to name, the most probable first; 1 or more. Default: 5. */
  readonly topK?: number | undefined;
}

const classifyOptions: OptionNames<ClassifyOptions> = { topK: true };

/** What a picture shows, as far as the model can tell. */
export interface Classification {
  /** The most probable classes, the best first. */
  readonly predictions: readonly Prediction[];
  /** From the picture's pixels to its probabilities, without waiting for earlier pictures; in a batch, its share. */
  readonly milliseconds: number;
}

/** What a classifier is made of. */
export interface ClassifierParts {
  readonly bundle: ModelBundle;
  readonly device: Device;
  readonly outputs: OutputMeaning;
  /** Pixels that a picture may have. */
  readonly pixelLimit: number | undefined;
  /** Time until bundle and device were there. */
  readonly loadMilliseconds: number;
  /** Time that compiling and a first pass took. */
  readonly warmUpMilliseconds: number;
  /** Frees what the classifier owns. */
  readonly release: () => Promise<void>;
}

/** Most pictures that go through the model together where its batch axis is free. */
const largestChunk = 64;

/** The shape in which a model takes pictures: its own batch length, or `count` where that is free. */
export function batchShape(model: Model, { size, channels }: Preprocessing, count: number): FixedShape {
  return [model.inputShape[0] ?? count, ...size, channelCount(channels)];
}

/**
 * A model that is loaded and warm; `loadClassifier` makes it.
 *
 * Calls may overlap: they are answered one after another, in their order, but that an image which is still loading
 * holds up only its own.
 */
export class Classifier {
  readonly model: Model;
  /** Names of the classes. */
  readonly labels: readonly string[];
  readonly preprocessing: Preprocessing;
  readonly metrics: ModelBundle["metrics"];
  readonly provenance: ModelBundle["provenance"];
  /** What it runs on, and why on that. */
  readonly device: Pick<Device, "name" | "description" | "reason">;
  /** Time until bundle and device were there. */
  readonly loadMilliseconds: number;
  /** Time that compiling and a first pass took. */
  readonly warmUpMilliseconds: number;
  readonly #leased: Device;
  readonly #outputs: OutputMeaning;
  readonly #pixelLimit: number | undefined;
  readonly #release: () => Promise<void>;
  /** Calls that have not been answered yet. */
  readonly #calls = new Set<Promise<unknown>>();
  /** Pictures that go through the model together: fewer once the device could not take so many. */
  #chunk = largestChunk;
  #disposed = false;

  static {
    const predict = "await classifier.classify(picture), or await classifier.classifyBatch(pictures)";
    refuseMethods("Classifier", this.prototype, { predict });
  }

  constructor(parts: ClassifierParts) {
    const { bundle, device, outputs, pixelLimit, loadMilliseconds, warmUpMilliseconds, release } = parts;
    this.model = bundle.model;
    this.labels = bundle.labels;
    this.preprocessing = bundle.preprocessing;
    this.metrics = bundle.metrics;
    this.provenance = bundle.provenance;
    this.device = { name: device.name, description: device.description, reason: device.reason };
    this.loadMilliseconds = loadMilliseconds;
    this.warmUpMilliseconds = warmUpMilliseconds;
    this.#leased = device;
    this.#outputs = outputs;
    this.#pixelLimit = pixelLimit;
    this.#release = release;
  }

  /** Shape that the model takes: `[batch, height, width, channels]`, the batch `null` where it is free. */
  get inputShape(): Shape {
    return this.model.inputShape;
  }

  /**
   * Says what a picture shows.
   *
   * @throws {InvalidConfigError} the picture is of no kind that can be classified, empty or too large, or an option is wrong.
   * @throws {ShapeError} the pixels do not fill their width and height.
   * @throws {FormatError} the picture is damaged, or of a format that this browser does not read.
   * @throws {UnavailableError} the picture cannot be loaded or must not be read, or the device was closed.
   * @throws {NotReadyError} the classifier was disposed.
   * @throws {NonFiniteError} the model gives NaN or infinity for it.
   */
  async classify(picture: Picture, options: ClassifyOptions = {}): Promise<Classification> {
    const [result] = await this.classifyBatch([picture], options);
    return result ?? { predictions: [], milliseconds: 0 };
  }

  /**
   * {@link classify} for several pictures, which go through the model together, as many at once as the device can take.
   * Images and files among them are decoded one after another.
   *
   * @param pictures a list, or what else can be gone through, such as the NodeList of a page's images
   * @returns one result for each, in their order
   */
  async classifyBatch(pictures: Iterable<Picture>, options: ClassifyOptions = {}): Promise<readonly Classification[]> {
    if (this.#disposed) {
      throw new NotReadyError(
        "Classifier.classify",
        "the classifier was disposed",
        "Load it again with loadClassifier.",
      );
    }
    checkOptions("Classifier.classify", options, classifyOptions);
    const { topK = 5 } = options;
    if (!isIterable(pictures)) {
      throw new InvalidConfigError("Classifier.classifyBatch", "pictures", "a list of pictures", pictures);
    }
    if (!(Number.isInteger(topK) && topK >= 1)) {
      throw new InvalidConfigError("Classifier.classify", "topK", "an integer of at least 1", topK);
    }
    const how = { picturePixels: this.#pixelLimit, orientation: this.preprocessing.orientation };
    const readers = Array.from(pictures, (picture) => pictureReader("Classifier.classify", picture, how));
    const call = this.#classifyAll(readers, topK);
    this.#calls.add(call);
    try {
      return await call;
    } finally {
      this.#calls.delete(call);
    }
  }

  /** Frees weights and device once the pictures given so far are classified. */
  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    void Promise.allSettled(this.#calls).then(() => deviceWork.add(this.#release));
  }

  async #classifyAll(pictures: readonly PictureReader[], topK: number): Promise<readonly Classification[]> {
    const began = performance.now();
    const inputs = await this.#readInputs(pictures);
    const readMilliseconds = performance.now() - began;
    return deviceWork.add(async () => {
      const started = performance.now();
      const rows = await this.#probabilitiesOf(inputs);
      const milliseconds = (readMilliseconds + performance.now() - started) / inputs.length;
      return rows.map((row) => ({ predictions: topPredictions(row, this.labels, topK), milliseconds }));
    });
  }

  async #readInputs(pictures: readonly PictureReader[]): Promise<readonly Float32Array[]> {
    // Before anything is waited for: a canvas may be drawn on by then.
    const read = pictures.map((picture) => {
      const pixels = picture.now();
      return pixels === undefined ? picture : preprocessPixels(pixels, this.preprocessing).data;
    });
    const inputs: Float32Array[] = [];
    // One at a time, for a photo takes fifty times the memory decoded.
    for (const entry of read) {
      if (entry instanceof Float32Array) inputs.push(entry);
      else inputs.push(preprocessPixels(await entry.later(), this.preprocessing).data);
    }
    return inputs;
  }

  async #probabilitiesOf(inputs: readonly Float32Array[]): Promise<Float64Array[]> {
    const rows: Float64Array[] = [];
    while (rows.length < inputs.length) {
      const shape = batchShape(this.model, this.preprocessing, Math.min(this.#chunk, inputs.length - rows.length));
      const batch = inputs.slice(rows.length, rows.length + (shape[0] ?? 1));
      const outputs = await this.#run(batch, shape).catch((error: unknown) => {
        if (!(error instanceof OutOfMemoryError) || this.model.inputShape[0] !== null || batch.length === 1)
          throw error;
        this.#chunk = Math.ceil(batch.length / 2);
      });
      if (outputs === undefined) continue;
      const width = outputs.length / (shape[0] ?? 1);
      batch.forEach((_, index) => {
        const row = outputs.subarray(index * width, (index + 1) * width);
        const wrong = row.findIndex((value) => !Number.isFinite(value));
        if (wrong >= 0) {
          throw new NonFiniteError(`Output ${wrong} of the model is ${row[wrong]} for picture ${rows.length}.`);
        }
        rows.push(toProbabilities(row, this.#outputs));
      });
    }
    return rows;
  }

  /** One pass; a model of fixed batch length gets zeros after the last picture. */
  async #run(batch: readonly Float32Array[], shape: FixedShape): Promise<Float32Array> {
    const values = new Float32Array(sizeOf(shape));
    batch.forEach((input, index) => values.set(input, index * input.length));
    const output = runOnDevice(this.#leased, () => {
      const input = tensor(values, [...shape]);
      try {
        return this.model.predict(input);
      } finally {
        input.dispose();
      }
    });
    try {
      return await output.data<"float32">();
    } finally {
      output.dispose();
    }
  }
}

/** Of a text the characters are not pictures. */
function isIterable(value: unknown): boolean {
  return typeof value === "object" && value !== null && Symbol.iterator in value;
}
