export { convolutionForward } from "./convolution/convolution";
export { convolutionFilterGradient } from "./convolution/convolution-filter-gradient";
export { convolutionInputGradient } from "./convolution/convolution-input-gradient";
export { depthwiseForward } from "./convolution/depthwise";
export { depthwiseFilterGradient } from "./convolution/depthwise-filter-gradient";
export { depthwiseInputGradient } from "./convolution/depthwise-input-gradient";
export { groupedFilterGradient, groupedForward, groupedInputGradient } from "./convolution/grouped-convolution";
export { repeatValues, sumGroups } from "./convolution/repetition";
export { thinPooledForward } from "./convolution/thin-pooling";
export { thinPooledFilterGradient } from "./convolution/thin-pooling-filter-gradient";
export { activationGradient } from "./elementwise/activation-gradient";
export { binary } from "./elementwise/binary";
export { cast } from "./elementwise/cast";
export { compare } from "./elementwise/comparison";
export { elementary, test } from "./elementwise/elementary";
export { unary } from "./elementwise/unary";
export { matrixProduct } from "./matrix/matmul";
export { addTile1, addTile2, addTile4, addTile6, tile1, tile2, tile4, tile6 } from "./matrix/tile";
export { fill, pad } from "./movement/padding";
export {
  resizeBilinear,
  resizeBilinearGradient,
  resizeNearest,
  resizeNearestGradient,
  setResizing,
} from "./movement/resizing";
export { joinIndices, scatter } from "./movement/scattering";
export { gather, indexOutside, oneHot, select } from "./movement/selection";
export { rearrange } from "./movement/shaping";
export { batchNormalizationGradient } from "./normalization/batch-normalization-gradient";
export { setColumns } from "./normalization/columns";
export { layerNormalization, layerNormalizationGradient } from "./normalization/layer-normalization";
export { channelMoments } from "./normalization/moments";
export { normalize } from "./normalization/normalization";
export { averagePool, averagePoolGradient } from "./pooling/average-pooling";
export { maxPool, maxPoolChoosing } from "./pooling/max-pooling";
export { maxPoolChosenGradient, maxPoolGradient } from "./pooling/max-pooling-gradient";
export { bestIndex } from "./reduction/best-index";
export { fold } from "./reduction/fold";
export { reduce, softmax } from "./reduction/reduction";
export { scan } from "./reduction/scan";
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
export { copy } from "./runtime/copying";
export { setWalkAxis } from "./runtime/walk";
export { setWindow } from "./runtime/window";
export { softmaxCrossentropy } from "./training/crossentropy";
export { optimize } from "./training/optimizer";
export { setWinogradPooling, winogradForward, winogradInputGradient } from "./winograd/winograd";
export { winogradFilterGradient, winogradFilterGradientByPosition } from "./winograd/winograd-filter-gradient";
