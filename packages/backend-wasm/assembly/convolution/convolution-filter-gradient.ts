import { TILE_COLUMNS } from "../../src/codes/tile";
import { addOuterProducts } from "../matrix/gemm";
import { maskGradient } from "../matrix/mask";
import { argument, setArgument } from "../runtime/arguments";
import { launch, scratchPointer } from "../runtime/control";
import { OUT_CHANNELS, OUT_HEIGHT, OUT_WIDTH } from "../runtime/window";
import { addInto, clear, copyFloats } from "../vector/simd";
import {
  ACTIVATION,
  BATCH,
  BIAS_GRADIENT,
  BLOCK_ROWS,
  CHUNKS,
  FILTER,
  INPUT,
  MASK,
  OUTPUT,
  PARTIALS,
  SUM_BLOCK,
} from "./convolution-job";
import { gather, patchLength, patchStride, patchesAreInput, rowsThatFit } from "./patches";
import { isThin, thinFilterGradient } from "./thin-convolution";

/** Gradients of a convolution towards filter and bias: `dw = patches' * dy`. */

/** Bytes of patches in a block, whose rows are the summed axis, so that few would make short tiles: a second-level cache. */
const SUMMED_PATCH_BYTES: i32 = 98304;

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
