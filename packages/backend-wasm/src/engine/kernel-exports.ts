import type { ConvolutionExports } from "./convolution-exports.ts";

/** Functions of the kernel binaries; pointers are byte offsets in the memory. See `assembly/` for their meaning. */
export interface KernelExports extends ConvolutionExports {
  initialize(threads: number, index: number, maySleep: boolean, milliseconds: number): void;
  failureReport(): number;
  setScratch(pointer: number, bytes: number): void;
  finish(): void;
  copy(from: number, to: number, bytes: number): void;
  leftTask(): number;
  published(): number;
  done(): number;
  stop(): void;
  elementary(operation: number, input: number, output: number, count: number): void;
  test(operation: number, input: number, output: number, count: number): void;
  matrixProduct(
    batch: number,
    rows: number,
    columns: number,
    depth: number,
    a: number,
    aRow: number,
    aStep: number,
    aBatch: number,
    b: number,
    bRow: number,
    bColumn: number,
    bBatch: number,
    output: number,
    bias: number,
    activation: number,
    panels: number,
  ): void;
  unary(operation: number, input: number, output: number, count: number, alpha: number, beta: number): void;
  activationGradient(
    operation: number,
    gradient: number,
    value: number,
    output: number,
    count: number,
    alpha: number,
  ): void;
  binary(
    operation: number,
    a: number,
    b: number,
    output: number,
    rank: number,
    rows: number,
    length: number,
    aStep: number,
    bStep: number,
  ): void;
  setWindow(
    inHeight: number,
    inWidth: number,
    channels: number,
    outHeight: number,
    outWidth: number,
    windowHeight: number,
    windowWidth: number,
    strideHeight: number,
    strideWidth: number,
    dilationHeight: number,
    dilationWidth: number,
    padTop: number,
    padLeft: number,
  ): void;
  maxPool(batch: number, input: number, output: number): void;
  maxPoolChoosing(batch: number, images: number, pooled: number, choices: number): void;
  maxPoolGradient(batch: number, input: number, gradient: number, inputGradient: number): void;
  maxPoolChosenGradient(batch: number, choices: number, gradient: number, inputGradient: number): void;
  averagePool(batch: number, input: number, output: number): void;
  averagePoolGradient(batch: number, gradient: number, inputGradient: number): void;
  reduce(operation: number, input: number, output: number, outer: number, length: number, inner: number): void;
  softmax(input: number, output: number, rows: number, length: number): void;
  softmaxCrossentropy(
    logits: number,
    labels: number,
    sparse: boolean,
    loss: number,
    gradient: number,
    rowCount: number,
    length: number,
  ): void;
  setColumns(
    channels: number,
    width: number,
    wideRows: number,
    tail: number,
    rowsPerBlock: number,
    blocks: number,
    blocksPerTask: number,
    partials: number,
  ): void;
  channelMoments(input: number, mean: number, variance: number): void;
  batchNormalizationGradient(
    input: number,
    gradient: number,
    mean: number,
    variance: number,
    scale: number,
    epsilon: number,
    inputGradient: number,
    scaleGradient: number,
    offsetGradient: number,
    parameters: number,
  ): void;
  layerNormalization(
    input: number,
    scale: number,
    offset: number,
    epsilon: number,
    output: number,
    mean: number,
    variance: number,
    rows: number,
    length: number,
    rowsPerTask: number,
  ): void;
  layerNormalizationGradient(
    input: number,
    gradient: number,
    mean: number,
    variance: number,
    scale: number,
    epsilon: number,
    inputGradient: number,
    scaleGradient: number,
    offsetGradient: number,
    rows: number,
    length: number,
    rowsPerTask: number,
    partials: number,
  ): void;
  normalize(
    input: number,
    output: number,
    count: number,
    mean: number,
    variance: number,
    scale: number,
    offset: number,
    epsilon: number,
    period: number,
    parameters: number,
    length: number,
  ): void;
  setResizing(
    batch: number,
    inHeight: number,
    inWidth: number,
    channels: number,
    outHeight: number,
    outWidth: number,
    images: number,
    resized: number,
    rowTable: number,
    columnTable: number,
  ): void;
  resizeBilinear(): void;
  resizeBilinearGradient(): void;
  resizeNearest(): void;
  resizeNearestGradient(): void;
  optimize(
    operation: number,
    pieces: number,
    count: number,
    rate: number,
    decay: number,
    share: number,
    secondShare: number,
    movement: number,
    epsilon: number,
    weightDecay: number,
  ): void;
  setWalkAxis(axis: number, length: number, firstStride: number, secondStride: number): void;
  rearrange(
    input: number,
    output: number,
    shift: number,
    rank: number,
    count: number,
    rows: number,
    rowInput: number,
    rowOutput: number,
    columns: number,
    columnInput: number,
    columnOutput: number,
  ): void;
  pad(
    input: number,
    output: number,
    shift: number,
    bits: number,
    rank: number,
    rows: number,
    before: number,
    kept: number,
    columns: number,
  ): void;
  fill(output: number, count: number, bits: number, shift: number): void;
  cast(operation: number, input: number, output: number, count: number): void;
  compare(
    operation: number,
    type: number,
    a: number,
    b: number,
    output: number,
    rank: number,
    rows: number,
    length: number,
    aRepeats: number,
    bRepeats: number,
  ): void;
  scan(
    operation: number,
    input: number,
    output: number,
    outer: number,
    length: number,
    inner: number,
    exclusive: boolean,
    backward: boolean,
  ): void;
  joinIndices(indices: number, joined: number, count: number, depth: number, length: number): number;
  scatter(
    indices: number,
    updates: number,
    output: number,
    count: number,
    length: number,
    inner: number,
    integers: boolean,
  ): void;
  indexOutside(indices: number, count: number, length: number): number;
  gather(
    input: number,
    indices: number,
    output: number,
    shift: number,
    rows: number,
    count: number,
    outer: number,
    length: number,
    inner: number,
  ): void;
  oneHot(indices: number, output: number, rows: number, depth: number, on: number, off: number): void;
  select(condition: number, chosen: number, other: number, output: number, count: number, shift: number): void;
  bestIndex(operation: number, input: number, output: number, outer: number, length: number, inner: number): void;
  fold(operation: number, input: number, output: number, outer: number, length: number, inner: number): void;
}
