/** Lanes of a vector of float32. */
export const LANES: i32 = 4;

/** `a * b + c`; rounded once where the binary has relaxed SIMD and the machine fused multiply-add. */
@inline
export function multiplyAdd(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(a, b, c);
  return f32x4.add(f32x4.mul(a, b), c);
}

/** Sum of the four lanes, in pairs. */
@inline
export function sumLanes(value: v128): f32 {
  return (
    f32x4.extract_lane(value, 0) +
    f32x4.extract_lane(value, 2) +
    (f32x4.extract_lane(value, 1) + f32x4.extract_lane(value, 3))
  );
}

/** Sets `count` floats to zero. */
@inline
export function clear(pointer: usize, count: i32): void {
  memory.fill(pointer, 0, (<usize>count) << 2);
}

/** `target[i] += source[i]` for `count` floats. */
@inline
export function addInto(target: usize, source: usize, count: i32): void {
  let index = 0;
  for (; index + 4 <= count; index += 4) {
    v128.store(target, f32x4.add(v128.load(target), v128.load(source)));
    target += 16;
    source += 16;
  }
  for (; index < count; index++) {
    store<f32>(target, load<f32>(target) + load<f32>(source));
    target += 4;
    source += 4;
  }
}

/** Copies `count` floats; short runs go without a call. */
@inline
export function copyFloats(target: usize, source: usize, count: i32): void {
  let index = 0;
  for (; index + 4 <= count; index += 4) {
    v128.store(target, v128.load(source));
    target += 16;
    source += 16;
  }
  for (; index < count; index++) {
    store<f32>(target, load<f32>(source));
    target += 4;
    source += 4;
  }
}

/** Stores the lanes of `value` that lie before `end`. */
@inline
export function storeUntil(address: usize, value: v128, end: usize): void {
  if (address + 16 <= end) {
    v128.store(address, value);
    return;
  }
  store<f32>(address, f32x4.extract_lane(value, 0));
  if (address + 4 < end) store<f32>(address, f32x4.extract_lane(value, 1), 4);
  if (address + 8 < end) store<f32>(address, f32x4.extract_lane(value, 2), 8);
}
