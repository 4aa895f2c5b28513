export { adjustBrightness, adjustContrast } from "./arrays/adjust.ts";
export { centralCrop, cropToBoundingBox } from "./arrays/crop.ts";
export { flipLeftRight } from "./arrays/flip.ts";
export {
  type ColorJitterOptions,
  colorJitter,
  randomAutoContrast,
  randomBrightness,
  randomContrast,
  randomEqualize,
  randomGamma,
  randomGrayscale,
  randomHue,
  randomInvert,
  randomPosterize,
  randomSaturation,
  randomSharpness,
  randomSolarize,
} from "./augment/colours.ts";
export type { Range } from "./augment/check-range.ts";
export {
  type RandomResizedCropOptions,
  type ResizeOperationOptions,
  centerCrop,
  pad,
  randomCrop,
  randomResizedCrop,
  resize,
} from "./augment/crops.ts";
export { type RandomErasingOptions, cutout, randomErasing } from "./augment/erasing.ts";
export { randomFlipLeftRight, randomFlipUpDown } from "./augment/flips.ts";
export { type ImageDataGeneratorOptions, imageDataGenerator } from "./augment/image-data-generator.ts";
export {
  type ImageOperation,
  type OperationDescription,
  type PartOperation,
  isDescribed,
} from "./augment/image-operation.ts";
export { describeOperation, imageOperation, operationMakerName } from "./augment/operations.ts";
export { randAugment, trivialAugment } from "./augment/policies.ts";
export {
  type FillOptions,
  type RandomAffineOptions,
  randomAffine,
  randomPerspective,
  randomRotation,
  randomTranslation,
  randomZoom,
} from "./augment/warps.ts";
export type { Interpolation } from "./geometry/axis-taps.ts";
export { scaleLevels } from "./kernels/scale-levels.ts";
export { type PixelBox, type ResizeOptions, interpolations, resizePixels } from "./geometry/resize.ts";
export type { FillMode } from "./geometry/warp.ts";
export type { ColorMode } from "./decode/colour-mode.ts";
export { decodeImage, lendImage, measureImage } from "./decode/decode-image.ts";
export type { DecodeNote, DecodeOptions } from "./decode/decode-options.ts";
export type { ImageDetails } from "./decode/header/image-details.ts";
export { type ImageHeader, readImageHeader } from "./decode/header/image-header.ts";
export type { FileKind, ImageKind } from "./decode/header/image-kind.ts";
export type { Orientation } from "./decode/orientation.ts";
export type { PixelLimit } from "./decode/pixel-limit.ts";
export type { ImageSize } from "./decode/platform-request.ts";
export type { Picture } from "./drawable/known-picture.ts";
export { type PictureReader, type ReadPictureOptions, pictureReader, readPicture } from "./drawable/read-picture.ts";
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
  pictureChannels,
  plainPreprocessing,
  requirePreprocessing,
} from "./preprocessing/preprocessing.ts";
