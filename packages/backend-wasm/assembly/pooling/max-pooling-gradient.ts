import { argument, setArgument } from "../runtime/arguments";
import { launch, scratchPointer } from "../runtime/control";
import { clear } from "../vector/simd";
import { IMAGES, POOLED, addTo, bandStart, clearRest, rowsAreDisjoint, tilesByTwo } from "./bands";
import { loadBytes } from "../vector/bytes";
import {
  CHANNELS,
  DILATION_HEIGHT,
  DILATION_WIDTH,
  FREE,
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

/**
 * Each window's gradient goes to its largest value, the first of equal ones.
 *
 * Where rows of windows do not overlap, one task writes what one of them covers; elsewhere, one whole image.
 */

const GRADIENT: usize = FREE + 2;
/** What was pooled, or which tap of each window it came from. */
const SOURCE: usize = FREE + 3;

/** Where each tap of a window lies, in bytes from its first. */
@inline
function writeOffsets(table: usize, rowBytes: usize, pixel: usize): void {
  const down = <usize>argument(DILATION_HEIGHT) * rowBytes;
  const right = <usize>argument(DILATION_WIDTH) * pixel;
  for (let y = 0; y < argument(WINDOW_HEIGHT); y++) {
    for (let x = 0; x < argument(WINDOW_WIDTH); x++) {
      store<usize>(table, <usize>y * down + <usize>x * right);
      table += 4;
    }
  }
}

/** Clears rows of an image's gradient, then lets `firstRow` to `endRow` of the windows write there. */
@inline
function scatterRows(image: i32, firstRow: i32, endRow: i32, from: i32, to: i32, chosen: bool): void {
  const inHeight = argument(IN_HEIGHT);
  const inWidth = argument(IN_WIDTH);
  const channels = argument(CHANNELS);
  const pixel = (<usize>channels) << 2;
  const rowBytes = <usize>inWidth * pixel;
  const imageOffset = <usize>image * <usize>inHeight * rowBytes;
  const source = <usize>argument(SOURCE) + imageOffset;
  const target = <usize>argument(IMAGES) + imageOffset;
  const outWidth = argument(OUT_WIDTH);
  const dilationHeight = argument(DILATION_HEIGHT);
  const dilationWidth = argument(DILATION_WIDTH);
  const windowWidth = argument(WINDOW_WIDTH);
  const firstOutput = <usize>((image * argument(OUT_HEIGHT) + firstRow) * outWidth * channels);
  let gradient = <usize>argument(GRADIENT) + (firstOutput << 2);
  let choices = <usize>argument(SOURCE) + firstOutput;
  const offsets = scratchPointer();
  if (chosen) writeOffsets(offsets, rowBytes, pixel);
  clear(target + <usize>from * rowBytes, (to - from) * inWidth * channels);
  for (let row = firstRow; row < endRow; row++) {
    const top = row * argument(STRIDE_HEIGHT) - argument(PAD_TOP);
    const y0 = firstTap(top, dilationHeight);
    const y1 = endTap(top, dilationHeight, argument(WINDOW_HEIGHT), inHeight);
    for (let column = 0; column < outWidth; column++) {
      const left = column * argument(STRIDE_WIDTH) - argument(PAD_LEFT);
      const x0 = firstTap(left, dilationWidth);
      const x1 = endTap(left, dilationWidth, windowWidth, inWidth);
      const corner = <usize>(top * inWidth + left) * pixel;
      // A window that lies wholly in the padding has no value to give its gradient to.
      const taken = y0 < y1 && x0 < x1 ? channels : 0;
      const start = <usize>(y0 * dilationHeight) * rowBytes + <usize>(x0 * dilationWidth) * pixel;
      let channel = 0;
      if (!chosen) {
        for (; channel + 4 <= taken; channel += 4) {
          const lane = corner + ((<usize>channel) << 2);
          let best = f32x4.splat(-Infinity);
          let at = i32x4.splat(<i32>start);
          for (let y = y0; y < y1; y++) {
            for (let x = x0; x < x1; x++) {
              const offset = <usize>(y * dilationHeight) * rowBytes + <usize>(x * dilationWidth) * pixel;
              const value = v128.load(source + lane + offset);
              const larger = f32x4.gt(value, best);
              best = v128.bitselect(value, best, larger);
              at = v128.bitselect(i32x4.splat(<i32>offset), at, larger);
            }
          }
          const dy = gradient + ((<usize>channel) << 2);
          addTo(target + lane + <usize>i32x4.extract_lane(at, 0), load<f32>(dy));
          addTo(target + lane + <usize>i32x4.extract_lane(at, 1) + 4, load<f32>(dy, 4));
          addTo(target + lane + <usize>i32x4.extract_lane(at, 2) + 8, load<f32>(dy, 8));
          addTo(target + lane + <usize>i32x4.extract_lane(at, 3) + 12, load<f32>(dy, 12));
        }
      }
      for (; channel < taken; channel++) {
        const lane = corner + ((<usize>channel) << 2);
        let at = start;
        if (chosen) at = load<usize>(offsets + ((<usize>load<u8>(choices + channel)) << 2));
        else {
          let best: f32 = -Infinity;
          for (let y = y0; y < y1; y++) {
            for (let x = x0; x < x1; x++) {
              const offset = <usize>(y * dilationHeight) * rowBytes + <usize>(x * dilationWidth) * pixel;
              const value = load<f32>(source + lane + offset);
              if (value > best) {
                best = value;
                at = offset;
              }
            }
          }
        }
        addTo(target + lane + at, load<f32>(gradient + ((<usize>channel) << 2)));
      }
      gradient += pixel;
      choices += channels;
    }
  }
}

/** Writes every element that the windows of one output row cover, once; what is left of the band is cleared. */
@inline
function scatterByTwo(task: i32, chosen: bool): void {
  const outHeight = argument(OUT_HEIGHT);
  const outWidth = argument(OUT_WIDTH);
  const pixel = (<usize>argument(CHANNELS)) << 2;
  const rowBytes = <usize>argument(IN_WIDTH) * pixel;
  const row = task % outHeight;
  const offset = <usize>((task / outHeight) * argument(IN_HEIGHT) + 2 * row) * rowBytes;
  let target = <usize>argument(IMAGES) + offset;
  let source = <usize>argument(SOURCE) + offset;
  let gradient = <usize>argument(GRADIENT) + <usize>task * <usize>outWidth * pixel;
  let choices = <usize>argument(SOURCE) + ((<usize>task * <usize>outWidth * pixel) >> 2);
  const lowest = f32x4.splat(-Infinity);
  for (let column = 0; column < outWidth; column++) {
    const end = target + pixel;
    while (target < end) {
      const dy = v128.load(gradient);
      if (chosen) {
        const at = loadBytes(choices);
        v128.store(target, v128.and(dy, i32x4.eq(at, i32x4.splat(0))));
        v128.store(target + pixel, v128.and(dy, i32x4.eq(at, i32x4.splat(1))));
        v128.store(target + rowBytes, v128.and(dy, i32x4.eq(at, i32x4.splat(2))));
        v128.store(target + rowBytes + pixel, v128.and(dy, i32x4.eq(at, i32x4.splat(3))));
        choices += 4;
      } else {
        const b = v128.load(source + pixel);
        const c = v128.load(source + rowBytes);
        const d = v128.load(source + rowBytes + pixel);
        const one = f32x4.pmax(lowest, v128.load(source));
        const two = f32x4.pmax(one, b);
        const isB = f32x4.lt(one, b);
        const isC = f32x4.lt(two, c);
        const isD = f32x4.lt(f32x4.pmax(two, c), d);
        const notD = v128.andnot(dy, isD);
        const notC = v128.andnot(notD, isC);
        v128.store(target, v128.andnot(notC, isB));
        v128.store(target + pixel, v128.and(notC, isB));
        v128.store(target + rowBytes, v128.and(notD, isC));
        v128.store(target + rowBytes + pixel, v128.and(dy, isD));
        source += 16;
      }
      gradient += 16;
      target += 16;
    }
    target += pixel;
    source += pixel;
  }
  clearRest(target, row);
}

function scatterImageTask(task: i32): void {
  scatterRows(task, 0, argument(OUT_HEIGHT), 0, argument(IN_HEIGHT), false);
}

function scatterBandTask(task: i32): void {
  const row = task % argument(OUT_HEIGHT);
  scatterRows(task / argument(OUT_HEIGHT), row, row + 1, bandStart(row), bandStart(row + 1), false);
}

function scatterByTwoTask(task: i32): void {
  scatterByTwo(task, false);
}

function scatterChosenImageTask(task: i32): void {
  scatterRows(task, 0, argument(OUT_HEIGHT), 0, argument(IN_HEIGHT), true);
}

function scatterChosenBandTask(task: i32): void {
  const row = task % argument(OUT_HEIGHT);
  scatterRows(task / argument(OUT_HEIGHT), row, row + 1, bandStart(row), bandStart(row + 1), true);
}

function scatterChosenByTwoTask(task: i32): void {
  scatterByTwo(task, true);
}

/** Finds the largest values again in what was pooled. */
export function maxPoolGradient(batch: i32, input: usize, gradient: usize, inputGradient: usize): void {
  setArgument(SOURCE, <i32>input);
  setArgument(GRADIENT, <i32>gradient);
  setArgument(IMAGES, <i32>inputGradient);
  if (tilesByTwo()) launch(scatterByTwoTask.index, batch * argument(OUT_HEIGHT));
  else if (rowsAreDisjoint()) launch(scatterBandTask.index, batch * argument(OUT_HEIGHT));
  else launch(scatterImageTask.index, batch);
}

/** Reads where the largest values lay, as `maxPoolChoosing` noted it. */
export function maxPoolChosenGradient(batch: i32, choices: usize, gradient: usize, inputGradient: usize): void {
  setArgument(SOURCE, <i32>choices);
  setArgument(GRADIENT, <i32>gradient);
  setArgument(IMAGES, <i32>inputGradient);
  if (tilesByTwo()) launch(scatterChosenByTwoTask.index, batch * argument(OUT_HEIGHT));
  else if (rowsAreDisjoint()) launch(scatterChosenBandTask.index, batch * argument(OUT_HEIGHT));
  else launch(scatterChosenImageTask.index, batch);
}
