import { TILE_COLUMNS } from "../../src/codes/tile";
import { block } from "../matrix/gemm";
import { packPanels } from "../matrix/panels";
import { REPLACE } from "../matrix/tile";
import { argument, setArgument } from "../runtime/arguments";
import { launch, scratchPointer } from "../runtime/control";
import { OUT_CHANNELS, OUT_HEIGHT, OUT_WIDTH } from "../runtime/window";
import {
  ACTIVATION,
  BATCH,
  BIAS,
  BLOCK_ROWS,
  FILTER,
  INPUT,
  OUTPUT,
  PANELS,
  PANEL_ROW,
  PANEL_STRIDE,
  PATCH_BYTES,
} from "./convolution-job";
import { gather, patchLength, patchStride, patchesAreInput, rowsThatFit } from "./patches";
import { isThin, thinForward } from "./thin-convolution";

/**
 * Two-dimensional convolution over NHWC data with HWIO filters, as matrix products over gathered patches.
 *
 * A patch row holds the `K = kernelHeight * kernelWidth * inChannels` input values of one output position.
 * Forward: `y = patches * w`. Filter gradient: `dw = patches' * dy`. Input gradient: `dy * w'`, scattered back.
 * Only a block of patch rows exists at a time, in the thread's working memory.
 */

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
