export {
  type AxisPadding,
  type Padding,
  convolutionOutputSize,
  dilatedKernelSize,
  samePadding,
} from "./convolution.ts";
export {
  AbortedError,
  FeaturemapError,
  FormatError,
  InvalidConfigError,
  NonFiniteError,
  ShapeError,
  UnavailableError,
} from "./errors.ts";
export { type DataType, HostArray, type NestedNumbers, type TypedArray } from "./host-array.ts";
export {
  type Pixels,
  type Preprocessing,
  channelCount,
  parsePreprocessing,
  plainPreprocessing,
  preprocessBatch,
  preprocessPixels,
} from "./preprocessing.ts";
export { type RandomState, RandomStream } from "./random.ts";
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
