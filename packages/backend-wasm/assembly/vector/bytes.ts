/** Lanes of 32 bits as bytes in the memory. */

/** Four lanes that are all ones or zero, as four bytes 1 or 0. */
@inline
export function truthBytes(lanes: v128): i32 {
  const half = i16x8.narrow_i32x4_s(lanes, lanes);
  return i32x4.extract_lane(i8x16.narrow_i16x8_s(half, half), 0) & 0x01010101;
}

/** Four bytes as four int32 lanes. */
@inline
export function loadBytes(address: usize): v128 {
  return i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(v128.load32_zero(address)));
}

/** Stores the low byte of each of four lanes. */
@inline
export function storeBytes(address: usize, lanes: v128): void {
  const words = i16x8.narrow_i32x4_s(lanes, lanes);
  v128.store32_lane(address, i8x16.narrow_i16x8_u(words, words), 0);
}
