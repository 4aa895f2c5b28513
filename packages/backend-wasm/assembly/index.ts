export { binary, setBinaryAxis } from "./binary";
export { fail, initialize, setScratch, stop, work } from "./control";
export { convolutionFilterGradient, convolutionForward, convolutionInputGradient, setGeometry } from "./convolution";
export { matrixProduct } from "./matmul";
export { optimize } from "./optimizer";
export { averagePool, averagePoolGradient, maxPool, maxPoolGradient, setWindow } from "./pooling";
export { reduce, softmax } from "./reduction";
export { unary } from "./unary";
export { tile1, tile2, tile4, tile6 } from "./gemm";
