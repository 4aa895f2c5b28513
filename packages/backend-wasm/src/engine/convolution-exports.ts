/** The functions of the kernel binaries for convolutions; see `assembly/convolution/`. */
export interface ConvolutionExports {
  setGeometry(
    inHeight: number,
    inWidth: number,
    inChannels: number,
    outHeight: number,
    outWidth: number,
    outChannels: number,
    kernelHeight: number,
    kernelWidth: number,
    strideHeight: number,
    strideWidth: number,
    dilationHeight: number,
    dilationWidth: number,
    padTop: number,
    padLeft: number,
  ): void;
  convolutionForward(
    batch: number,
    input: number,
    filter: number,
    output: number,
    bias: number,
    activation: number,
    panels: number,
  ): void;
  convolutionFilterGradient(
    batch: number,
    input: number,
    outputGradient: number,
    filterGradient: number,
    biasGradient: number,
    mask: number,
    activation: number,
    partials: number,
    chunks: number,
  ): void;
  convolutionInputGradient(
    batch: number,
    outputGradient: number,
    filter: number,
    inputGradient: number,
    mask: number,
    activation: number,
    panels: number,
  ): void;
  setWinogradPooling(pooled: boolean, choices: number): void;
  thinPooledForward(
    batch: number,
    input: number,
    filter: number,
    output: number,
    bias: number,
    activation: number,
    choices: number,
  ): void;
  thinPooledFilterGradient(
    batch: number,
    input: number,
    outputGradient: number,
    filterGradient: number,
    biasGradient: number,
    pooled: number,
    activation: number,
    choices: number,
    partials: number,
    chunks: number,
  ): void;
  winogradForward(
    batch: number,
    input: number,
    filter: number,
    output: number,
    bias: number,
    activation: number,
    transformed: number,
    tasks: number,
    blockChannels: number,
  ): void;
  winogradInputGradient(
    batch: number,
    outputGradient: number,
    filter: number,
    inputGradient: number,
    mask: number,
    activation: number,
    transformed: number,
    tasks: number,
    blockTiles: number,
    blockChannels: number,
  ): void;
  winogradFilterGradientByPosition(
    batch: number,
    input: number,
    outputGradient: number,
    filterGradient: number,
    biasGradient: number,
    mask: number,
    activation: number,
    sums: number,
    patches: number,
    gradients: number,
    tasks: number,
  ): void;
  winogradFilterGradient(
    batch: number,
    input: number,
    outputGradient: number,
    filterGradient: number,
    biasGradient: number,
    mask: number,
    activation: number,
    partials: number,
    chunks: number,
    blockTiles: number,
    blockChannels: number,
  ): void;
  groupedForward(
    batch: number,
    groups: number,
    images: number,
    filter: number,
    output: number,
    bias: number,
    activation: number,
    panels: number,
  ): void;
  groupedInputGradient(
    batch: number,
    groups: number,
    outputGradient: number,
    filter: number,
    inputGradient: number,
    panels: number,
  ): void;
  groupedFilterGradient(
    batch: number,
    groups: number,
    images: number,
    outputGradient: number,
    filterGradient: number,
    partials: number,
    chunks: number,
  ): void;
  setDepthwiseGeometry(
    inHeight: number,
    inWidth: number,
    channels: number,
    outHeight: number,
    outWidth: number,
    kernelHeight: number,
    kernelWidth: number,
    strideHeight: number,
    strideWidth: number,
    dilationHeight: number,
    dilationWidth: number,
    padTop: number,
    padLeft: number,
  ): void;
  depthwiseForward(
    batch: number,
    input: number,
    filter: number,
    output: number,
    bias: number,
    activation: number,
  ): void;
  depthwiseInputGradient(
    batch: number,
    outputGradient: number,
    filter: number,
    inputGradient: number,
    turned: number,
  ): void;
  depthwiseFilterGradient(
    batch: number,
    input: number,
    outputGradient: number,
    filterGradient: number,
    partials: number,
    chunks: number,
  ): void;
  repeatValues(single: number, repeated: number, count: number, repetitions: number): void;
  sumGroups(repeated: number, single: number, count: number, repetitions: number): void;
}
