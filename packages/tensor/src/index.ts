export { type OptionNames, checkOptions, nearestName } from "./check-options.ts";
export {
  type AxisPadding,
  type Padding,
  convolutionOutputSize,
  dilatedKernelSize,
  samePadding,
} from "./convolution.ts";
export { describeValue, printable, shorten } from "./describe-value.ts";
export { digitOfImage } from "./digit/ink-of-image.ts";
export type { InkPicture } from "./digit/ink-picture.ts";
export { DIGIT_SIZE, normaliseDigit } from "./digit/normalise-digit.ts";
export { type DigitReaderTraits, readsDigits } from "./digit/reads-digits.ts";
export {
  AbortedError,
  DeviceFailureError,
  DeviceLostError,
  FeaturemapError,
  FormatError,
  InvalidConfigError,
  NonFiniteError,
  NotReadyError,
  OutOfMemoryError,
  ShapeError,
  UnavailableError,
} from "./errors.ts";
export { type DataType, HostArray, type NestedNumbers, type TypedArray } from "./host-array.ts";
export { preprocessBatch } from "./preprocess-batch.ts";
export { type Pixels, preprocessPixels } from "./preprocess-pixels.ts";
export {
  type Preprocessing,
  channelCount,
  parsePreprocessing,
  plainPreprocessing,
  requirePreprocessing,
} from "./preprocessing.ts";
export { type RandomState, RandomStream } from "./random.ts";
export { requireHostArray } from "./require-array.ts";
export { convolve1d, convolve2d, rotateFilter } from "./reference/convolve.ts";
export { type Correlate1dOptions, type Correlate2dOptions, correlate1d, correlate2d } from "./reference/correlate.ts";
export { multiply } from "./reference/multiply.ts";
export { type Pool2dOptions, averagePool2d, maxPool2d } from "./reference/pool.ts";
export {
  type FixedShape,
  type Shape,
  broadcastShapes,
  formatShape,
  resolveReshape,
  shapeAccepts,
  shapesEqual,
  sizeOf,
  stridesOf,
} from "./shape.ts";
