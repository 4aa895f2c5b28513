export type { Batch, BatchArrays, BatchSource, BatchStream } from "./batch-source.ts";
export { type OptionNames, checkOptions, nearestName } from "./checks/check-options.ts";
export {
  type AxisPadding,
  type Padding,
  convolutionOutputSize,
  dilatedKernelSize,
  samePadding,
} from "./shapes/convolution.ts";
export { describeValue, printable, shorten } from "./text/describe-value.ts";
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
export { fromFloat16, toBFloat16, toFloat16 } from "./arrays/float16.ts";
export { isTypedArray } from "./arrays/is-typed-array.ts";
export { fingerprintOf } from "./fingerprint.ts";
export { type DataType, HostArray, type NestedNumbers, type TypedArray } from "./arrays/host-array.ts";
export { type RandomState, RandomStream } from "./random/random.ts";
export {
  type AnyOptions,
  type Options,
  type Settled,
  areDeclared,
  readOptions,
  settleOptions,
  writeOptions,
} from "./options/declared-options.ts";
export { Option, type OptionKind, type SavedOptions } from "./options/option.ts";
export { refuseMethods } from "./checks/refuse-methods.ts";
export { refuseOptions } from "./checks/refuse-options.ts";
export { requireHostArray } from "./checks/require-array.ts";
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
} from "./shapes/shape.ts";
export { isolateRightToLeft } from "./text/text-direction.ts";
