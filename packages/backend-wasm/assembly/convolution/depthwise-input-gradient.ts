import { LINEAR } from "../../src/codes/epilogue";
import { argument, setArgument } from "../runtime/arguments";
import { launch, scratchPointer } from "../runtime/control";
import {
  CHANNELS,
  DILATION_HEIGHT,
  DILATION_WIDTH,
  IN_HEIGHT,
  IN_WIDTH,
  OUT_HEIGHT,
  OUT_WIDTH,
  PAD_LEFT,
  PAD_TOP,
  STRIDE_HEIGHT,
  STRIDE_WIDTH,
  WINDOW_HEIGHT,
  WINDOW_WIDTH,
} from "../runtime/window";
import { copyFloats } from "../vector/simd";
import { depthwiseForward } from "./depthwise";
import { ACTIVATION, BIAS, FILTER, NEXT_FREE, INPUT, OUTPUT, ROWS, ROWS_PER_TASK, parallelRows } from "./depthwise-job";
import { addTap, sumTaps } from "./depthwise-taps";

/** Gradient of a depthwise convolution towards its input. */

const TURNED: usize = NEXT_FREE;

function inputGradientRow(row: i32): void {
  const inHeight = argument(IN_HEIGHT);
  const inWidth = argument(IN_WIDTH);
  const outHeight = argument(OUT_HEIGHT);
  const outWidth = argument(OUT_WIDTH);
  const kernelWidth = argument(WINDOW_WIDTH);
  const strideHeight = argument(STRIDE_HEIGHT);
  const strideWidth = argument(STRIDE_WIDTH);
  const pixel = (<usize>argument(CHANNELS)) << 2;
  const gradient = <usize>argument(INPUT) + <usize>((row / inHeight) * outHeight * outWidth) * pixel;
  const filter = <usize>argument(FILTER);
  const list = scratchPointer();
  let output = <usize>argument(OUTPUT) + <usize>(row * inWidth) * pixel;
  for (let column = 0; column < inWidth; column++) {
    let listEnd = list;
    for (let y = 0; y < argument(WINDOW_HEIGHT); y++) {
      const down = (row % inHeight) + argument(PAD_TOP) - y * argument(DILATION_HEIGHT);
      if (down < 0 || down % strideHeight != 0 || down / strideHeight >= outHeight) continue;
      for (let x = 0; x < kernelWidth; x++) {
        const across = column + argument(PAD_LEFT) - x * argument(DILATION_WIDTH);
        if (across < 0 || across % strideWidth != 0 || across / strideWidth >= outWidth) continue;
        listEnd = addTap(
          listEnd,
          gradient + <usize>((down / strideHeight) * outWidth + across / strideWidth) * pixel,
          filter + <usize>(y * kernelWidth + x) * pixel,
        );
      }
    }
    sumTaps(list, listEnd, output, pixel);
    output += pixel;
  }
}

function inputGradientTask(task: i32): void {
  const first = task * argument(ROWS_PER_TASK);
  const end = min(first + argument(ROWS_PER_TASK), argument(ROWS));
  for (let row = first; row < end; row++) inputGradientRow(row);
}

/** The filter turned around; a task, as jobs that are still to come may write the filter. */
function turnTask(_: i32): void {
  const channels = argument(CHANNELS);
  const turned = <usize>argument(TURNED);
  const filter = <usize>argument(FILTER);
  const last = argument(WINDOW_HEIGHT) * argument(WINDOW_WIDTH) - 1;
  for (let tap = 0; tap <= last; tap++) {
    copyFloats(turned + ((<usize>(tap * channels)) << 2), filter + ((<usize>((last - tap) * channels)) << 2), channels);
  }
}

/**
 * `dx`: every input value's gradients, collected from the windows that saw it.
 *
 * With stride 1 that is the forward pass over `dy` with the filter turned around.
 *
 * @param turned working memory for as many floats as the filter has
 */
export function depthwiseInputGradient(
  batch: i32,
  outputGradient: usize,
  filter: usize,
  inputGradient: usize,
  turned: usize,
): void {
  const inHeight = argument(IN_HEIGHT);
  const inWidth = argument(IN_WIDTH);
  if (argument(STRIDE_HEIGHT) == 1 && argument(STRIDE_WIDTH) == 1) {
    setArgument(FILTER, <i32>filter);
    setArgument(TURNED, <i32>turned);
    launch(turnTask.index, 1);
    setArgument(IN_HEIGHT, argument(OUT_HEIGHT));
    setArgument(IN_WIDTH, argument(OUT_WIDTH));
    setArgument(OUT_HEIGHT, inHeight);
    setArgument(OUT_WIDTH, inWidth);
    setArgument(PAD_TOP, (argument(WINDOW_HEIGHT) - 1) * argument(DILATION_HEIGHT) - argument(PAD_TOP));
    setArgument(PAD_LEFT, (argument(WINDOW_WIDTH) - 1) * argument(DILATION_WIDTH) - argument(PAD_LEFT));
    depthwiseForward(batch, outputGradient, turned, inputGradient, 0, LINEAR);
    return;
  }
  setArgument(INPUT, <i32>outputGradient);
  setArgument(FILTER, <i32>filter);
  setArgument(OUTPUT, <i32>inputGradient);
  setArgument(BIAS, 0);
  setArgument(ACTIVATION, LINEAR);
  parallelRows(inputGradientTask.index, batch * inHeight, inWidth);
}
