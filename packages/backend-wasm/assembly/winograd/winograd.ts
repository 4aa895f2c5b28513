import { argument, setArgument } from "../runtime/arguments";
import { launch } from "../runtime/control";
import { block } from "../matrix/gemm";
import { clear } from "../vector/simd";
import { REPLACE } from "../matrix/tile";
import { transformFilterTask, transformFilterTransposedTask } from "./winograd-filter";
import {
  ACTIVATION,
  BATCH,
  BIAS,
  BLOCK_CHANNELS,
  BLOCK_TILES,
  CHOICES,
  FILTER,
  INPUT,
  MASK,
  OUTPUT,
  POOLED,
  POSITIONS,
  TASKS,
  TRANSFORMED,
  blocks,
  positionStride,
  tilesInImage,
} from "./winograd-job";
import { writePooled } from "./winograd-pooling";
import { addInputGradients, transformGradients, transformPatches, writeOutputs } from "./winograd-tiles";
import { LINEAR } from "../../src/codes/epilogue";
import { IN_CHANNELS, IN_HEIGHT, IN_WIDTH, OUT_CHANNELS } from "../runtime/window";
import { TILE_COLUMNS } from "../../src/codes/tile";

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

/** The 36 products of a block: `rows` tiles, `depth` channels in, `columns` of `allColumns` channels out. */
@inline
function products(
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
  const between = (<usize>(((allColumns + 7) & ~7) * depth)) << 2;
  let panels = <usize>argument(TRANSFORMED) + ((<usize>(firstColumn * depth)) << 2);
  for (let position: usize = 0; position < POSITIONS; position++) {
    block(
      a,
      (<usize>depth) << 2,
      4,
      panels,
      (<usize>depth) << 5,
      32,
      depth,
      output,
      (<usize>columns) << 2,
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

/**
 * Says whether the next of these jobs has windows of 2 x 2 of its output pooled, and where the choices lie: the forward
 * pass then writes the maxima, and the gradients read those of the maxima, whose values are the mask.
 *
 * @param choices a byte for each maximum, or 0 for a forward pass that notes none
 */
export function setWinogradPooling(pooled: bool, choices: usize): void {
  setArgument(POOLED, pooled);
  setArgument(CHOICES, <i32>choices);
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
    if (argument(POOLED) != 0) writePooled(first, count, channel, channels, results, stride);
    else writeOutputs(first, count, channel, channels, results, stride);
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
  launch(transformFilterTask.index, argument(OUT_CHANNELS) / TILE_COLUMNS);
  launch(forwardTask.index, tasks);
}

function inputGradientTask(task: i32): void {
  const inChannels = argument(IN_CHANNELS);
  const outChannels = argument(OUT_CHANNELS);
  const batch = argument(BATCH);
  const firstImage = <i32>((<i64>batch * task) / argument(TASKS));
  const images = <i32>((<i64>batch * (task + 1)) / argument(TASKS)) - firstImage;
  const size = argument(IN_HEIGHT) * argument(IN_WIDTH) * inChannels;
  clear(<usize>argument(INPUT) + ((<usize>firstImage * <usize>size) << 2), images * size);
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
  launch(transformFilterTransposedTask.index, (argument(IN_CHANNELS) + TILE_COLUMNS - 1) / TILE_COLUMNS);
  launch(inputGradientTask.index, tasks);
}
