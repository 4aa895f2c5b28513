import { argument, setArgument } from "../runtime/arguments";
import { launch } from "../runtime/control";
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
import { addInto, clear, copyFloats, multiplyAdd, storeUntil } from "../vector/simd";
import { FILTER, NEXT_FREE, INPUT, OUTPUT, ROWS, endColumn, firstColumn } from "./depthwise-job";

/** Filter gradient of the depthwise convolution, over the arguments of `depthwise-job.ts`. */

/** Arguments after those of the other passes. */
const PARTIALS: usize = NEXT_FREE;
const CHUNKS: usize = NEXT_FREE + 1;

/** `partial += sum of x * dy` over `columns` neighbouring columns of one tap. */
function addColumns(values: usize, step: usize, gradient: usize, columns: i32, partial: usize): void {
  const pixel = (<usize>argument(CHANNELS)) << 2;
  const end = partial + pixel;
  for (; columns >= 4; columns -= 4) {
    for (let at: usize = 0; at < pixel; at += 16) {
      const x = values + at;
      const dy = gradient + at;
      let sum = v128.load(partial + at);
      sum = multiplyAdd(v128.load(x), v128.load(dy), sum);
      sum = multiplyAdd(v128.load(x + step), v128.load(dy + pixel), sum);
      sum = multiplyAdd(v128.load(x + 2 * step), v128.load(dy + 2 * pixel), sum);
      sum = multiplyAdd(v128.load(x + 3 * step), v128.load(dy + 3 * pixel), sum);
      storeUntil(partial + at, sum, end);
    }
    values += 4 * step;
    gradient += 4 * pixel;
  }
  for (; columns > 0; columns--) {
    for (let at: usize = 0; at < pixel; at += 16) {
      const sum = multiplyAdd(v128.load(values + at), v128.load(gradient + at), v128.load(partial + at));
      storeUntil(partial + at, sum, end);
    }
    values += step;
    gradient += pixel;
  }
}

/** Adds four neighbouring columns to the three taps of a kernel row three wide. */
function addFourToThree(values: usize, gradient: usize, partial: usize, pixel: usize): void {
  for (let at: usize = 0; at < pixel; at += 16) {
    const x = values + at;
    const dy = gradient + at;
    const p = partial + at;
    const dy0 = v128.load(dy);
    const dy1 = v128.load(dy + pixel);
    const dy2 = v128.load(dy + 2 * pixel);
    const dy3 = v128.load(dy + 3 * pixel);
    const x1 = v128.load(x + pixel);
    const x2 = v128.load(x + 2 * pixel);
    const x3 = v128.load(x + 3 * pixel);
    const x4 = v128.load(x + 4 * pixel);
    let a = multiplyAdd(v128.load(x), dy0, v128.load(p));
    let b = multiplyAdd(x1, dy0, v128.load(p + pixel));
    let c = multiplyAdd(x2, dy0, v128.load(p + 2 * pixel));
    a = multiplyAdd(x1, dy1, a);
    b = multiplyAdd(x2, dy1, b);
    c = multiplyAdd(x3, dy1, c);
    a = multiplyAdd(x2, dy2, a);
    b = multiplyAdd(x3, dy2, b);
    c = multiplyAdd(x4, dy2, c);
    a = multiplyAdd(x3, dy3, a);
    b = multiplyAdd(x4, dy3, b);
    c = multiplyAdd(v128.load(x + 5 * pixel), dy3, c);
    storeUntil(p, a, partial + pixel);
    storeUntil(p + pixel, b, partial + 2 * pixel);
    storeUntil(p + 2 * pixel, c, partial + 3 * pixel);
  }
}

function filterGradientRow(row: i32, partials: usize): void {
  const inWidth = argument(IN_WIDTH);
  const outHeight = argument(OUT_HEIGHT);
  const kernelWidth = argument(WINDOW_WIDTH);
  const dilationHeight = argument(DILATION_HEIGHT);
  const dilationWidth = argument(DILATION_WIDTH);
  const strideWidth = argument(STRIDE_WIDTH);
  const pixel = (<usize>argument(CHANNELS)) << 2;
  const rowBytes = <usize>inWidth * pixel;
  const image = <usize>argument(INPUT) + <usize>(row / outHeight) * <usize>argument(IN_HEIGHT) * rowBytes;
  const gradient = <usize>argument(OUTPUT) + <usize>(row * argument(OUT_WIDTH)) * pixel;
  const top = (row % outHeight) * argument(STRIDE_HEIGHT) - argument(PAD_TOP);
  const y0 = firstTap(top, dilationHeight);
  const y1 = endTap(top, dilationHeight, argument(WINDOW_HEIGHT), argument(IN_HEIGHT));
  const three = kernelWidth == 3 && dilationWidth == 1 && strideWidth == 1;
  // The columns that all taps see and that make whole groups of four go together.
  const begin = firstColumn(-argument(PAD_LEFT));
  const groups = three ? max(0, endColumn(2 - argument(PAD_LEFT)) - begin) >> 2 : 0;
  for (let y = y0; y < y1; y++) {
    const values = image + <usize>(top + y * dilationHeight) * rowBytes;
    const partial = partials + <usize>(y * kernelWidth) * pixel;
    for (let group = 0; group < groups; group++) {
      const column = begin + 4 * group;
      addFourToThree(
        values + <usize>(column - argument(PAD_LEFT)) * pixel,
        gradient + <usize>column * pixel,
        partial,
        pixel,
      );
    }
    for (let x = 0; x < kernelWidth; x++) {
      const offset = x * dilationWidth - argument(PAD_LEFT);
      const end = endColumn(offset);
      let first = firstColumn(offset);
      let last = groups == 0 ? end : min(end, begin);
      for (let pass = 0; pass < 2; pass++) {
        addColumns(
          values + <usize>(first * strideWidth + offset) * pixel,
          <usize>strideWidth * pixel,
          gradient + <usize>first * pixel,
          last - first,
          partial + <usize>x * pixel,
        );
        first = groups == 0 ? end : begin + 4 * groups;
        last = end;
      }
    }
  }
}

function filterGradientTask(chunk: i32): void {
  const rows = argument(ROWS);
  const size = argument(WINDOW_HEIGHT) * argument(WINDOW_WIDTH) * argument(CHANNELS);
  const partials = <usize>argument(PARTIALS) + ((<usize>(chunk * size)) << 2);
  const end = <i32>((<i64>rows * (chunk + 1)) / argument(CHUNKS));
  clear(partials, size);
  for (let row = <i32>((<i64>rows * chunk) / argument(CHUNKS)); row < end; row++) filterGradientRow(row, partials);
}

function sumPartialsTask(_: i32): void {
  const size = argument(WINDOW_HEIGHT) * argument(WINDOW_WIDTH) * argument(CHANNELS);
  const partials = <usize>argument(PARTIALS);
  const filterGradient = <usize>argument(FILTER);
  copyFloats(filterGradient, partials, size);
  for (let chunk = 1; chunk < argument(CHUNKS); chunk++) {
    addInto(filterGradient, partials + ((<usize>(chunk * size)) << 2), size);
  }
}

/**
 * `dw[tap, c] = sum over positions of x[c] * dy[c]`.
 *
 * The rows of `dy` are cut into `chunks`; each chunk sums into its own floats of `partials`, as many as the filter has,
 * which are then added in order: the result does not depend on which thread took which chunk.
 */
export function depthwiseFilterGradient(
  batch: i32,
  input: usize,
  outputGradient: usize,
  filterGradient: usize,
  partials: usize,
  chunks: i32,
): void {
  setArgument(INPUT, <i32>input);
  setArgument(OUTPUT, <i32>outputGradient);
  setArgument(FILTER, <i32>filterGradient);
  setArgument(PARTIALS, <i32>partials);
  setArgument(CHUNKS, chunks);
  setArgument(ROWS, batch * argument(OUT_HEIGHT));
  launch(filterGradientTask.index, chunks);
  launch(sumPartialsTask.index, 1);
}
