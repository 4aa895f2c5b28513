import { type Pixels, type Preprocessing, plainPreprocessing } from "@featuremap/tensor";
import { digitOfImage } from "./digit/ink-of-image.ts";
import type { InkPicture } from "./digit/ink-picture.ts";
import { DIGIT_SIZE, normaliseDigit } from "./digit/normalise-digit.ts";
import { type BoardContent, PEN_WIDTH } from "./drawing/drawing-board.ts";
import { inkOfSketch, pictureOfSketch } from "./drawing/pixels-of-sketch.ts";
import { drawingContext } from "./view/element.ts";

/** What is assumed of a model until one is loaded: that it reads digits as MNIST has them. */
export const DIGIT_PREPROCESSING: Preprocessing = plainPreprocessing([DIGIT_SIZE, DIGIT_SIZE], "grayscale", 1 / 255);

/** Digits are read from images of at most this many pixels a side. */
const DIGIT_IMAGE_SIDE = 280;

/** Whether a model takes pictures as MNIST has them. */
export function readsDigits({ size: [height, width], channels }: Preprocessing): boolean {
  return height === DIGIT_SIZE && width === DIGIT_SIZE && channels === "grayscale";
}

/**
 * The pixels to classify.
 *
 * A model for 28 x 28 grey pictures is given digits as MNIST has them; any other, the image or sketch as it is.
 */
export function networkInput(content: BoardContent, preprocessing: Preprocessing): Pixels {
  const digits = readsDigits(preprocessing);
  if (content.kind === "sketch") {
    return digits ? normaliseDigit(inkOfSketch(content.sketch)) : pictureOfSketch(content.sketch, PEN_WIDTH);
  }
  if (content.kind === "digit") return digits ? content.digit : darkOnLight(content.digit);
  return digits ? digitOfImage(pixelsOf(content.image, DIGIT_IMAGE_SIDE)) : pixelsOf(content.image, Infinity);
}

/** What `networkInput` makes of a picture, in words. */
export function describeInput(content: BoardContent, preprocessing: Preprocessing): string {
  const [height, width] = preprocessing.size;
  if (!readsDigits(preprocessing)) return `${width} × ${height} pixels`;
  if (content.kind === "digit") return "28 × 28 grey values, as the test set has them";
  return "28 × 28 grey values: your ink, scaled to 20 pixels and centred by its mass";
}

function darkOnLight({ data, width, height }: InkPicture): Pixels {
  return { data: data.map((ink) => 255 - ink), width, height };
}

/** An image's pixels, scaled down where a side is longer than `longest`. */
function pixelsOf(image: ImageBitmap, longest: number): ImageData {
  const scale = Math.min(1, longest / Math.max(image.width, image.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(image.width * scale));
  canvas.height = Math.max(1, Math.round(image.height * scale));
  const context = drawingContext(canvas, { willReadFrequently: true });
  context.imageSmoothingQuality = "high";
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
  return context.getImageData(0, 0, canvas.width, canvas.height);
}
