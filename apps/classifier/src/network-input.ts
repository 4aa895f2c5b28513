import {
  DIGIT_SIZE,
  type DigitReaderTraits,
  type InkPicture,
  type Pixels,
  type Preprocessing,
  digitOfImage,
  normaliseDigit,
  plainPreprocessing,
  readsDigits,
} from "@featuremap/images";
import { type BoardContent, PEN_WIDTH } from "./drawing/drawing-board.ts";
import { inkOfSketch, pictureOfSketch } from "./drawing/pixels-of-sketch.ts";

/** A model as far as it decides what it is given. */
export interface ReaderTraits extends DigitReaderTraits {
  readonly preprocessing: Preprocessing;
}

/** What is assumed of a model until one is loaded: that it reads digits as MNIST has them. */
export const ASSUMED_READER: ReaderTraits = {
  preprocessing: plainPreprocessing([DIGIT_SIZE, DIGIT_SIZE], "grayscale", 1 / 255),
  labels: ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"],
};

/**
 * The pixels to classify.
 *
 * A model that reads digits is given them as MNIST has them; any other, the image or sketch as it is. An image's file is
 * taken as it is stored by a model that was trained so.
 */
export function networkInput(content: BoardContent, model: ReaderTraits): Pixels {
  const digits = readsDigits(model);
  if (content.kind === "sketch") {
    return digits ? normaliseDigit(inkOfSketch(content.sketch)) : pictureOfSketch(content.sketch, PEN_WIDTH);
  }
  if (content.kind === "digit") return digits ? content.digit : darkOnLight(content.digit);
  const pixels = model.preprocessing.orientation === "stored" ? content.stored : content.pixels;
  return digits ? digitOfImage(pixels) : pixels;
}

/** What `networkInput` makes of a picture, in words. */
export function describeInput(content: BoardContent, model: ReaderTraits): string {
  const [height, width] = model.preprocessing.size;
  if (!readsDigits(model)) return `${width} × ${height} pixels`;
  if (content.kind === "digit") return "28 × 28 grey values, as the test set has them";
  return "28 × 28 grey values: your ink, scaled to 20 pixels and centred by its mass";
}

function darkOnLight({ data, width, height }: InkPicture): Pixels {
  return { data: data.map((ink) => 255 - ink), width, height };
}
