import type { Device } from "@featuremap/devices";
import type { ModelBundle } from "@featuremap/formats";
import type { Model } from "@featuremap/layers";
import {
  type FixedShape,
  InvalidConfigError,
  NonFiniteError,
  type Preprocessing,
  type Shape,
  channelCount,
  preprocessPixels,
  sizeOf,
} from "@featuremap/tensor";
import { tensor } from "@tensorflow/tfjs-core";
import { finalActivation } from "./final-activation.ts";
import { type Picture, readPicture } from "./picture.ts";
import { type Prediction, toProbabilities, topPredictions } from "./probabilities.ts";
import { runOnBackend } from "./run-on-backend.ts";
import { deviceWork } from "./work-queue.ts";

/** How to classify. */
export interface ClassifyOptions {
  /** How many classes to name, the most probable first; 1 or more, 5 unless said otherwise. */
  readonly topK?: number | undefined;
}

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
  /** Time until bundle and device were there. */
  readonly loadMilliseconds: number;
  /** Time that compiling and a first pass took. */
  readonly warmUpMilliseconds: number;
  /** Frees what the classifier owns. */
  readonly release: () => Promise<void>;
}

/** Pictures that go through the model together where its batch axis is free. */
const chunk = 64;

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
  readonly #backend: string;
  readonly #activation: string;
  readonly #release: () => Promise<void>;
  /** Calls that have not been answered yet. */
  readonly #calls = new Set<Promise<unknown>>();
  #disposed = false;

  constructor({ bundle, device, loadMilliseconds, warmUpMilliseconds, release }: ClassifierParts) {
    this.model = bundle.model;
    this.labels = bundle.labels;
    this.preprocessing = bundle.preprocessing;
    this.metrics = bundle.metrics;
    this.provenance = bundle.provenance;
    this.device = { name: device.name, description: device.description, reason: device.reason };
    this.loadMilliseconds = loadMilliseconds;
    this.warmUpMilliseconds = warmUpMilliseconds;
    this.#backend = device.backend;
    this.#activation = finalActivation(bundle.model);
    this.#release = release;
  }

  /** Shape that the model takes: `[batch, height, width, channels]`, the batch `null` where it is free. */
  get inputShape(): Shape {
    return this.model.inputShape;
  }

  /**
   * Says what a picture shows.
   *
   * @throws {InvalidConfigError} the picture or `topK` is not usable, or the classifier was disposed.
   * @throws {ShapeError} the pixels do not fill their width and height.
   * @throws {UnavailableError} the picture cannot be read, or the device was closed.
   * @throws {NonFiniteError} the model gives NaN or infinity for it.
   */
  async classify(picture: Picture, options: ClassifyOptions = {}): Promise<Classification> {
    const [result] = await this.classifyBatch([picture], options);
    return result ?? { predictions: [], milliseconds: 0 };
  }

  /**
   * {@link classify} for several pictures, which go through the model together.
   *
   * @returns one result for each, in their order
   */
  async classifyBatch(
    pictures: readonly Picture[],
    { topK = 5 }: ClassifyOptions = {},
  ): Promise<readonly Classification[]> {
    if (this.#disposed) throw new InvalidConfigError("Classifier", "classifier", "in use", "a disposed one");
    if (!(Number.isInteger(topK) && topK >= 1)) {
      throw new InvalidConfigError("Classifier.classify", "topK", "an integer of at least 1", topK);
    }
    const call = this.#classifyAll(pictures, topK);
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

  async #classifyAll(pictures: readonly Picture[], topK: number): Promise<readonly Classification[]> {
    const began = performance.now();
    // Read before anything is waited for: a canvas may be drawn on by then.
    const inputs = await Promise.all(pictures.map((picture) => this.#readInput(picture)));
    const readMilliseconds = performance.now() - began;
    return deviceWork.add(async () => {
      const started = performance.now();
      const rows = await this.#probabilitiesOf(inputs);
      const milliseconds = (readMilliseconds + performance.now() - started) / inputs.length;
      return rows.map((row) => ({ predictions: topPredictions(row, this.labels, topK), milliseconds }));
    });
  }

  async #readInput(picture: Picture): Promise<Float32Array> {
    const read = readPicture(picture);
    const pixels = read instanceof Promise ? await read : read;
    return preprocessPixels(pixels, this.preprocessing).data;
  }

  async #probabilitiesOf(inputs: readonly Float32Array[]): Promise<number[][]> {
    const rows: number[][] = [];
    while (rows.length < inputs.length) {
      const shape = batchShape(this.model, this.preprocessing, Math.min(chunk, inputs.length - rows.length));
      const batch = inputs.slice(rows.length, rows.length + (shape[0] ?? 1));
      const outputs = await this.#run(batch, shape);
      const width = outputs.length / (shape[0] ?? 1);
      batch.forEach((_, index) => {
        const row = outputs.subarray(index * width, (index + 1) * width);
        if (!row.every(Number.isFinite)) {
          throw new NonFiniteError(`The model gives ${row.join(", ")} for picture ${rows.length}.`);
        }
        rows.push(toProbabilities(row, this.#activation));
      });
    }
    return rows;
  }

  /** One pass; a model of fixed batch length gets zeros after the last picture. */
  async #run(batch: readonly Float32Array[], shape: FixedShape): Promise<Float32Array> {
    const values = new Float32Array(sizeOf(shape));
    batch.forEach((input, index) => values.set(input, index * input.length));
    const output = runOnBackend(this.#backend, () => {
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
