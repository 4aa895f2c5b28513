import { type Pixels, scaleLevels } from "@featuremap/images";
import { HostArray } from "@featuremap/tensor";
import { oneHot } from "../batches/one-hot.ts";
import type { CheckedImageOptions } from "./image-options.ts";

/** Pictures as a model's input: float32, `[size, height, width, channels]` or with the channels first. */
export class BatchInputs {
  readonly #values: Float32Array<ArrayBuffer>;
  readonly #shape: readonly number[];
  readonly #area: number;
  readonly #channels: number;
  readonly #scale: number;
  readonly #isPlanar: boolean;

  /** @param size places for pictures @param scale factor on levels */
  constructor(
    size: number,
    { imageSize, channels }: CheckedImageOptions,
    scale: number,
    dataFormat: "channelsLast" | "channelsFirst",
  ) {
    const [height, width] = imageSize;
    this.#isPlanar = dataFormat === "channelsFirst" && channels > 1;
    this.#shape = dataFormat === "channelsLast" ? [height, width, channels] : [channels, height, width];
    this.#area = height * width;
    this.#channels = channels;
    this.#scale = scale;
    this.#values = new Float32Array(size * this.#area * channels);
  }

  /** Writes a picture to its place. */
  write(place: number, { data }: Pick<Pixels, "data">): void {
    const length = this.#area * this.#channels;
    const from = place * length;
    if (!this.#isPlanar) {
      scaleLevels(data.length === length ? data : data.subarray(0, length), this.#scale, this.#values, from);
      return;
    }
    for (let pixel = 0; pixel < this.#area; pixel++) {
      for (let channel = 0; channel < this.#channels; channel++) {
        const level = data[pixel * this.#channels + channel] ?? 0;
        this.#values[from + channel * this.#area + pixel] = level * this.#scale;
      }
    }
  }

  /** The pictures in these places, which ascend. */
  finish(places: readonly number[]): HostArray<Float32Array> {
    const length = this.#area * this.#channels;
    for (const [index, place] of places.entries()) {
      if (index < place) this.#values.copyWithin(index * length, place * length, (place + 1) * length);
    }
    const used = places.length * length;
    const values = used === this.#values.length ? this.#values : this.#values.slice(0, used);
    return new HostArray(values, [places.length, ...this.#shape]);
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
