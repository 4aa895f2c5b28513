export { digitOfImage } from "./digit/ink-of-image.ts";
export type { InkPicture } from "./digit/ink-picture.ts";
export { DIGIT_SIZE, normaliseDigit } from "./digit/normalise-digit.ts";
export { type DigitReaderTraits, readsDigits } from "./digit/reads-digits.ts";
export type { Pixels } from "./pixels.ts";
export { preprocessBatch } from "./preprocessing/preprocess-batch.ts";
export { preprocessPixels } from "./preprocessing/preprocess-pixels.ts";
export {
  type Preprocessing,
  channelCount,
  parsePreprocessing,
  plainPreprocessing,
  requirePreprocessing,
} from "./preprocessing/preprocessing.ts";
