import { HostArray } from "@featuremap/tensor";
import { inColorMode } from "../decode/colour-mode.ts";
import { centeredBox, fitPixels } from "../geometry/fit-pixels.ts";
import { type Pixels, bytesPerPixel } from "../pixels.ts";
import { type Preprocessing, channelCount, pictureChannels, requirePreprocessing } from "./preprocessing.ts";

/**
 * Turns one picture into a model's input.
 *
 * Order: crop, resize, channels, their order, then `(value * scale - mean) / standardDeviation`. Alpha changes no colour:
 * a pixel has the one that is stored for it, as where Pillow and TensorFlow read RGB.
 * Crop and sampling are those of Keras's `smart_resize`, `tf.image.resize` without antialiasing and
 * `tf.image.resize_with_pad`. Bilinear samples keep their fractions; where borders are added, or sampling is another, they
 * are the bytes that data sets make, in which grey comes before the resizing.
 *
 * @returns float32 of shape `[height, width, channels]`
 * @throws {ShapeError} the pixels are not 1, 3 or 4 bytes for each of `width * height`.
 * @throws {InvalidConfigError} the description has a field of the wrong kind.
 */
export function preprocessPixels(picture: Pixels, description: Preprocessing): HostArray<Float32Array> {
  requirePreprocessing(description, "preprocessPixels");
  bytesPerPixel(picture, "preprocessPixels");
  const keepsFractions = description.resize === "bilinear" && description.crop !== "pad";
  const pixels = keepsFractions ? picture : asDataSets(picture, description);
  const depth = bytesPerPixel(pixels, "preprocessPixels");
  const [targetHeight, targetWidth] = description.size;
  const { width, height } = pixels;
  const box = description.crop === "none" ? { left: 0, top: 0, width, height } : centeredBox(pixels, description.size);
  const rows = axisSamples(box.top, box.height, targetHeight);
  const columns = axisSamples(box.left, box.width, targetWidth);
  const channels = channelCount(description.channels);
  const output = new Float32Array(targetHeight * targetWidth * channels);
  const places = pictureChannels(description);
  const mixer = new PixelMixer(pixels, depth);
  let offset = 0;
  for (const row of rows) {
    for (const column of columns) {
      mixer.moveTo(row, column);
      for (let channel = 0; channel < channels; channel++) {
        const isGrey = channels === 1 && depth !== 1;
        const value = isGrey ? mixer.luma() : mixer.channel(places[channel] ?? 0);
        output[offset++] =
          (value * description.scale - (description.mean[channel] ?? 0)) /
          (description.standardDeviation[channel] ?? 1);
      }
    }
  }
  return new HostArray(output, [targetHeight, targetWidth, channels]);
}

/** In the size that the model takes, as bytes. */
function asDataSets(pixels: Pixels, { size, channels, resize, crop }: Preprocessing): Pixels {
  const { data, width, height } = pixels;
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.length);
  const coloured = { data: bytes, width, height, channels: bytesPerPixel(pixels, "preprocessPixels") };
  const fit = crop === "center" ? "crop" : crop === "none" ? "stretch" : crop;
  return fitPixels({ data: inColorMode(coloured, channels), width, height }, size, fit, { interpolation: resize });
}

/** The two source lines that one output line mixes: `low * (1 - weight) + high * weight`. */
interface AxisSample {
  readonly low: number;
  readonly high: number;
  readonly weight: number;
}

function axisSamples(start: number, length: number, target: number): AxisSample[] {
  const inside = (index: number): number => start + Math.min(Math.max(index, 0), length - 1);
  return Array.from({ length: target }, (_, index) => {
    const center = ((index + 0.5) * length) / target;
    const low = Math.floor(center - 0.5);
    return { low: inside(low), high: inside(low + 1), weight: center - 0.5 - low };
  });
}

/** Mixes the four pixels around one place of the picture; made once and moved, as it stands in the innermost loop. */
class PixelMixer {
  readonly #pixels: Pixels;
  readonly #depth: 1 | 3 | 4;
  readonly #offsets = new Uint32Array(4);
  readonly #weights = new Float64Array(4);

  constructor(pixels: Pixels, depth: 1 | 3 | 4) {
    this.#pixels = pixels;
    this.#depth = depth;
  }

  moveTo(row: AxisSample, column: AxisSample): void {
    this.#setCorner(0, row.low, column.low, (1 - row.weight) * (1 - column.weight));
    this.#setCorner(1, row.low, column.high, (1 - row.weight) * column.weight);
    this.#setCorner(2, row.high, column.low, row.weight * (1 - column.weight));
    this.#setCorner(3, row.high, column.high, row.weight * column.weight);
  }

  /** Red, green, blue or alpha in [0, 255]; of a grey picture, the one there is; opaque where no alpha is stored. */
  channel(channel: number): number {
    const { data } = this.#pixels;
    if (channel === 3 && this.#depth !== 4) return 255;
    const shift = this.#depth === 1 ? 0 : channel;
    let sum = 0;
    for (let corner = 0; corner < 4; corner++) {
      sum += (data[(this.#offsets[corner] ?? 0) + shift] ?? 0) * (this.#weights[corner] ?? 0);
    }
    return sum;
  }

  luma(): number {
    return 0.299 * this.channel(0) + 0.587 * this.channel(1) + 0.114 * this.channel(2);
  }

  #setCorner(corner: number, row: number, column: number, weight: number): void {
    const { width } = this.#pixels;
    const offset = (row * width + column) * this.#depth;
    this.#offsets[corner] = offset;
    this.#weights[corner] = weight;
  }
}
