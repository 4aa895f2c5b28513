// A blend goes from one picture through another and beyond: `base + factor * (level - base)`, cut to [0, 255], its fraction
// dropped, as Pillow computes it in float32.

/** ITU-R BT.601, in 16 bits, as Pillow has it. */
const RED: i32 = 19595;
const GREEN: i32 = 38470;
const BLUE: i32 = 7471;
const HALF: i32 = 0x8000;

/** Four bytes, from the third on, of each four lanes: of pixels of three bytes, one channel. */
@inline
function channel(bytes: v128, first: i32): v128 {
  const places = i32x4.add(i32x4.splat(first), i32x4(0, 3, 6, 9));
  // What lies above the lowest byte of a lane points nowhere.
  return i8x16.swizzle(bytes, v128.or(places, i32x4.splat(0xffffff00)));
}

@inline
function blend(levels: v128, base: v128, factor: v128): v128 {
  const values = f32x4.convert_i32x4_s(levels);
  return i32x4.trunc_sat_f32x4_s(f32x4.add(base, f32x4.mul(factor, f32x4.sub(values, base))));
}

@inline
function luma(red: v128, green: v128, blue: v128): v128 {
  const weighed = i32x4.add(i32x4.mul(red, i32x4.splat(RED)), i32x4.mul(green, i32x4.splat(GREEN)));
  return i32x4.shr_u(i32x4.add(i32x4.add(weighed, i32x4.mul(blue, i32x4.splat(BLUE))), i32x4.splat(HALF)), 16);
}

/**
 * Blends bytes with one level.
 *
 * @param data bytes, changed in place; up to 15 past the end are too
 */
export function blendWithLevel(data: usize, length: i32, level: f32, factor: f32): void {
  const base = f32x4.splat(level);
  const factors = f32x4.splat(factor);
  const end = data + length;
  for (; data < end; data += 16) {
    const bytes = v128.load(data);
    const low = i16x8.extend_low_i8x16_u(bytes);
    const high = i16x8.extend_high_i8x16_u(bytes);
    const a = blend(i32x4.extend_low_i16x8_u(low), base, factors);
    const b = blend(i32x4.extend_high_i16x8_u(low), base, factors);
    const c = blend(i32x4.extend_low_i16x8_u(high), base, factors);
    const d = blend(i32x4.extend_high_i16x8_u(high), base, factors);
    v128.store(data, i8x16.narrow_i16x8_u(i16x8.narrow_i32x4_s(a, b), i16x8.narrow_i32x4_s(c, d)));
  }
}

/**
 * Blends pixels of three bytes with their own luma.
 *
 * @param data changed in place; up to 3 pixels and 4 bytes past the end are too
 */
export function blendWithGrey(data: usize, pixels: i32, factor: f32): void {
  const factors = f32x4.splat(factor);
  const end = data + pixels * 3;
  for (; data < end; data += 12) {
    const bytes = v128.load(data);
    const red = channel(bytes, 0);
    const green = channel(bytes, 1);
    const blue = channel(bytes, 2);
    const grey = f32x4.convert_i32x4_s(luma(red, green, blue));
    const redGreen = i16x8.narrow_i32x4_s(blend(red, grey, factors), blend(green, grey, factors));
    const blues = blend(blue, grey, factors);
    const planes = i8x16.narrow_i16x8_u(redGreen, i16x8.narrow_i32x4_s(blues, blues));
    const mixed = i8x16.shuffle(planes, planes, 0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11, 0, 0, 0, 0);
    v128.store64_lane(data, mixed, 0);
    v128.store32_lane(data + 8, mixed, 2);
  }
}

/** The sum of the luma of pixels of three bytes. */
export function sumOfLuma(data: usize, pixels: i32): f64 {
  let sum: f64 = 0;
  let lanes = i32x4.splat(0);
  const whole = pixels & ~3;
  for (let pixel = 0; pixel < whole; pixel += 4) {
    const bytes = v128.load(data + pixel * 3);
    lanes = i32x4.add(lanes, luma(channel(bytes, 0), channel(bytes, 1), channel(bytes, 2)));
    // Before the lanes overflow.
    if ((pixel & 0xffffff) == 0xfffffc) {
      sum += sumOfLanes(lanes);
      lanes = i32x4.splat(0);
    }
  }
  sum += sumOfLanes(lanes);
  for (let pixel = whole; pixel < pixels; pixel++) {
    const at = data + pixel * 3;
    sum += f64((i32(load<u8>(at)) * RED + i32(load<u8>(at, 1)) * GREEN + i32(load<u8>(at, 2)) * BLUE + HALF) >>> 16);
  }
  return sum;
}

function sumOfLanes(lanes: v128): f64 {
  return (
    f64(i32x4.extract_lane(lanes, 0)) +
    f64(i32x4.extract_lane(lanes, 1)) +
    f64(i32x4.extract_lane(lanes, 2)) +
    f64(i32x4.extract_lane(lanes, 3))
  );
}
