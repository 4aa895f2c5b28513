import { argument, setArgument } from "../runtime/arguments";
import { launch } from "../runtime/control";
import { addOuterProducts } from "../matrix/gemm";
import { addInto, clear, copyFloats } from "../vector/simd";
import {
  ACTIVATION,
  BATCH,
  BIAS_COUNT,
  BIAS_GRADIENT,
  BIAS_PARTIALS,
  BIAS_STRIDE,
  BLOCK_CHANNELS,
  BLOCK_TILES,
  FILTER,
  GRADIENTS,
  INPUT,
  MASK,
  OUTPUT,
  PARTIALS,
  PATCH,
  PATCHES,
  POSITIONS,
  TASKS,
  blocks,
  halfDone,
  patchBuffer,
  positionStride,
  tilesInImage,
} from "./winograd-job";
import { transformGradients, transformPatches } from "./winograd-tiles";
import { transformFilterGradient } from "./winograd-transforms";
import { IN_CHANNELS, OUT_CHANNELS } from "../runtime/window";

/** Filter gradients of the convolution by minimal filtering: `G' (sum over tiles of (B' d B) * (A dy A')) G`. */

function filterGradientTask(chunk: i32): void {
  const inChannels = argument(IN_CHANNELS);
  const outChannels = argument(OUT_CHANNELS);
  const tiles = argument(BATCH) * tilesInImage();
  const end = <i32>((<i64>tiles * (chunk + 1)) / argument(TASKS));
  const size = inChannels * outChannels;
  const partial = <usize>argument(PARTIALS) + ((<usize>chunk * (POSITIONS * <usize>size + <usize>outChannels)) << 2);
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
      const offset = (<usize>channel) << 2;
      transformGradients(first, count, channel, channels, gradients, stride, biasPartial + offset);
      for (let position: usize = 0; position < POSITIONS; position++) {
        addOuterProducts(
          patches + position * patchStride,
          (<usize>inChannels) << 2,
          gradients + position * stride,
          (<usize>channels) << 2,
          count,
          partial + ((position * <usize>size) << 2) + offset,
          (<usize>outChannels) << 2,
          inChannels,
          channels,
        );
      }
    }
  }
}

/** Transforms a part of all tiles' patches and output gradients: `[position][tile][channel]`. */
function transformTask(task: i32): void {
  const inChannels = argument(IN_CHANNELS);
  const outChannels = argument(OUT_CHANNELS);
  const tiles = argument(BATCH) * tilesInImage();
  const first = <i32>((<i64>tiles * task) / argument(BIAS_COUNT));
  const count = <i32>((<i64>tiles * (task + 1)) / argument(BIAS_COUNT)) - first;
  const biasPartial = <usize>argument(BIAS_PARTIALS) + <usize>(task * argument(BIAS_STRIDE));
  clear(biasPartial, outChannels);
  const patches = <usize>argument(PATCHES) + ((<usize>(first * inChannels)) << 2);
  transformPatches(first, count, patches, positionStride(tiles, inChannels));
  const gradients = <usize>argument(GRADIENTS) + ((<usize>(first * outChannels)) << 2);
  transformGradients(first, count, 0, outChannels, gradients, positionStride(tiles, outChannels), biasPartial);
}

/** The sums over all tiles for one position. */
function positionTask(position: i32): void {
  const inChannels = argument(IN_CHANNELS);
  const outChannels = argument(OUT_CHANNELS);
  const tiles = argument(BATCH) * tilesInImage();
  const size = inChannels * outChannels;
  const sums = <usize>argument(PARTIALS) + ((<usize>(position * size)) << 2);
  clear(sums, size);
  addOuterProducts(
    <usize>argument(PATCHES) + <usize>position * positionStride(tiles, inChannels),
    (<usize>inChannels) << 2,
    <usize>argument(GRADIENTS) + <usize>position * positionStride(tiles, outChannels),
    (<usize>outChannels) << 2,
    tiles,
    sums,
    (<usize>outChannels) << 2,
    inChannels,
    outChannels,
  );
}

/** Adds the chunks' sums for one input channel and transforms them to the gradients of its taps. */
function sumPartialsTask(channel: i32): void {
  const outChannels = argument(OUT_CHANNELS);
  const chunks = argument(TASKS);
  const size = argument(IN_CHANNELS) * outChannels;
  const chunkBytes = (POSITIONS * <usize>size + <usize>outChannels) << 2;
  const matrixBytes = (<usize>size) << 2;
  const half = halfDone();
  const sums = patchBuffer();
  for (let column: usize = 0; column < (<usize>outChannels) << 2; column += 16) {
    const offset = ((<usize>(channel * outChannels)) << 2) + column;
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
    let from = <usize>argument(BIAS_PARTIALS);
    copyFloats(target, from, outChannels);
    for (let part = 1; part < argument(BIAS_COUNT); part++) {
      from += <usize>argument(BIAS_STRIDE);
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
  const outChannels = argument(OUT_CHANNELS);
  const sums = <i32>POSITIONS * argument(IN_CHANNELS) * outChannels;
  setFilterGradient(batch, input, outputGradient, filterGradient, biasGradient, mask, activation, partials);
  setArgument(TASKS, chunks);
  setArgument(BLOCK_TILES, blockTiles);
  setArgument(BLOCK_CHANNELS, blockChannels);
  setBiasPartials(partials + ((<usize>sums) << 2), (sums + outChannels) << 2, chunks);
  launch(filterGradientTask.index, chunks);
  launch(sumPartialsTask.index, argument(IN_CHANNELS));
}

/**
 * {@link winogradFilterGradient} by the positions of the transformed patch, each of which sums over all tiles: for few tiles
 * of many channels, whose sums are larger than what is summed.
 *
 * @param sums working memory of `36 * inChannels * outChannels + outChannels * tasks` floats
 * @param patches working memory of `36 * (tiles * inChannels + 16)` floats
 * @param gradients working memory of `36 * (tiles * outChannels + 16)` floats
 * @param tasks parts that the tiles are transformed in
 */
export function winogradFilterGradientByPosition(
  batch: i32,
  input: usize,
  outputGradient: usize,
  filterGradient: usize,
  biasGradient: usize,
  mask: usize,
  activation: i32,
  sums: usize,
  patches: usize,
  gradients: usize,
  tasks: i32,
): void {
  const outChannels = argument(OUT_CHANNELS);
  const size = argument(IN_CHANNELS) * outChannels;
  setFilterGradient(batch, input, outputGradient, filterGradient, biasGradient, mask, activation, sums);
  setArgument(TASKS, 1);
  setArgument(PATCHES, <i32>patches);
  setArgument(GRADIENTS, <i32>gradients);
  setBiasPartials(sums + ((POSITIONS * <usize>size) << 2), outChannels << 2, tasks);
  launch(transformTask.index, tasks);
  launch(positionTask.index, <i32>POSITIONS);
  launch(sumPartialsTask.index, argument(IN_CHANNELS));
}

@inline
function setFilterGradient(
  batch: i32,
  input: usize,
  outputGradient: usize,
  filterGradient: usize,
  biasGradient: usize,
  mask: usize,
  activation: i32,
  partials: usize,
): void {
  setArgument(BATCH, batch);
  setArgument(INPUT, <i32>input);
  setArgument(FILTER, <i32>filterGradient);
  setArgument(OUTPUT, <i32>outputGradient);
  setArgument(BIAS_GRADIENT, <i32>biasGradient);
  setArgument(MASK, <i32>mask);
  setArgument(ACTIVATION, activation);
  setArgument(PARTIALS, <i32>partials);
}

@inline
function setBiasPartials(first: usize, stride: i32, count: i32): void {
  setArgument(BIAS_PARTIALS, <i32>first);
  setArgument(BIAS_STRIDE, stride);
  setArgument(BIAS_COUNT, count);
}
