import { argument, launch, scratchPointer, setArgument, threads } from "../runtime/control";
import {
  ACTIVATION,
  BATCH,
  BIAS,
  BIAS_GRADIENT,
  BLOCK_ROWS,
  CHUNKS,
  FILTER,
  IMAGES_PER_TASK,
  INPUT,
  MASK,
  OUTPUT,
  PANELS,
  PANEL_ROW,
  PANEL_STRIDE,
  PARTIALS,
  SUM_BLOCK,
} from "./convolution-job";
import { addOuterProducts, block } from "../matrix/gemm";
import { maskGradient } from "../matrix/mask";
import { packPanels } from "../matrix/panels";
import { gather, patchLength, patchStride, patchesAreInput, rowsThatFit, scatter } from "./patches";
import { addInto, clear, copyFloats } from "../vector/simd";
import { isThin, thinFilterGradient, thinForward } from "./thin-convolution";
import { REPLACE } from "../matrix/tile";
import { LINEAR } from "../../src/codes/epilogue";
import { IN_CHANNELS, IN_HEIGHT, IN_WIDTH, OUT_CHANNELS, OUT_HEIGHT, OUT_WIDTH } from "../runtime/window";
import { TILE_COLUMNS } from "../../src/codes/tile";

/**
 * Two-dimensional convolution over NHWC data with HWIO filters, as matrix products over gathered patches.
 *
 * A patch row holds the `K = kernelHeight * kernelWidth * inChannels` input values of one output position.
 * Forward: `y = patches * w`. Filter gradient: `dw = patches' * dy`. Input gradient: `dy * w'`, scattered back.
 * Only a block of patch rows exists at a time, in the thread's working memory.
 */

/** Bytes of patches in a block of the forward pass and of the input gradient: about a first-level cache. */
const PATCH_BYTES: i32 = 49152;
/** In a block of the filter gradient, where rows are the summed axis and few would make short tiles: a second-level one. */
const SUMMED_PATCH_BYTES: i32 = 98304;

/** Positions that one task of a thin convolution takes. */
const THIN_BLOCK: i32 = 1024;

function packFilterTask(panel: i32): void {
  const outChannels = argument(OUT_CHANNELS);
  packPanels(
    argument(FILTER),
    (<usize>outChannels) << 2,
    4,
    patchLength(),
    outChannels,
    argument(PANELS),
    panel,
    panel + 1,
  );
}

function forwardTask(task: i32): void {
  const length = patchLength();
  const outChannels = argument(OUT_CHANNELS);
  const positions = argument(BATCH) * argument(OUT_HEIGHT) * argument(OUT_WIDTH);
  const blockRows = argument(BLOCK_ROWS);
  const first = task * blockRows;
  const rows = min(blockRows, positions - first);
  if (isThin()) {
    thinForward(first, rows, argument(INPUT), argument(FILTER), argument(OUTPUT), argument(BIAS), argument(ACTIVATION));
    return;
  }
  let stride = (<usize>length) << 2;
  let patches = <usize>argument(INPUT) + <usize>first * stride;
  if (!patchesAreInput()) {
    stride = patchStride(length);
    patches = scratchPointer();
    gather(argument(INPUT), first, rows, patches, stride);
  }
  block(
    patches,
    stride,
    4,
    argument(PANELS),
    argument(PANEL_STRIDE),
    argument(PANEL_ROW),
    length,
    <usize>argument(OUTPUT) + ((<usize>(first * outChannels)) << 2),
    (<usize>outChannels) << 2,
    rows,
    outChannels,
    REPLACE,
    argument(BIAS),
    argument(ACTIVATION),
  );
}

/**
 * `y = activation(conv(x, w) + bias)`; the geometry is set first.
 *
 * @param bias floats for each output channel, or 0
 * @param panels working memory for the packed filter, `K * (outChannels rounded up to 8)` floats, or 0: then the filter
 *   is read where it lies, and outChannels is a multiple of 8
 */
export function convolutionForward(
  batch: i32,
  input: usize,
  filter: usize,
  output: usize,
  bias: usize,
  activation: i32,
  panels: usize,
): void {
  const outChannels = argument(OUT_CHANNELS);
  const length = patchLength();
  setArgument(BATCH, batch);
  setArgument(INPUT, <i32>input);
  setArgument(FILTER, <i32>filter);
  setArgument(OUTPUT, <i32>output);
  setArgument(BIAS, <i32>bias);
  setArgument(ACTIVATION, activation);
  const thin = isThin();
  if (panels == 0 || thin) {
    setArgument(PANELS, <i32>filter);
    setArgument(PANEL_STRIDE, TILE_COLUMNS << 2);
    setArgument(PANEL_ROW, outChannels << 2);
  } else {
    setArgument(PANELS, <i32>panels);
    setArgument(PANEL_STRIDE, length << 5);
    setArgument(PANEL_ROW, 32);
    launch(packFilterTask.index, (outChannels + TILE_COLUMNS - 1) / TILE_COLUMNS);
  }
  const positions = batch * argument(OUT_HEIGHT) * argument(OUT_WIDTH);
  const blockRows = thin ? THIN_BLOCK : rowsThatFit(PATCH_BYTES, patchStride(length));
  setArgument(BLOCK_ROWS, blockRows);
  launch(forwardTask.index, (positions + blockRows - 1) / blockRows);
}

function filterGradientTask(chunk: i32): void {
  const length = patchLength();
  const outChannels = argument(OUT_CHANNELS);
  const positions = argument(BATCH) * argument(OUT_HEIGHT) * argument(OUT_WIDTH);
  const chunks = argument(CHUNKS);
  const end = <i32>((<i64>positions * (chunk + 1)) / chunks);
  const blockRows = argument(BLOCK_ROWS);
  const partial = <usize>argument(PARTIALS) + ((<usize>chunk * <usize>((length + 1) * outChannels)) << 2);
  const biasPartial = partial + ((<usize>(length * outChannels)) << 2);
  const mask = <usize>argument(MASK);
  const direct = patchesAreInput();
  const stride: usize = direct ? (<usize>length) << 2 : patchStride(length);
  clear(partial, (length + 1) * outChannels);
  if (isThin()) {
    const first = <i32>((<i64>positions * chunk) / chunks);
    const gradient = argument(OUTPUT);
    thinFilterGradient(first, end - first, argument(INPUT), gradient, mask, argument(ACTIVATION), partial);
    return;
  }
  for (let first = <i32>((<i64>positions * chunk) / chunks); first < end; first += blockRows) {
    const rows = min(blockRows, end - first);
    const offset = (<usize>(first * outChannels)) << 2;
    let patches = scratchPointer();
    let gradient = <usize>argument(OUTPUT) + offset;
    if (mask != 0) {
      maskGradient(patches, gradient, mask + offset, rows * outChannels, argument(ACTIVATION));
      gradient = patches;
      patches += <usize>((rows * outChannels + TILE_COLUMNS) << 2);
    }
    if (direct) patches = <usize>argument(INPUT) + <usize>first * stride;
    else gather(argument(INPUT), first, rows, patches, stride);
    const rowBytes = (<usize>outChannels) << 2;
    addOuterProducts(patches, stride, gradient, rowBytes, rows, partial, rowBytes, length, outChannels);
    for (let row = 0; row < rows; row++) addInto(biasPartial, gradient + <usize>row * rowBytes, outChannels);
  }
}

export function sumPartialsTask(task: i32): void {
  const size = (patchLength() + 1) * argument(OUT_CHANNELS);
  const filterSize = patchLength() * argument(OUT_CHANNELS);
  const first = task * SUM_BLOCK;
  const count = min(SUM_BLOCK, size - first);
  const total = <usize>argument(PARTIALS) + ((<usize>first) << 2);
  for (let chunk = 1; chunk < argument(CHUNKS); chunk++) {
    addInto(total, total + ((<usize>chunk * <usize>size) << 2), count);
  }
  const inFilter = max(0, min(count, filterSize - first));
  copyFloats(<usize>argument(FILTER) + ((<usize>first) << 2), total, inFilter);
  if (argument(BIAS_GRADIENT) != 0 && inFilter < count) {
    copyFloats(
      <usize>argument(BIAS_GRADIENT) + ((<usize>(first + inFilter - filterSize)) << 2),
      total + ((<usize>inFilter) << 2),
      count - inFilter,
    );
  }
}

/**
 * `dw = patches(x)' * dy`, and `db = sum of dy` where `biasGradient` is not 0.
 *
 * The positions are cut into `chunks`; each chunk sums into its own `(K + 1) * outChannels` floats of `partials`, which
 * are then added in order: the result does not depend on which thread took which chunk.
 *
 * @param mask output of the ReLU or ReLU6 that followed, whose gradient is taken on the way, or 0
 */
export function convolutionFilterGradient(
  batch: i32,
  input: usize,
  outputGradient: usize,
  filterGradient: usize,
  biasGradient: usize,
  mask: usize,
  activation: i32,
  partials: usize,
  chunks: i32,
): void {
  setArgument(BATCH, batch);
  setArgument(INPUT, <i32>input);
  setArgument(OUTPUT, <i32>outputGradient);
  setArgument(FILTER, <i32>filterGradient);
  setArgument(BIAS_GRADIENT, <i32>biasGradient);
  setArgument(MASK, <i32>mask);
  setArgument(ACTIVATION, activation);
  setArgument(PARTIALS, <i32>partials);
  setArgument(CHUNKS, chunks);
  setArgument(BLOCK_ROWS, rowsThatFit(SUMMED_PATCH_BYTES, patchStride(patchLength()) + (argument(OUT_CHANNELS) << 2)));
  launch(filterGradientTask.index, chunks);
  launch(sumPartialsTask.index, ((patchLength() + 1) * argument(OUT_CHANNELS) + SUM_BLOCK - 1) / SUM_BLOCK);
}

function packTransposedTask(panel: i32): void {
  const outChannels = argument(OUT_CHANNELS);
  packPanels(
    argument(FILTER),
    4,
    (<usize>outChannels) << 2,
    outChannels,
    patchLength(),
    argument(PANELS),
    panel,
    panel + 1,
  );
}

function inputGradientTask(task: i32): void {
  const length = patchLength();
  const outChannels = argument(OUT_CHANNELS);
  const positions = argument(OUT_HEIGHT) * argument(OUT_WIDTH);
  const firstImage = task * argument(IMAGES_PER_TASK);
  const images = min(argument(IMAGES_PER_TASK), argument(BATCH) - firstImage);
  const end = (firstImage + images) * positions;
  const blockRows = argument(BLOCK_ROWS);
  const mask = <usize>argument(MASK);
  const stride = <usize>patchStride(length);
  const size = argument(IN_HEIGHT) * argument(IN_WIDTH) * argument(IN_CHANNELS);
  clear(<usize>argument(INPUT) + ((<usize>firstImage * <usize>size) << 2), images * size);
  for (let first = firstImage * positions; first < end; first += blockRows) {
    const rows = min(blockRows, end - first);
    const offset = (<usize>(first * outChannels)) << 2;
    let patches = scratchPointer();
    let gradient = <usize>argument(OUTPUT) + offset;
    if (mask != 0) {
      maskGradient(patches, gradient, mask + offset, rows * outChannels, argument(ACTIVATION));
      gradient = patches;
      patches += <usize>((rows * outChannels + TILE_COLUMNS) << 2);
    }
    block(
      gradient,
      (<usize>outChannels) << 2,
      4,
      argument(PANELS),
      (<usize>outChannels) << 5,
      32,
      outChannels,
      patches,
      stride,
      rows,
      length,
      REPLACE,
      0,
      LINEAR,
    );
    scatter(first, rows, patches, stride, argument(INPUT));
  }
}

/**
 * `dx`: the patches' gradients `dy * w'`, added up where patches overlap.
 *
 * @param mask output of the ReLU or ReLU6 that followed, whose gradient is taken on the way, or 0
 * @param panels working memory of `outChannels * (K rounded up to 8)` floats
 */
export function convolutionInputGradient(
  batch: i32,
  outputGradient: usize,
  filter: usize,
  inputGradient: usize,
  mask: usize,
  activation: i32,
  panels: usize,
): void {
  setArgument(BATCH, batch);
  setArgument(INPUT, <i32>inputGradient);
  setArgument(OUTPUT, <i32>outputGradient);
  setArgument(FILTER, <i32>filter);
  setArgument(MASK, <i32>mask);
  setArgument(ACTIVATION, activation);
  setArgument(PANELS, <i32>panels);
  const positions = argument(OUT_HEIGHT) * argument(OUT_WIDTH);
  const blockRows = rowsThatFit(PATCH_BYTES, patchStride(patchLength()) + (argument(OUT_CHANNELS) << 2));
  setArgument(BLOCK_ROWS, blockRows);
  // Small images go together, so that tiles are whole; every thread should still find several tasks.
  const together = max(1, min((blockRows * 2) / max(1, positions), batch / (4 * threads())));
  setArgument(IMAGES_PER_TASK, together);
  launch(packTransposedTask.index, (patchLength() + TILE_COLUMNS - 1) / TILE_COLUMNS);
  launch(inputGradientTask.index, (batch + together - 1) / together);
}
