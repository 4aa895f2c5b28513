export { bestIndex } from "./reduction/best-index";
export { batchNormalizationGradient } from "./normalization/batch-normalization-gradient";
export { activationGradient } from "./elementwise/activation-gradient";
export { binary } from "./elementwise/binary";
export { cast } from "./elementwise/cast";
export { setColumns } from "./normalization/columns";
export { compare } from "./elementwise/comparison";
export { copy } from "./runtime/copying";
export {
  done,
  fail,
  failureReport,
  finish,
  initialize,
  leftTask,
  published,
  setScratch,
  stop,
  work,
} from "./runtime/control";
export { convolutionFilterGradient, convolutionForward, convolutionInputGradient } from "./convolution/convolution";
export { setWindow } from "./runtime/window";
export { softmaxCrossentropy } from "./training/crossentropy";
export { depthwiseForward, depthwiseInputGradient, repeatValues, sumGroups } from "./convolution/depthwise";
export { depthwiseFilterGradient } from "./convolution/depthwise-filter-gradient";
export { fold } from "./reduction/fold";
export { elementary, test } from "./elementwise/elementary";
export { groupedFilterGradient, groupedForward, groupedInputGradient } from "./convolution/grouped-convolution";
export { layerNormalization, layerNormalizationGradient } from "./normalization/layer-normalization";
export { matrixProduct } from "./matrix/matmul";
export { channelMoments } from "./normalization/moments";
export { normalize } from "./normalization/normalization";
export { optimize } from "./training/optimizer";
export { fill, pad } from "./movement/padding";
export { averagePool, averagePoolGradient } from "./pooling/average-pooling";
export { maxPool, maxPoolChoosing } from "./pooling/max-pooling";
export { maxPoolChosenGradient, maxPoolGradient } from "./pooling/max-pooling-gradient";
export { reduce, softmax } from "./reduction/reduction";
export { scan } from "./reduction/scan";
export { joinIndices, scatter } from "./movement/scattering";
export { gather, indexOutside, oneHot, select } from "./movement/selection";
export { rearrange } from "./movement/shaping";
export {
  resizeBilinear,
  resizeBilinearGradient,
  resizeNearest,
  resizeNearestGradient,
  setResizing,
} from "./movement/resizing";
export { thinPooledFilterGradient, thinPooledForward } from "./convolution/thin-pooling";
export { unary } from "./elementwise/unary";
export { setWalkAxis } from "./runtime/walk";
export { addTile1, addTile2, addTile4, addTile6, tile1, tile2, tile4, tile6 } from "./matrix/tile";
export { setWinogradPooling, winogradForward, winogradInputGradient } from "./winograd/winograd";
export { winogradFilterGradient, winogradFilterGradientByPosition } from "./winograd/winograd-filter-gradient";
