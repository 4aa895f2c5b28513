export { type InPlaceDevice, type InPlaceRule, updateInPlace } from "./contract/in-place.ts";
export { registerGradients } from "./gradients/register-gradients.ts";
export { conv2dMaxPool } from "./operations/convolution/conv2d-max-pool.ts";
export { conv2dTranspose } from "./operations/convolution/conv2d-transpose.ts";
export { conv2d, type Conv2DGeometry } from "./operations/convolution/conv2d.ts";
export { conv3dTranspose } from "./operations/convolution/conv3d-transpose.ts";
export { conv3d } from "./operations/convolution/conv3d.ts";
export {
  asImageKernel,
  asImageLengths,
  asImages,
  convolveInFormat,
  throughChannelsLast,
  throughImages,
} from "./operations/convolution/data-format.ts";
export { depthwiseConv2d } from "./operations/convolution/depthwise.ts";
export { type FusableActivation, linear } from "./operations/convolution/fusable-activation.ts";
export { alphaDropout, dropout } from "./operations/elementwise/dropout.ts";
export { normalNoise } from "./operations/elementwise/normal-noise.ts";
export { gelu, silu } from "./operations/elementwise/smooth-activations.ts";
export { sparsemax, sparsemaxSteps } from "./operations/elementwise/sparsemax.ts";
export { type Box, boxMasks, drawBox } from "./operations/images/box-masks.ts";
export { equalizeTiles } from "./operations/images/equalize-tiles.ts";
export { filterImages, gaussianWeights, outerProduct } from "./operations/images/filter-images.ts";
export { grayscale } from "./operations/images/grayscale.ts";
export { countValues, lookUp, steps } from "./operations/images/histograms.ts";
export { type Corners, homography } from "./operations/images/homography.ts";
export { hsvFromRgb, rgbFromHsv } from "./operations/images/hsv.ts";
export { type FillMode, type ProjectiveMatrix, projectiveTransform } from "./operations/images/projective-transform.ts";
export { sampleImages } from "./operations/images/sample-images.ts";
export type { InnerWork } from "./operations/inner-work.ts";
export { sharedMaximum } from "./operations/losses/shared-maximum.ts";
export { sigmoidCrossentropy } from "./operations/losses/sigmoid-crossentropy.ts";
export { softmaxCrossentropy, sparseSoftmaxCrossentropy } from "./operations/losses/softmax-crossentropy.ts";
export { batchDot } from "./operations/matrix/batch-dot.ts";
export { dense } from "./operations/matrix/dense.ts";
export { cropEnds, padEnds } from "./operations/movement/margins.ts";
export type { Interpolation } from "./operations/movement/resampling-weights.ts";
export {
  borderOfProportions,
  cropToProportions,
  padToProportions,
  resizeImages,
  resizingWork,
  windowOfProportions,
} from "./operations/movement/resize-images.ts";
export { upSample2d, upSample3d, type UpSamplingInterpolation } from "./operations/movement/up-sampling.ts";
export {
  channelMoments,
  type Moments,
  normalizeByMoments,
  normalizeByOwnMoments,
  rowsOf,
  type Scaling,
} from "./operations/normalization/batch-normalization.ts";
export { deviationOf, renormalized, type RenormClipping } from "./operations/normalization/batch-renormalization.ts";
export {
  type LayerScaling,
  normalizeLayer,
  scaleByRootMeanSquare,
  scaleLayerByVariance,
} from "./operations/normalization/layer-normalization.ts";
export { kerasEpsilon, normalize } from "./operations/normalization/normalize.ts";
export { RunningMoments } from "./operations/normalization/running-moments.ts";
export { spectrallyNormalized } from "./operations/normalization/spectral-normalization.ts";
export { adaptivePool, adaptiveWindows, elementsUnder } from "./operations/pooling/adaptive-pool.ts";
export { globalAveragePool, globalMaxPool } from "./operations/pooling/global-pool.ts";
export { averagePool2d, maxPool2d } from "./operations/pooling/pool2d.ts";
export { averagePool3d, maxPool3d } from "./operations/pooling/pool3d.ts";
