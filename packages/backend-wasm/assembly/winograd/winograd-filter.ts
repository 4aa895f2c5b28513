import { argument } from "../runtime/arguments";
import { FILTER, PATCH, POSITIONS, TRANSFORMED, halfDone, patchBuffer } from "./winograd-job";
import { transformFilter } from "./winograd-transforms";
import { IN_CHANNELS, OUT_CHANNELS } from "../runtime/window";

/** Transforms the filter for one panel of 8 output channels: `[position][panel][input channel][8]`. */
export function transformFilterTask(panel: i32): void {
  const inChannels = argument(IN_CHANNELS);
  const outChannels = argument(OUT_CHANNELS);
  const tapBytes = (<usize>(inChannels * outChannels)) << 2;
  const between = tapBytes;
  const half = halfDone();
  let to = <usize>argument(TRANSFORMED) + <usize>panel * ((<usize>inChannels) << 5);
  let from = <usize>argument(FILTER) + ((<usize>panel) << 5);
  for (let channel = 0; channel < inChannels; channel++) {
    for (let lane: usize = 0; lane < 32; lane += 16) {
      for (let column: usize = 0; column < 3; column++) {
        transformFilter(from + lane + column * tapBytes, 3 * tapBytes, half + (column << 4), 48);
      }
      for (let row: usize = 0; row < PATCH; row++) {
        transformFilter(half + row * 48, 16, to + lane + row * PATCH * between, between);
      }
    }
    from += (<usize>outChannels) << 2;
    to += 32;
  }
}

/** The same, transposed: `[position][panel of 8 input channels][output channel][8]`. */
export function transformFilterTransposedTask(panel: i32): void {
  const inChannels = argument(IN_CHANNELS);
  const outChannels = argument(OUT_CHANNELS);
  const tapBytes = (<usize>(inChannels * outChannels)) << 2;
  const rowBytes = (<usize>outChannels) << 2;
  const between = (<usize>(((inChannels + 7) & ~7) * outChannels)) << 2;
  const half = halfDone();
  // Four input channels' transforms of four output channels, before they change places.
  const four = patchBuffer();
  const target = <usize>argument(TRANSFORMED) + <usize>panel * ((<usize>outChannels) << 5);
  for (let first = 0; first < 8; first += 4) {
    const firstChannel = (panel << 3) + first;
    if (firstChannel >= inChannels) {
      for (let position: usize = 0; position < POSITIONS; position++) {
        for (let row: usize = 0; row < <usize>outChannels; row++) {
          v128.store(target + position * between + (row << 5) + ((<usize>first) << 2), f32x4.splat(0));
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
        transpose(four + (position << 6), target + position * between + (column << 5) + ((<usize>first) << 2));
      }
    }
  }
}

/** Writes four vectors that lie side by side as columns of four rows 32 bytes apart. */
@inline
function transpose(from: usize, to: usize): void {
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
