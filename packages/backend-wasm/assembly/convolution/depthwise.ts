import { argument, setArgument } from "../runtime/arguments";
import { scratchPointer } from "../runtime/control";
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
  endTap,
  firstTap,
} from "../runtime/window";
import {
  ACTIVATION,
  BIAS,
  FILTER,
  INPUT,
  OUTPUT,
  ROWS,
  ROWS_PER_TASK,
  endColumn,
  firstColumn,
  parallelRows,
} from "./depthwise-job";
import { addTap, sumFourOfThree, sumTaps, sumTapsOfFour } from "./depthwise-taps";

/**
 * Depthwise convolution over NHWC data: `y[c] = sum over taps of x[c] * w[c]`, with filters `[height, width, channels]`.
 *
 * There is nothing to share between channels, so all passes run along them, in vectors; an output pixel is a list of
 * taps (an address of values, an address of weights), summed while the result is in a register. Where a channel has
 * several filters, its values are repeated first (`repetition.ts`) and their gradients added afterwards.
 */

function forwardRow(row: i32): void {
  const inWidth = argument(IN_WIDTH);
  const outWidth = argument(OUT_WIDTH);
  const outHeight = argument(OUT_HEIGHT);
  const kernelWidth = argument(WINDOW_WIDTH);
  const dilationWidth = argument(DILATION_WIDTH);
  const pixel = (<usize>argument(CHANNELS)) << 2;
  const rowBytes = <usize>inWidth * pixel;
  const rowStep = <usize>argument(DILATION_HEIGHT) * rowBytes;
  const step = <usize>argument(STRIDE_WIDTH) * pixel;
  const image = <usize>argument(INPUT) + <usize>(row / outHeight) * <usize>argument(IN_HEIGHT) * rowBytes;
  const top = (row % outHeight) * argument(STRIDE_HEIGHT) - argument(PAD_TOP);
  const y0 = firstTap(top, argument(DILATION_HEIGHT));
  const y1 = endTap(top, argument(DILATION_HEIGHT), argument(WINDOW_HEIGHT), argument(IN_HEIGHT));
  const wholeBegin = firstColumn(-argument(PAD_LEFT));
  const wholeEnd = endColumn((kernelWidth - 1) * dilationWidth - argument(PAD_LEFT));
  const three = kernelWidth == 3 && dilationWidth == 1 && argument(STRIDE_WIDTH) == 1;
  const filter = <usize>argument(FILTER) + <usize>(y0 * kernelWidth) * pixel;
  const list = scratchPointer();
  let output = <usize>argument(OUTPUT) + <usize>(row * outWidth) * pixel;
  let column = 0;
  while (column < outWidth) {
    const left = column * argument(STRIDE_WIDTH) - argument(PAD_LEFT);
    const corner = image + <usize>(top * inWidth + left) * pixel + <usize>y0 * rowStep;
    const four = column >= wholeBegin && column + 4 <= wholeEnd;
    if (four && three) {
      sumFourOfThree(corner, rowStep, filter, y1 - y0, output, pixel);
    } else {
      const x0 = firstTap(left, dilationWidth);
      const x1 = endTap(left, dilationWidth, kernelWidth, inWidth);
      let listEnd = list;
      for (let y = y0; y < y1; y++) {
        const values = corner + <usize>(y - y0) * rowStep;
        const weights = filter + <usize>((y - y0) * kernelWidth) * pixel;
        for (let x = x0; x < x1; x++) {
          listEnd = addTap(listEnd, values + <usize>(x * dilationWidth) * pixel, weights + <usize>x * pixel);
        }
      }
      if (four) sumTapsOfFour(list, listEnd, step, output, pixel);
      else sumTaps(list, listEnd, output, pixel);
    }
    const columns = four ? 4 : 1;
    column += columns;
    output += <usize>columns * pixel;
  }
}

function forwardTask(task: i32): void {
  const first = task * argument(ROWS_PER_TASK);
  const end = min(first + argument(ROWS_PER_TASK), argument(ROWS));
  for (let row = first; row < end; row++) forwardRow(row);
}

/**
 * `y = activation(depthwise(x, w) + bias)`; the geometry is set first. Each thread's working memory holds 8 bytes for
 * every tap of the kernel.
 *
 * @param bias floats for each output channel, or 0
 */
export function depthwiseForward(
  batch: i32,
  input: usize,
  filter: usize,
  output: usize,
  bias: usize,
  activation: i32,
): void {
  setArgument(INPUT, <i32>input);
  setArgument(FILTER, <i32>filter);
  setArgument(OUTPUT, <i32>output);
  setArgument(BIAS, <i32>bias);
  setArgument(ACTIVATION, activation);
  parallelRows(forwardTask.index, batch * argument(OUT_HEIGHT), argument(OUT_WIDTH));
}
