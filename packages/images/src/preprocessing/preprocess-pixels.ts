import { HostArray } from "@featuremap/tensor";
import { type Pixels, bytesPerPixel } from "../pixels.ts";
import { type Preprocessing, channelCount, requirePreprocessing } from "./preprocessing.ts";

/**
 * Turns one picture into a model's input.
 *
 * Order: crop, resize, channels, then `(value * scale - mean) / standardDeviation`. Alpha is ignored:
 * a pixel has the colour that is stored for it, as where Pillow and TensorFlow read RGB.
 * Crop and bilinear sampling are those of Keras's `smart_resize` and `tf.image.resize` without antialiasing.
 *
 * @returns float32 of shape `[height, width, channels]`
 * @throws {ShapeError} the pixels are not 1, 3 or 4 bytes for each of `width * height`.
 * @throws {InvalidConfigError} the description has a field of the wrong kind.
 */
export function preprocessPixels(pixels: Pixels, description: Preprocessing): HostArray<Float32Array> {
  requirePreprocessing(description, "preprocessPixels");
  const depth = bytesPerPixel(pixels, "preprocessPixels");
  const [targetHeight, targetWidth] = description.size;
  const window = cropWindow(pixels, description);
  const rows = axisSamples(window.top, window.height, targetHeight, description.resize);
  const columns = axisSamples(window.left, window.width, targetWidth, description.resize);
  const channels = channelCount(description.channels);
  const output = new Float32Array(targetHeight * targetWidth * channels);
  const mixer = new PixelMixer(pixels, depth);
  let offset = 0;
  for (const row of rows) {
    for (const column of columns) {
      mixer.moveTo(row, column);
      for (let channel = 0; channel < channels; channel++) {
        const value = channels === 1 && depth !== 1 ? mixer.luma() : mixer.channel(channel);
        output[offset++] =
          (value * description.scale - (description.mean[channel] ?? 0)) /
          (description.standardDeviation[channel] ?? 1);
      }
    }
  }
  return new HostArray(output, [targetHeight, targetWidth, channels]);
}

interface Window {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Whole pixels, rounded down, as in Keras's `smart_resize`. */
function cropWindow({ width, height }: Pixels, { crop, size: [targetHeight, targetWidth] }: Preprocessing): Window {
  if (crop === "none") return { left: 0, top: 0, width, height };
  const keptWidth = Math.max(1, Math.min(width, Math.floor((height * targetWidth) / targetHeight)));
  const keptHeight = Math.max(1, Math.min(height, Math.floor((width * targetHeight) / targetWidth)));
  return {
    left: Math.floor((width - keptWidth) / 2),
    top: Math.floor((height - keptHeight) / 2),
    width: keptWidth,
    height: keptHeight,
  };
}

/** The two source lines that one output line mixes: `low * (1 - weight) + high * weight`. */
interface AxisSample {
  readonly low: number;
  readonly high: number;
  readonly weight: number;
}

function axisSamples(start: number, length: number, target: number, resize: Preprocessing["resize"]): AxisSample[] {
  const inside = (index: number): number => start + Math.min(Math.max(index, 0), length - 1);
  return Array.from({ length: target }, (_, index) => {
    const center = ((index + 0.5) * length) / target;
    if (resize === "nearest") {
      const nearest = inside(Math.floor(center));
      return { low: nearest, high: nearest, weight: 0 };
    }
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

  /** Red, green or blue in [0, 255]; of a grey picture, the one there is. */
  channel(channel: number): number {
    const { data } = this.#pixels;
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
