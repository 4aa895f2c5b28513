export { bestIndex } from "./best-index";
export { binary, setBinaryAxis } from "./binary";
export { cast } from "./cast";
export { compare } from "./comparison";
export { fail, initialize, setScratch, stop, work } from "./control";
export { convolutionFilterGradient, convolutionForward, convolutionInputGradient, setGeometry } from "./convolution";
export { softmaxCrossentropy } from "./crossentropy";
export { depthwiseForward, depthwiseInputGradient, repeatValues, setDepthwiseGeometry, sumGroups } from "./depthwise";
export { depthwiseFilterGradient } from "./depthwise-filter-gradient";
export { fold } from "./fold";
export { elementary, power, test } from "./elementary";
export { groupedFilterGradient, groupedForward, groupedInputGradient } from "./grouped-convolution";
export { matrixProduct } from "./matmul";
export { normalize } from "./normalization";
export { optimize } from "./optimizer";
export { fill, pad } from "./padding";
export { averagePool, averagePoolGradient } from "./average-pooling";
export { maxPool, maxPoolChoosing } from "./max-pooling";
export { maxPoolChosenGradient, maxPoolGradient } from "./max-pooling-gradient";
export { setWindow } from "./window";
export { reduce, softmax } from "./reduction";
export { gather, indexOutside, oneHot, select } from "./selection";
export { rearrange } from "./shaping";
export {
  resizeBilinear,
  resizeBilinearGradient,
  resizeNearest,
  resizeNearestGradient,
  setResizing,
} from "./resizing";
export { unary } from "./unary";
export { setWalkAxis } from "./walk";
export { tile1, tile2, tile4, tile6 } from "./gemm";
