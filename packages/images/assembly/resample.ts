// A picture is resampled along its rows first, then along its columns. Every output mixes some neighbouring inputs, its taps,
// by weights of 14 bits whose sum is 2^14. What lies between the two passes has 6 bits below a whole level, so that
// rounding it costs a 128th of a level.

/** Bits of a weight. */
const WEIGHT_BITS: i32 = 14;
/** Bits below a whole level that values between the passes have. */
const BETWEEN_BITS: i32 = 6;

/**
 * Mixes pixels along each row, four taps at a time.
 *
 * @param source bytes, `rows` lines of `stride` bytes; up to 16 bytes past the last line are read, and count for nothing
 * @param channels 1, 3 or 4
 * @param target 16-bit values, `rows` lines of `columns * channels`; up to 8 bytes past the last are written
 * @param starts i32 for each column: the offset in bytes of its first tap
 * @param groups i32 for each column: how many times four taps it has, at least 1
 * @param weights for every four taps 16 i16: weights 0 and 1 four times, then 2 and 3 four times
 */
export function resampleRows(
  source: usize,
  stride: i32,
  rows: i32,
  channels: i32,
  target: usize,
  columns: i32,
  starts: usize,
  groups: usize,
  weights: usize,
): void {
  // Brings the bytes of one channel of two taps side by side, where a dot product of pairs takes them.
  const pairs =
    channels == 3
      ? i8x16(0, 3, 1, 4, 2, 5, -1, -1, 6, 9, 7, 10, 8, 11, -1, -1)
      : channels == 4
        ? i8x16(0, 4, 1, 5, 2, 6, 3, 7, 8, 12, 9, 13, 10, 14, 11, 15)
        : i8x16(0, 1, -1, -1, -1, -1, -1, -1, 2, 3, -1, -1, -1, -1, -1, -1);
  const half = i32x4.splat(1 << (WEIGHT_BITS - BETWEEN_BITS - 1));
  for (let row = 0; row < rows; row++) {
    const line = source + row * stride;
    let weight = weights;
    let out = target + row * columns * channels * 2;
    for (let column = 0; column < columns; column++) {
      let taps = line + load<i32>(starts + (column << 2));
      let left = load<i32>(groups + (column << 2));
      let sum = half;
      do {
        const bytes = i8x16.swizzle(v128.load(taps), pairs);
        sum = i32x4.add(sum, i32x4.dot_i16x8_s(i16x8.extend_low_i8x16_u(bytes), v128.load(weight)));
        sum = i32x4.add(sum, i32x4.dot_i16x8_s(i16x8.extend_high_i8x16_u(bytes), v128.load(weight, 16)));
        taps += 4 * channels;
        weight += 32;
      } while (--left);
      const values = i32x4.shr_s(sum, WEIGHT_BITS - BETWEEN_BITS);
      v128.store64_lane(out, i16x8.narrow_i32x4_s(values, values), 0);
      out += channels * 2;
    }
  }
}

/**
 * Mixes lines, two taps at a time, and rounds to bytes.
 *
 * @param source 16-bit values, lines of `length`; up to one line and 16 bytes past the last are read, and count for nothing
 * @param target bytes, `rows` lines of `length`; up to 8 bytes past the last are written
 * @param starts i32 for each row: the number of its first line
 * @param pairs i32 for each row: how many times two taps it has, at least 1
 * @param weights i16, two for every two taps
 */
export function resampleColumns(
  source: usize,
  length: i32,
  target: usize,
  rows: i32,
  starts: usize,
  pairs: usize,
  weights: usize,
): void {
  const half = i32x4.splat(1 << (WEIGHT_BITS + BETWEEN_BITS - 1));
  const line = length * 2;
  for (let row = 0; row < rows; row++) {
    const first = source + load<i32>(starts + (row << 2)) * line;
    const count = load<i32>(pairs + (row << 2));
    const out = target + row * length;
    for (let lane = 0; lane < length; lane += 8) {
      let low = half;
      let high = half;
      let tap = first + lane * 2;
      let weight = weights;
      for (let pair = 0; pair < count; pair++) {
        const a = v128.load(tap);
        const b = v128.load(tap + line);
        const factors = v128.load32_splat(weight);
        const lowPairs = i8x16.shuffle(a, b, 0, 1, 16, 17, 2, 3, 18, 19, 4, 5, 20, 21, 6, 7, 22, 23);
        const highPairs = i8x16.shuffle(a, b, 8, 9, 24, 25, 10, 11, 26, 27, 12, 13, 28, 29, 14, 15, 30, 31);
        low = i32x4.add(low, i32x4.dot_i16x8_s(lowPairs, factors));
        high = i32x4.add(high, i32x4.dot_i16x8_s(highPairs, factors));
        tap += line * 2;
        weight += 4;
      }
      const scale = WEIGHT_BITS + BETWEEN_BITS;
      const levels = i16x8.narrow_i32x4_s(i32x4.shr_s(low, scale), i32x4.shr_s(high, scale));
      v128.store64_lane(out + lane, i8x16.narrow_i16x8_u(levels, levels), 0);
    }
    weights += count * 4;
  }
}
