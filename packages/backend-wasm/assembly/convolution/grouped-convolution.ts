import { argument, setArgument } from "../runtime/arguments";
import { launch, scratchPointer, threads } from "../runtime/control";
import { addOuterProducts, block } from "../matrix/gemm";
import {
  GROUPS,
  IMAGES,
  gather,
  outputsOfGroup,
  patchLength,
  patchStride,
  rowsThatFit,
  scatter,
} from "./grouped-patches";
import { packPanels } from "../matrix/panels";
import { addInto, clear, copyFloats } from "../vector/simd";
import { REPLACE } from "../matrix/tile";
import { LINEAR } from "../../src/codes/epilogue";
import { FREE, OUT_CHANNELS, OUT_HEIGHT, OUT_WIDTH } from "../runtime/window";
import { TILE_COLUMNS } from "../../src/codes/tile";

/**
 * Two-dimensional convolution over NHWC data whose channels fall into groups, each convolved by itself.
 *
 * As `convolution.ts`, with a matrix product for every group: patches are gathered from a group's own channels, and the
 * products read and write every `channels`-th run of memory where a group's own lie. Filters are
 * `[height, width, inChannels / groups, outChannels]`, a group's output channels side by side.
 */

const BATCH: usize = FREE;
/** The filter (or its gradient), and what the convolution gave (or its gradient). */
const FILTER: usize = FREE + 3;
const RESULT: usize = FREE + 4;
const BIAS: usize = FREE + 5;
const ACTIVATION: usize = FREE + 6;
const PANELS: usize = FREE + 7;
const PARTIALS: usize = FREE + 8;
const CHUNKS: usize = FREE + 9;
const BLOCK_ROWS: usize = FREE + 10;
const GROUPS_PER_TASK: usize = FREE + 11;

/** Elements that one task of the filter gradient's last pass adds up. */
const SUM_BLOCK: i32 = 4096;

@inline
function panelsOfGroup(columns: i32): i32 {
  return (columns + TILE_COLUMNS - 1) / TILE_COLUMNS;
}

function packTask(task: i32): void {
  const outputs = outputsOfGroup();
  const length = patchLength();
  const panels = panelsOfGroup(outputs);
  const group = task / panels;
  const target = <usize>argument(PANELS) + ((<usize>(group * panels * length)) << 5);
  const filter = <usize>argument(FILTER) + ((<usize>(group * outputs)) << 2);
  const panel = task % panels;
  packPanels(filter, (<usize>argument(OUT_CHANNELS)) << 2, 4, length, outputs, target, panel, panel + 1);
}

function forwardTask(task: i32): void {
  const groups = argument(GROUPS);
  const group = task % groups;
  const outputs = outputsOfGroup();
  const length = patchLength();
  const stride = <usize>patchStride(length);
  const outChannels = argument(OUT_CHANNELS);
  const first = (task / groups) * argument(BLOCK_ROWS);
  const positions = argument(BATCH) * argument(OUT_HEIGHT) * argument(OUT_WIDTH);
  const rows = min(argument(BLOCK_ROWS), positions - first);
  const patches = scratchPointer();
  const bias = <usize>argument(BIAS);
  gather(group, first, rows, patches, stride);
  block(
    patches,
    stride,
    4,
    <usize>argument(PANELS) + ((<usize>(group * panelsOfGroup(outputs) * length)) << 5),
    (<usize>length) << 5,
    32,
    length,
    <usize>argument(RESULT) + ((<usize>(first * outChannels + group * outputs)) << 2),
    (<usize>outChannels) << 2,
    rows,
    outputs,
    REPLACE,
    bias == 0 ? 0 : bias + ((<usize>(group * outputs)) << 2),
    argument(ACTIVATION),
  );
}

/**
 * `y = activation(conv(x, w) + bias)`; the geometry is set first.
 *
 * @param bias floats for each output channel, or 0
 * @param panels working memory of `groups * K * (a group's outputs rounded up to 8)` floats, with K the length of a
 *   group's patch
 */
export function groupedForward(
  batch: i32,
  groups: i32,
  images: usize,
  filter: usize,
  output: usize,
  bias: usize,
  activation: i32,
  panels: usize,
): void {
  setArgument(BATCH, batch);
  setArgument(GROUPS, groups);
  setArgument(IMAGES, <i32>images);
  setArgument(FILTER, <i32>filter);
  setArgument(RESULT, <i32>output);
  setArgument(BIAS, <i32>bias);
  setArgument(ACTIVATION, activation);
  setArgument(PANELS, <i32>panels);
  const blockRows = rowsThatFit(patchStride(patchLength()));
  setArgument(BLOCK_ROWS, blockRows);
  launch(packTask.index, groups * panelsOfGroup(outputsOfGroup()));
  const positions = batch * argument(OUT_HEIGHT) * argument(OUT_WIDTH);
  launch(forwardTask.index, groups * ((positions + blockRows - 1) / blockRows));
}

function packTransposedTask(task: i32): void {
  const outputs = outputsOfGroup();
  const length = patchLength();
  const panels = panelsOfGroup(length);
  const group = task / panels;
  const target = <usize>argument(PANELS) + ((<usize>(group * panels * outputs)) << 5);
  const filter = <usize>argument(FILTER) + ((<usize>(group * outputs)) << 2);
  const panel = task % panels;
  packPanels(filter, 4, (<usize>argument(OUT_CHANNELS)) << 2, outputs, length, target, panel, panel + 1);
}

/** One image's gradient, for some of the groups. */
function inputGradientTask(task: i32): void {
  const groups = argument(GROUPS);
  const together = argument(GROUPS_PER_TASK);
  const shares = groups / together;
  const image = task / shares;
  const outputs = outputsOfGroup();
  const length = patchLength();
  const stride = <usize>patchStride(length);
  const rowBytes = (<usize>argument(OUT_CHANNELS)) << 2;
  const positions = argument(OUT_HEIGHT) * argument(OUT_WIDTH);
  const blockRows = argument(BLOCK_ROWS);
  const patches = scratchPointer();
  const begin = (task % shares) * together;
  for (let first = image * positions; first < (image + 1) * positions; first += blockRows) {
    const rows = min(blockRows, (image + 1) * positions - first);
    for (let group = begin; group < begin + together; group++) {
      block(
        <usize>argument(RESULT) + <usize>first * rowBytes + ((<usize>(group * outputs)) << 2),
        rowBytes,
        4,
        <usize>argument(PANELS) + ((<usize>(group * panelsOfGroup(length) * outputs)) << 5),
        (<usize>outputs) << 5,
        32,
        outputs,
        patches,
        stride,
        rows,
        length,
        REPLACE,
        0,
        LINEAR,
      );
      scatter(group, first, rows, patches, stride);
    }
  }
}

/**
 * `dx`: the patches' gradients `dy * w'`, added up where patches overlap.
 *
 * @param inputGradient zeros
 * @param panels working memory of `groups * a group's outputs * (K rounded up to 8)` floats
 */
export function groupedInputGradient(
  batch: i32,
  groups: i32,
  outputGradient: usize,
  filter: usize,
  inputGradient: usize,
  panels: usize,
): void {
  setArgument(BATCH, batch);
  setArgument(GROUPS, groups);
  setArgument(IMAGES, <i32>inputGradient);
  setArgument(FILTER, <i32>filter);
  setArgument(RESULT, <i32>outputGradient);
  setArgument(PANELS, <i32>panels);
  setArgument(BLOCK_ROWS, rowsThatFit(patchStride(patchLength())));
  // Groups of one image lie in the same cache lines, so they go together unless threads would find nothing to do.
  const together = batch >= 4 * threads() ? groups : 1;
  setArgument(GROUPS_PER_TASK, together);
  launch(packTransposedTask.index, groups * panelsOfGroup(patchLength()));
  launch(inputGradientTask.index, batch * (groups / together));
}

function filterGradientTask(chunk: i32): void {
  const groups = argument(GROUPS);
  const outputs = outputsOfGroup();
  const length = patchLength();
  const stride = <usize>patchStride(length);
  const outChannels = argument(OUT_CHANNELS);
  const rowBytes = (<usize>outChannels) << 2;
  const size = length * outChannels;
  const positions = argument(BATCH) * argument(OUT_HEIGHT) * argument(OUT_WIDTH);
  const chunks = argument(CHUNKS);
  const end = <i32>((<i64>positions * (chunk + 1)) / chunks);
  const blockRows = argument(BLOCK_ROWS);
  const partial = <usize>argument(PARTIALS) + ((<usize>chunk * <usize>size) << 2);
  const patches = scratchPointer();
  clear(partial, size);
  for (let first = <i32>((<i64>positions * chunk) / chunks); first < end; first += blockRows) {
    const rows = min(blockRows, end - first);
    for (let group = 0; group < groups; group++) {
      const offset = (<usize>(group * outputs)) << 2;
      const gradient = <usize>argument(RESULT) + <usize>first * rowBytes + offset;
      gather(group, first, rows, patches, stride);
      addOuterProducts(patches, stride, gradient, rowBytes, rows, partial + offset, rowBytes, length, outputs);
    }
  }
}

function sumPartialsTask(task: i32): void {
  const size = patchLength() * argument(OUT_CHANNELS);
  const first = task * SUM_BLOCK;
  const count = min(SUM_BLOCK, size - first);
  const total = <usize>argument(PARTIALS) + ((<usize>first) << 2);
  for (let chunk = 1; chunk < argument(CHUNKS); chunk++) {
    addInto(total, total + ((<usize>chunk * <usize>size) << 2), count);
  }
  copyFloats(<usize>argument(FILTER) + ((<usize>first) << 2), total, count);
}

/**
 * `dw = patches' * dy` for each group, in as many sums as there are chunks, which are then added in order.
 *
 * @param partials working memory of `chunks * K * outChannels` floats
 */
export function groupedFilterGradient(
  batch: i32,
  groups: i32,
  images: usize,
  outputGradient: usize,
  filterGradient: usize,
  partials: usize,
  chunks: i32,
): void {
  setArgument(BATCH, batch);
  setArgument(GROUPS, groups);
  setArgument(IMAGES, <i32>images);
  setArgument(RESULT, <i32>outputGradient);
  setArgument(FILTER, <i32>filterGradient);
  setArgument(PARTIALS, <i32>partials);
  setArgument(CHUNKS, chunks);
  setArgument(BLOCK_ROWS, rowsThatFit(patchStride(patchLength())));
  launch(filterGradientTask.index, chunks);
  launch(sumPartialsTask.index, (patchLength() * argument(OUT_CHANNELS) + SUM_BLOCK - 1) / SUM_BLOCK);
}
