import { type Pixels, scaleLevels } from "@featuremap/images";
import { HostArray, ShapeError } from "@featuremap/tensor";
import { oneHot } from "../../batches/one-hot.ts";
import type { CheckedImageOptions } from "../files/image-options.ts";

/** How pictures are written. */
export interface InputsOptions extends Pick<CheckedImageOptions, "imageSize" | "channels"> {
  /** Factor on levels. */
  readonly scale: number;
  readonly dataFormat: "channelsLast" | "channelsFirst";
}

/** Pictures as a model's input: float32, `[size, height, width, channels]` or with the channels first. */
export class BatchInputs {
  readonly #options: InputsOptions;
  /** Of all pictures, in their places. */
  readonly levels: Uint8Array;
  /** Of one picture. */
  readonly #length: number;

  /** @param size places for pictures @param levels what {@link levels} was of other inputs, that nobody needs any more */
  constructor(size: number, options: InputsOptions, levels?: Uint8Array) {
    const { imageSize, channels } = options;
    this.#options = options;
    this.#length = imageSize[0] * imageSize[1] * channels;
    const length = size * this.#length;
    this.levels = levels?.length === length ? levels : new Uint8Array(length);
  }

  /** Writes a picture to its place. @throws {ShapeError} its pixels have more or fewer bytes. */
  write(place: number, { data, width, height }: Pixels): void {
    const { imageSize, channels, dataFormat } = this.#options;
    if (data.length !== this.#length) {
      const [found, expected] = [
        [width, height, data.length],
        [imageSize[1], imageSize[0], this.#length],
      ].map(([across = 0, down = 0, bytes = 0]) => `${across} x ${down} pixels of ${bytes / (across * down)} bytes`);
      throw new ShapeError("ImageFiles.batch", "a picture", `${expected} after augmentation`, found ?? "");
    }
    const from = place * this.#length;
    if (dataFormat === "channelsLast" || channels === 1) {
      this.levels.set(data, from);
      return;
    }
    const area = this.#length / channels;
    for (let pixel = 0; pixel < area; pixel++) {
      for (let channel = 0; channel < channels; channel++) {
        this.levels[from + channel * area + pixel] = data[pixel * channels + channel] ?? 0;
      }
    }
  }

  /**
   * The pictures in these places, which ascend.
   *
   * @param memoryOf gives memory of a length, whatever stands in it
   */
  finish(places: readonly number[], memoryOf: (length: number) => Float32Array): HostArray<Float32Array> {
    const { imageSize, channels, dataFormat, scale } = this.#options;
    for (const [index, place] of places.entries()) {
      const from = place * this.#length;
      if (index < place) this.levels.copyWithin(index * this.#length, from, from + this.#length);
    }
    const values = memoryOf(places.length * this.#length);
    scaleLevels(this.levels.subarray(0, values.length), scale, values, 0);
    const shape = dataFormat === "channelsLast" ? [...imageSize, channels] : [channels, ...imageSize];
    return new HostArray(values, [places.length, ...shape]);
  }
}

/**
 * Labels in the form that a loss takes. Without labels there is nothing for each picture, `[size, 0]`: prediction does not
 * look at it, and no loss takes it.
 */
export function writeLabels(
  labels: readonly number[],
  mode: "int" | "categorical" | "binary" | null,
  classCount: number,
): HostArray<Int32Array> | HostArray<Float32Array> {
  if (mode === "categorical") return oneHot(labels, classCount);
  if (mode === "binary") return new HostArray(Float32Array.from(labels), [labels.length, 1]);
  if (mode === null) return new HostArray(new Float32Array(0), [labels.length, 0]);
  return new HostArray(Int32Array.from(labels), [labels.length]);
}
