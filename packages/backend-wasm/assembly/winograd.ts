import { argument, parallel, scratchPointer, setArgument } from "./control";
import { LINEAR, RELU6, REPLACE, TILE_COLUMNS, addOuterProducts, block } from "./gemm";
import { IN_CHANNELS, IN_HEIGHT, IN_WIDTH, OUT_CHANNELS, OUT_HEIGHT, OUT_WIDTH, PAD_LEFT, PAD_TOP } from "./geometry";
import { maskGradient } from "./mask";
import { addInto, clear, copyFloats } from "./simd";
import {
  transformFilter,
  transformFilterGradient,
  transformInput,
  transformInputGradient,
  transformOutputGradient,
  transformProducts,
} from "./winograd-transforms";

/**
 * Convolution of 3 x 3 filters with stride 1, by Winograd's minimal filtering F(4 x 4, 3 x 3).
 *
 * The output is cut into tiles of 4 x 4. A tile's 6 x 6 input patch is transformed; then there are 36 matrix products over
 * the channels where the direct sum has 144, one for each position in the transformed patch; then a tile of products is
 * transformed back. The gradients are the transposed steps in reverse order, on the same tiles.
 *
 * Tiles are worked on in blocks, whose transforms stay in the thread's working memory.
 * Channels: those of the input a multiple of 4, those of the output of 8.
 */

/** Positions in a transformed patch. */
const POSITIONS: usize = 36;
/** Side of an output tile, and of the patch it is made from. */
const TILE: i32 = 4;
const PATCH: usize = 6;

const BATCH: usize = 14;
const INPUT: usize = 15;
const FILTER: usize = 16;
const OUTPUT: usize = 17;
const BIAS: usize = 18;
const ACTIVATION: usize = 19;
const TRANSFORMED: usize = 20;
const MASK: usize = 21;
const BIAS_GRADIENT: usize = 22;
const PARTIALS: usize = 23;
const TASKS: usize = 24;
/** Most tiles in a block, and output channels of the forward pass (input channels of its gradient) worked on at once. */
const BLOCK_TILES: usize = 25;
const BLOCK_CHANNELS: usize = 26;

@inline function tilesAcross(): i32 {
  return (argument(OUT_WIDTH) + TILE - 1) / TILE;
}

@inline function tilesInImage(): i32 {
  return ((argument(OUT_HEIGHT) + TILE - 1) / TILE) * tilesAcross();
}

/** Bytes between two positions' matrices: off a power of two, so that 36 of them do not fall into few cache sets. */
@inline function positionStride(rows: i32, columns: i32): usize {
  return (<usize>(rows * columns) << 2) + 64;
}

/** The thread's working memory: a transform half done, a patch of any channels, then the transformed blocks. */
@inline function halfDone(): usize {
  return scratchPointer();
}

@inline function patchBuffer(): usize {
  return halfDone() + (POSITIONS << 4);
}

@inline function blocks(): usize {
  return patchBuffer() + ((POSITIONS * <usize>max(argument(IN_CHANNELS), argument(OUT_CHANNELS))) << 2);
}

/** Transforms the filter for one panel of 8 output channels: `[position][panel][input channel][8]`. */
function transformFilterTask(panel: i32): void {
  const inChannels = argument(IN_CHANNELS);
  const outChannels = argument(OUT_CHANNELS);
  const tapBytes = <usize>(inChannels * outChannels) << 2;
  const between = tapBytes;
  const half = halfDone();
  let to = <usize>argument(TRANSFORMED) + <usize>panel * (<usize>inChannels << 5);
  let from = <usize>argument(FILTER) + (<usize>panel << 5);
  for (let channel = 0; channel < inChannels; channel++) {
    for (let lane: usize = 0; lane < 32; lane += 16) {
      for (let column: usize = 0; column < 3; column++) {
        transformFilter(from + lane + column * tapBytes, 3 * tapBytes, half + (column << 4), 48);
      }
      for (let row: usize = 0; row < PATCH; row++) {
        transformFilter(half + row * 48, 16, to + lane + row * PATCH * between, between);
      }
    }
    from += <usize>outChannels << 2;
    to += 32;
  }
}

/** The same, transposed: `[position][panel of 8 input channels][output channel][8]`. */
function transformFilterTransposedTask(panel: i32): void {
  const inChannels = argument(IN_CHANNELS);
  const outChannels = argument(OUT_CHANNELS);
  const tapBytes = <usize>(inChannels * outChannels) << 2;
  const rowBytes = <usize>outChannels << 2;
  const between = <usize>(((inChannels + 7) & ~7) * outChannels) << 2;
  const half = halfDone();
  // Four input channels' transforms of four output channels, before they change places.
  const four = patchBuffer();
  const target = <usize>argument(TRANSFORMED) + <usize>panel * (<usize>outChannels << 5);
  for (let first = 0; first < 8; first += 4) {
    const firstChannel = (panel << 3) + first;
    if (firstChannel >= inChannels) {
      for (let position: usize = 0; position < POSITIONS; position++) {
        for (let row: usize = 0; row < <usize>outChannels; row++) {
          v128.store(target + position * between + (row << 5) + (<usize>first << 2), f32x4.splat(0));
        }
      }
      continue;
    }
    for (let column: usize = 0; column < <usize>outChannels; column += 4) {
      for (let lane: usize = 0; lane < 4; lane++) {
        const from = <usize>argument(FILTER) + (<usize>firstChannel + lane) * rowBytes + (column << 2);
        for (let tap: usize = 0; tap < 3; tap++) {
          transformFilter(from + tap * tapBytes, 3 * tapBytes, half + (tap << 4), 48);
        }
        for (let row: usize = 0; row < PATCH; row++) {
          transformFilter(half + row * 48, 16, four + row * PATCH * 64 + (lane << 4), 64);
        }
      }
      for (let position: usize = 0; position < POSITIONS; position++) {
        transpose(four + (position << 6), target + position * between + (column << 5) + (<usize>first << 2));
      }
    }
  }
}

/** Writes four vectors that lie side by side as columns of four rows 32 bytes apart. */
@inline function transpose(from: usize, to: usize): void {
  const a = v128.load(from);
  const b = v128.load(from, 16);
  const c = v128.load(from, 32);
  const d = v128.load(from, 48);
  const ab0 = v128.shuffle<f32>(a, b, 0, 4, 1, 5);
  const ab1 = v128.shuffle<f32>(a, b, 2, 6, 3, 7);
  const cd0 = v128.shuffle<f32>(c, d, 0, 4, 1, 5);
  const cd1 = v128.shuffle<f32>(c, d, 2, 6, 3, 7);
  v128.store(to, v128.shuffle<f32>(ab0, cd0, 0, 1, 4, 5));
  v128.store(to, v128.shuffle<f32>(ab0, cd0, 2, 3, 6, 7), 32);
  v128.store(to, v128.shuffle<f32>(ab1, cd1, 0, 1, 4, 5), 64);
  v128.store(to, v128.shuffle<f32>(ab1, cd1, 2, 3, 6, 7), 96);
}

/** Transforms the patches of `count` tiles from `first` on: `[position][tile][input channel]`. */
function transformPatches(first: i32, count: i32, to: usize, stride: usize): void {
  const inHeight = argument(IN_HEIGHT);
  const inWidth = argument(IN_WIDTH);
  const channels = argument(IN_CHANNELS);
  const across = tilesAcross();
  const inImage = tilesInImage();
  const pixelBytes = <usize>channels << 2;
  const rowBytes = <usize>inWidth * pixelBytes;
  const half = halfDone();
  for (let index = 0; index < count; index++) {
    const tile = first + index;
    const image = tile / inImage;
    const inside = tile - image * inImage;
    const y = (inside / across) * TILE - argument(PAD_TOP);
    const x = (inside % across) * TILE - argument(PAD_LEFT);
    const pixels = <usize>argument(INPUT) + <usize>image * <usize>inHeight * rowBytes;
    let from = pixels + <usize>y * rowBytes + <usize>x * pixelBytes;
    let fromRow = rowBytes;
    if (y < 0 || x < 0 || y + <i32>PATCH > inHeight || x + <i32>PATCH > inWidth) {
      fromRow = PATCH * pixelBytes;
      let cell = patchBuffer();
      from = cell;
      for (let row = y; row < y + <i32>PATCH; row++) {
        for (let column = x; column < x + <i32>PATCH; column++) {
          if (<u32>row < <u32>inHeight && <u32>column < <u32>inWidth) {
            copyFloats(cell, pixels + <usize>row * rowBytes + <usize>column * pixelBytes, channels);
          } else clear(cell, channels);
          cell += pixelBytes;
        }
      }
    }
    let target = to + <usize>index * pixelBytes;
    for (let channel = 0; channel < channels; channel += 4) {
      for (let column: usize = 0; column < PATCH; column++) {
        transformInput(from + column * pixelBytes, fromRow, half + (column << 4), PATCH << 4);
      }
      for (let row: usize = 0; row < PATCH; row++) {
        transformInput(half + row * (PATCH << 4), 16, target + row * PATCH * stride, stride);
      }
      from += 16;
      target += 16;
    }
  }
}

/**
 * Transforms output gradients of `count` tiles from `first` on: `[position][tile][channel]`, for `channels` channels from
 * `firstChannel` on. Adds them to `biasGradient` where that is not 0.
 */
function transformGradients(
  first: i32,
  count: i32,
  firstChannel: i32,
  channels: i32,
  to: usize,
  stride: usize,
  biasGradient: usize,
): void {
  const outHeight = argument(OUT_HEIGHT);
  const outWidth = argument(OUT_WIDTH);
  const across = tilesAcross();
  const inImage = tilesInImage();
  const pixelBytes = <usize>argument(OUT_CHANNELS) << 2;
  const cellBytes = <usize>channels << 2;
  const outChannels = argument(OUT_CHANNELS);
  const activation = argument(ACTIVATION);
  const mask: usize = argument(MASK) == 0 ? 0 : <usize>argument(MASK) + (<usize>firstChannel << 2);
  const gradients = <usize>argument(OUTPUT) + (<usize>firstChannel << 2);
  const half = halfDone();
  for (let index = 0; index < count; index++) {
    const tile = first + index;
    const image = tile / inImage;
    const inside = tile - image * inImage;
    const y = (inside / across) * TILE;
    const x = (inside % across) * TILE;
    let cell = patchBuffer();
    let from = cell;
    const columns = min(TILE, outWidth - x);
    // All channels of neighbouring pixels lie in one run.
    const runs = channels == outChannels ? 1 : columns;
    const runLength = channels == outChannels ? columns * channels : channels;
    const runBytes = <usize>runLength << 2;
    for (let row = y; row < y + TILE; row++) {
      let filled = 0;
      if (row < outHeight) {
        let offset = <usize>((image * outHeight + row) * outWidth + x) * pixelBytes;
        let run = cell;
        for (let index = 0; index < runs; index++) {
          if (mask == 0) copyFloats(run, gradients + offset, runLength);
          else maskGradient(run, gradients + offset, mask + offset, runLength, activation);
          run += runBytes;
          offset += pixelBytes;
        }
        filled = columns;
        if (biasGradient != 0) for (let column = 0; column < columns; column++) addInto(biasGradient, cell + <usize>column * cellBytes, channels);
      }
      if (filled < TILE) clear(cell + <usize>filled * cellBytes, (TILE - filled) * channels);
      cell += <usize>TILE * cellBytes;
    }
    let target = to + <usize>index * cellBytes;
    for (let channel = 0; channel < channels; channel += 4) {
      for (let column: usize = 0; column < <usize>TILE; column++) {
        transformOutputGradient(from + column * cellBytes, <usize>TILE * cellBytes, half + (column << 4), TILE << 4);
      }
      for (let row: usize = 0; row < PATCH; row++) {
        transformOutputGradient(half + row * (TILE << 4), 16, target + row * PATCH * stride, stride);
      }
      from += 16;
      target += 16;
    }
  }
}

/** Transforms products back to outputs, adds the bias and applies the activation. */
function writeOutputs(first: i32, count: i32, firstChannel: i32, channels: i32, from: usize, stride: usize): void {
  const outHeight = argument(OUT_HEIGHT);
  const outWidth = argument(OUT_WIDTH);
  const across = tilesAcross();
  const inImage = tilesInImage();
  const pixelBytes = <usize>argument(OUT_CHANNELS) << 2;
  const bias: usize = argument(BIAS) == 0 ? 0 : <usize>argument(BIAS) + (<usize>firstChannel << 2);
  const activation = argument(ACTIVATION);
  const floor = f32x4.splat(activation == LINEAR ? -Infinity : 0);
  const ceiling = f32x4.splat(activation == RELU6 ? 6 : Infinity);
  const half = halfDone();
  const line = patchBuffer();
  for (let index = 0; index < count; index++) {
    const tile = first + index;
    const image = tile / inImage;
    const inside = tile - image * inImage;
    const y = (inside / across) * TILE;
    const x = (inside % across) * TILE;
    const rows = min(TILE, outHeight - y);
    const columns = min(TILE, outWidth - x);
    let source = from + <usize>(index * channels << 2);
    let target =
      <usize>argument(OUTPUT) +
      <usize>((image * outHeight + y) * outWidth + x) * pixelBytes +
      (<usize>firstChannel << 2);
    for (let channel: usize = 0; channel < <usize>channels << 2; channel += 16) {
      for (let column: usize = 0; column < PATCH; column++) {
        transformProducts(source + column * stride, PATCH * stride, half + (column << 4), PATCH << 4);
      }
      const shift = bias == 0 ? f32x4.splat(0) : v128.load(bias + channel);
      for (let row = 0; row < rows; row++) {
        transformProducts(half + <usize>row * (PATCH << 4), 16, line, 16);
        let to = target + <usize>(row * outWidth) * pixelBytes;
        for (let column = 0; column < columns; column++) {
          const value = f32x4.add(v128.load(line + (<usize>column << 4)), shift);
          v128.store(to, f32x4.pmin(f32x4.pmax(value, floor), ceiling));
          to += pixelBytes;
        }
      }
      source += 16;
      target += 16;
    }
  }
}

/** Transforms products' gradients back and adds them to the input gradients. */
function addInputGradients(first: i32, count: i32, firstChannel: i32, channels: i32, from: usize, stride: usize): void {
  const inHeight = argument(IN_HEIGHT);
  const inWidth = argument(IN_WIDTH);
  const across = tilesAcross();
  const inImage = tilesInImage();
  const pixelBytes = <usize>argument(IN_CHANNELS) << 2;
  const half = halfDone();
  const line = patchBuffer();
  for (let index = 0; index < count; index++) {
    const tile = first + index;
    const image = tile / inImage;
    const inside = tile - image * inImage;
    const y = (inside / across) * TILE - argument(PAD_TOP);
    const x = (inside % across) * TILE - argument(PAD_LEFT);
    let source = from + <usize>(index * channels << 2);
    let target = <usize>argument(INPUT) + <usize>(image * inHeight * inWidth) * pixelBytes + (<usize>firstChannel << 2);
    for (let channel = 0; channel < channels; channel += 4) {
      for (let column: usize = 0; column < PATCH; column++) {
        transformInputGradient(source + column * stride, PATCH * stride, half + (column << 4), PATCH << 4);
      }
      for (let row = max(0, -y); row < min(<i32>PATCH, inHeight - y); row++) {
        transformInputGradient(half + <usize>row * (PATCH << 4), 16, line, 16);
        for (let column = max(0, -x); column < min(<i32>PATCH, inWidth - x); column++) {
          const to = target + <usize>((y + row) * inWidth + x + column) * pixelBytes;
          v128.store(to, f32x4.add(v128.load(to), v128.load(line + (<usize>column << 4))));
        }
      }
      source += 16;
      target += 16;
    }
  }
}

/** The 36 products of a block: `rows` tiles, `depth` channels in, `columns` of `allColumns` channels out. */
@inline function products(
  a: usize,
  aStride: usize,
  rows: i32,
  depth: i32,
  firstColumn: i32,
  columns: i32,
  allColumns: i32,
  output: usize,
  outputStride: usize,
): void {
  const between = <usize>(((allColumns + 7) & ~7) * depth) << 2;
  let panels = <usize>argument(TRANSFORMED) + (<usize>(firstColumn * depth) << 2);
  for (let position: usize = 0; position < POSITIONS; position++) {
    block(
      a,
      <usize>depth << 2,
      4,
      panels,
      <usize>depth << 5,
      32,
      depth,
      output,
      <usize>columns << 2,
      rows,
      columns,
      REPLACE,
      0,
      LINEAR,
    );
    a += aStride;
    panels += between;
    output += outputStride;
  }
}

function forwardTask(task: i32): void {
  const inChannels = argument(IN_CHANNELS);
  const outChannels = argument(OUT_CHANNELS);
  const tiles = argument(BATCH) * tilesInImage();
  const first = <i32>((<i64>tiles * task) / argument(TASKS));
  const count = <i32>((<i64>tiles * (task + 1)) / argument(TASKS)) - first;
  const patches = blocks();
  const patchStride = positionStride(count, inChannels);
  const results = patches + POSITIONS * patchStride;
  transformPatches(first, count, patches, patchStride);
  for (let channel = 0; channel < outChannels; channel += argument(BLOCK_CHANNELS)) {
    const channels = min(argument(BLOCK_CHANNELS), outChannels - channel);
    const stride = positionStride(count, channels);
    products(patches, patchStride, count, inChannels, channel, channels, outChannels, results, stride);
    writeOutputs(first, count, channel, channels, results, stride);
  }
}

/**
 * `y = activation(conv(x, w) + bias)`; the geometry is set first.
 *
 * @param bias floats for each output channel, or 0
 * @param transformed working memory of `36 * inChannels * outChannels` floats
 * @param tasks parts that the tiles are cut into; each thread's working memory holds one part's transforms
 * @param blockChannels output channels that are worked on at once, a multiple of 8
 */
export function winogradForward(
  batch: i32,
  input: usize,
  filter: usize,
  output: usize,
  bias: usize,
  activation: i32,
  transformed: usize,
  tasks: i32,
  blockChannels: i32,
): void {
  setArgument(BATCH, batch);
  setArgument(INPUT, <i32>input);
  setArgument(FILTER, <i32>filter);
  setArgument(OUTPUT, <i32>output);
  setArgument(BIAS, <i32>bias);
  setArgument(ACTIVATION, activation);
  setArgument(TRANSFORMED, <i32>transformed);
  setArgument(TASKS, tasks);
  setArgument(BLOCK_CHANNELS, blockChannels);
  parallel(transformFilterTask.index, argument(OUT_CHANNELS) / TILE_COLUMNS);
  parallel(forwardTask.index, tasks);
}

function inputGradientTask(task: i32): void {
  const inChannels = argument(IN_CHANNELS);
  const outChannels = argument(OUT_CHANNELS);
  const batch = argument(BATCH);
  const firstImage = <i32>((<i64>batch * task) / argument(TASKS));
  const images = <i32>((<i64>batch * (task + 1)) / argument(TASKS)) - firstImage;
  const size = argument(IN_HEIGHT) * argument(IN_WIDTH) * inChannels;
  clear(<usize>argument(INPUT) + (<usize>firstImage * <usize>size << 2), images * size);
  const end = (firstImage + images) * tilesInImage();
  const gradients = blocks();
  for (let first = firstImage * tilesInImage(); first < end; first += argument(BLOCK_TILES)) {
    const count = min(argument(BLOCK_TILES), end - first);
    const gradientStride = positionStride(count, outChannels);
    const results = gradients + POSITIONS * gradientStride;
    transformGradients(first, count, 0, outChannels, gradients, gradientStride, 0);
    for (let channel = 0; channel < inChannels; channel += argument(BLOCK_CHANNELS)) {
      const channels = min(argument(BLOCK_CHANNELS), inChannels - channel);
      const stride = positionStride(count, channels);
      products(gradients, gradientStride, count, outChannels, channel, channels, inChannels, results, stride);
      addInputGradients(first, count, channel, channels, results, stride);
    }
  }
}

/**
 * `dx`; the geometry is set first.
 *
 * @param mask output of the ReLU or ReLU6 that followed, whose gradient is taken on the way, or 0
 * @param transformed working memory of `36 * outChannels * (inChannels rounded up to 8)` floats
 * @param tasks parts that the images are cut into
 * @param blockTiles tiles whose transforms each thread's working memory holds
 * @param blockChannels input channels that are worked on at once, a multiple of 8
 */
export function winogradInputGradient(
  batch: i32,
  outputGradient: usize,
  filter: usize,
  inputGradient: usize,
  mask: usize,
  activation: i32,
  transformed: usize,
  tasks: i32,
  blockTiles: i32,
  blockChannels: i32,
): void {
  setArgument(BATCH, batch);
  setArgument(INPUT, <i32>inputGradient);
  setArgument(FILTER, <i32>filter);
  setArgument(OUTPUT, <i32>outputGradient);
  setArgument(MASK, <i32>mask);
  setArgument(ACTIVATION, activation);
  setArgument(TRANSFORMED, <i32>transformed);
  setArgument(TASKS, tasks);
  setArgument(BLOCK_TILES, blockTiles);
  setArgument(BLOCK_CHANNELS, blockChannels);
  parallel(transformFilterTransposedTask.index, (argument(IN_CHANNELS) + TILE_COLUMNS - 1) / TILE_COLUMNS);
  parallel(inputGradientTask.index, tasks);
}

function filterGradientTask(chunk: i32): void {
  const inChannels = argument(IN_CHANNELS);
  const outChannels = argument(OUT_CHANNELS);
  const tiles = argument(BATCH) * tilesInImage();
  const end = <i32>((<i64>tiles * (chunk + 1)) / argument(TASKS));
  const size = inChannels * outChannels;
  const partial = <usize>argument(PARTIALS) + (<usize>chunk * (POSITIONS * <usize>size + <usize>outChannels) << 2);
  const biasPartial = partial + ((POSITIONS * <usize>size) << 2);
  clear(partial, <i32>POSITIONS * size + outChannels);
  const patches = blocks();
  for (let first = <i32>((<i64>tiles * chunk) / argument(TASKS)); first < end; first += argument(BLOCK_TILES)) {
    const count = min(argument(BLOCK_TILES), end - first);
    const patchStride = positionStride(count, inChannels);
    const gradients = patches + POSITIONS * patchStride;
    transformPatches(first, count, patches, patchStride);
    for (let channel = 0; channel < outChannels; channel += argument(BLOCK_CHANNELS)) {
      const channels = min(argument(BLOCK_CHANNELS), outChannels - channel);
      const stride = positionStride(count, channels);
      const offset = <usize>channel << 2;
      transformGradients(first, count, channel, channels, gradients, stride, biasPartial + offset);
      for (let position: usize = 0; position < POSITIONS; position++) {
        addOuterProducts(
          patches + position * patchStride,
          <usize>inChannels << 2,
          gradients + position * stride,
          <usize>channels << 2,
          count,
          partial + (position * <usize>size << 2) + offset,
          <usize>outChannels << 2,
          inChannels,
          channels,
        );
      }
    }
  }
}

/** Adds the chunks' sums for one input channel and transforms them to the gradients of its taps. */
function sumPartialsTask(channel: i32): void {
  const outChannels = argument(OUT_CHANNELS);
  const chunks = argument(TASKS);
  const size = argument(IN_CHANNELS) * outChannels;
  const chunkBytes = (POSITIONS * <usize>size + <usize>outChannels) << 2;
  const matrixBytes = <usize>size << 2;
  const half = halfDone();
  const sums = patchBuffer();
  for (let column: usize = 0; column < <usize>outChannels << 2; column += 16) {
    const offset = (<usize>(channel * outChannels) << 2) + column;
    for (let position: usize = 0; position < POSITIONS; position++) {
      let from = <usize>argument(PARTIALS) + position * matrixBytes + offset;
      let sum = v128.load(from);
      for (let chunk = 1; chunk < chunks; chunk++) {
        from += chunkBytes;
        sum = f32x4.add(sum, v128.load(from));
      }
      v128.store(sums + (position << 4), sum);
    }
    for (let at: usize = 0; at < PATCH; at++) {
      transformFilterGradient(sums + (at << 4), PATCH << 4, half + (at << 4), PATCH << 4);
    }
    for (let row: usize = 0; row < 3; row++) {
      const target = <usize>argument(FILTER) + row * 3 * matrixBytes + offset;
      transformFilterGradient(half + row * (PATCH << 4), 16, target, matrixBytes);
    }
  }
  if (channel == 0 && argument(BIAS_GRADIENT) != 0) {
    const target = <usize>argument(BIAS_GRADIENT);
    let from = <usize>argument(PARTIALS) + POSITIONS * matrixBytes;
    copyFloats(target, from, outChannels);
    for (let chunk = 1; chunk < chunks; chunk++) {
      from += chunkBytes;
      addInto(target, from, outChannels);
    }
  }
}

/**
 * `dw`, and `db` where `biasGradient` is not 0; the geometry is set first.
 *
 * The tiles are cut into chunks whose sums are added in order, so the result does not depend on which thread took which.
 *
 * @param mask output of the ReLU or ReLU6 that followed, whose gradient is taken on the way, or 0
 * @param partials working memory of `(36 * inChannels * outChannels + outChannels) * chunks` floats
 * @param blockTiles tiles whose transforms each thread's working memory holds
 * @param blockChannels output channels that are worked on at once, a multiple of 8
 */
export function winogradFilterGradient(
  batch: i32,
  input: usize,
  outputGradient: usize,
  filterGradient: usize,
  biasGradient: usize,
  mask: usize,
  activation: i32,
  partials: usize,
  chunks: i32,
  blockTiles: i32,
  blockChannels: i32,
): void {
  setArgument(BATCH, batch);
  setArgument(INPUT, <i32>input);
  setArgument(FILTER, <i32>filterGradient);
  setArgument(OUTPUT, <i32>outputGradient);
  setArgument(BIAS_GRADIENT, <i32>biasGradient);
  setArgument(MASK, <i32>mask);
  setArgument(ACTIVATION, activation);
  setArgument(PARTIALS, <i32>partials);
  setArgument(TASKS, chunks);
  setArgument(BLOCK_TILES, blockTiles);
  setArgument(BLOCK_CHANNELS, blockChannels);
  parallel(filterGradientTask.index, chunks);
  parallel(sumPartialsTask.index, argument(IN_CHANNELS));
}
