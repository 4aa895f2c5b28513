/** The two lower lanes of two vectors. */
@inline
function lowerHalves(low: v128, high: v128): v128 {
  return i64x2.shuffle(low, high, 0, 2);
}

@inline
function scaled(levels: v128, factor: v128): v128 {
  const upper = i64x2.shuffle(levels, levels, 1, 1);
  return lowerHalves(
    f32x4.demote_f64x2_zero(f64x2.mul(f64x2.convert_low_i32x4_u(levels), factor)),
    f32x4.demote_f64x2_zero(f64x2.mul(f64x2.convert_low_i32x4_u(upper), factor)),
  );
}

/**
 * Bytes times a factor, in float64, rounded to float32: as JavaScript computes it.
 *
 * @param target up to 7 numbers past the end are written too
 */
export function scaleLevels(source: usize, length: i32, target: usize, factor: f64): void {
  const factors = f64x2.splat(factor);
  const end = source + length;
  for (; source < end; source += 8, target += 32) {
    const levels = v128.load8x8_u(source);
    v128.store(target, scaled(i32x4.extend_low_i16x8_u(levels), factors));
    v128.store(target, scaled(i32x4.extend_high_i16x8_u(levels), factors), 16);
  }
}
