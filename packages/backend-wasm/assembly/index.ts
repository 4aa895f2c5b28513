export { bestIndex } from "./best-index";
export { batchNormalizationGradient } from "./batch-normalization-gradient";
export { activationGradient } from "./activation-gradient";
export { binary } from "./binary";
export { cast } from "./cast";
export { setColumns } from "./columns";
export { compare } from "./comparison";
export { copy } from "./copying";
export { done, fail, failureReport, finish, initialize, leftTask, published, setScratch, stop, work } from "./control";
export { convolutionFilterGradient, convolutionForward, convolutionInputGradient } from "./convolution";
export { setGeometry } from "./geometry";
export { softmaxCrossentropy } from "./crossentropy";
export { depthwiseForward, depthwiseInputGradient, repeatValues, setDepthwiseGeometry, sumGroups } from "./depthwise";
export { depthwiseFilterGradient } from "./depthwise-filter-gradient";
export { fold } from "./fold";
export { elementary, test } from "./elementary";
export { groupedFilterGradient, groupedForward, groupedInputGradient } from "./grouped-convolution";
export { layerNormalization, layerNormalizationGradient } from "./layer-normalization";
export { matrixProduct } from "./matmul";
export { channelMoments } from "./moments";
export { normalize } from "./normalization";
export { optimize } from "./optimizer";
export { fill, pad } from "./padding";
export { averagePool, averagePoolGradient } from "./average-pooling";
export { maxPool, maxPoolChoosing } from "./max-pooling";
export { maxPoolChosenGradient, maxPoolGradient } from "./max-pooling-gradient";
export { setWindow } from "./window";
export { reduce, softmax } from "./reduction";
export { scan } from "./scan";
export { joinIndices, scatter } from "./scattering";
export { gather, indexOutside, oneHot, select } from "./selection";
export { rearrange } from "./shaping";
export {
  resizeBilinear,
  resizeBilinearGradient,
  resizeNearest,
  resizeNearestGradient,
  setResizing,
} from "./resizing";
export { thinPooledFilterGradient, thinPooledForward } from "./thin-pooling";
export { unary } from "./unary";
export { setWalkAxis } from "./walk";
export { addTile1, addTile2, addTile4, addTile6, tile1, tile2, tile4, tile6 } from "./tile";
export { setWinogradPooling, winogradForward, winogradInputGradient } from "./winograd";
export { winogradFilterGradient, winogradFilterGradientByPosition } from "./winograd-filter-gradient";
