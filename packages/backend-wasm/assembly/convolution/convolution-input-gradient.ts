import { LINEAR } from "../../src/codes/epilogue";
import { TILE_COLUMNS } from "../../src/codes/tile";
import { block } from "../matrix/gemm";
import { maskGradient } from "../matrix/mask";
import { packPanels } from "../matrix/panels";
import { REPLACE } from "../matrix/tile";
import { argument, setArgument } from "../runtime/arguments";
import { launch, scratchPointer, threads } from "../runtime/control";
import { IN_CHANNELS, IN_HEIGHT, IN_WIDTH, OUT_CHANNELS, OUT_HEIGHT, OUT_WIDTH } from "../runtime/window";
import { clear } from "../vector/simd";
import {
  ACTIVATION,
  BATCH,
  BLOCK_ROWS,
  FILTER,
  IMAGES_PER_TASK,
  INPUT,
  MASK,
  OUTPUT,
  PANELS,
  PATCH_BYTES,
} from "./convolution-job";
import { patchLength, patchStride, rowsThatFit, scatter } from "./patches";

/** Gradient of a convolution towards its input: `dy * w'`, scattered back. */

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
