/*
 * The words of Arm's Neon that libjpeg-turbo's decoder is written in, said in those of WebAssembly.
 *
 * A vector of 64 bits is the lower half of one of 128, whose upper half means nothing.
 */
#ifndef FEATUREMAP_ARM_NEON_H
#define FEATUREMAP_ARM_NEON_H
#include <stdint.h>
#include <wasm_simd128.h>

typedef v128_t int16x4_t, int16x8_t, int32x2_t, int32x4_t, int64x1_t, int64x2_t, int8x8_t;
typedef v128_t uint8x8_t, uint8x16_t, uint16x4_t, uint16x8_t, uint32x4_t;

#define OF(type, count) typedef struct { type##_t val[count]; } type##x##count##_t;
OF(int16x4, 3) OF(int16x4, 4) OF(int16x8, 2) OF(int32x4, 2) OF(uint16x4, 2) OF(uint16x4, 4)
OF(uint8x8, 2) OF(uint8x8, 3) OF(uint8x8, 4) OF(uint8x16, 2) OF(uint8x16, 3) OF(uint8x16, 4)
#undef OF

#define WORD static inline __attribute__((always_inline))

/* Loads, and what costs nothing. */
#define vld1_s16(from) wasm_v128_load64_zero(from)
#define vld1_u8(from) wasm_v128_load64_zero(from)
#define vld1q_s16(from) wasm_v128_load(from)
#define vld1q_u8(from) wasm_v128_load(from)
WORD int16x4x3_t vld1_s16_x3(const int16_t *from)
{
  return (int16x4x3_t) { { vld1_s16(from), vld1_s16(from + 4), vld1_s16(from + 8) } };
}
#define HAVE_VLD1_S16_X3
#define vdup_n_u8(value) wasm_i8x16_splat(value)
#define vdupq_n_u8(value) wasm_i8x16_splat(value)
#define vdupq_n_s16(value) wasm_i16x8_splat(value)
#define vdupq_n_u16(value) wasm_i16x8_splat(value)
#define vreinterpret_s16_s32(a) (a)
#define vreinterpret_s64_s16(a) (a)
#define vreinterpret_u16_u8(a) (a)
#define vreinterpret_u8_s8(a) (a)
#define vreinterpretq_s16_s32(a) (a)
#define vreinterpretq_s16_u16(a) (a)
#define vreinterpretq_s32_s16(a) (a)
#define vreinterpretq_s64_s16(a) (a)
#define vreinterpretq_u16_s16(a) (a)

/* Halves and lanes. */
#define HALF_OF(a, half) wasm_i64x2_shuffle(a, a, half, half)
#define BOTH(a, b) wasm_i64x2_shuffle(a, b, 0, 2)
#define vget_low_s16(a) (a)
#define vget_low_s32(a) (a)
#define vget_low_u8(a) (a)
#define vget_high_s16(a) HALF_OF(a, 1)
#define vget_high_s32(a) HALF_OF(a, 1)
#define vget_high_u8(a) HALF_OF(a, 1)
#define vcombine_s16(a, b) BOTH(a, b)
#define vcombine_u8(a, b) BOTH(a, b)
#define vget_lane_s64(a, lane) wasm_i64x2_extract_lane(a, lane)
#define vgetq_lane_s64(a, lane) wasm_i64x2_extract_lane(a, lane)
#define SPREAD(a, lane) wasm_i16x8_shuffle(a, a, lane, lane, lane, lane, lane, lane, lane, lane)
#define LOW_16_OF_32(a) wasm_i16x8_shuffle(a, a, 0, 2, 4, 6, 0, 2, 4, 6)
#define HIGH_16_OF_32(a) wasm_i16x8_shuffle(a, a, 1, 3, 5, 7, 1, 3, 5, 7)

/* Arithmetic. */
#define vadd_u8(a, b) wasm_i8x16_add(a, b)
#define vadd_s16(a, b) wasm_i16x8_add(a, b)
#define vaddq_u16(a, b) wasm_i16x8_add(a, b)
#define vaddq_s32(a, b) wasm_i32x4_add(a, b)
#define vsub_s16(a, b) wasm_i16x8_sub(a, b)
#define vsubq_s32(a, b) wasm_i32x4_sub(a, b)
#define vmul_s16(a, b) wasm_i16x8_mul(a, b)
#define vmulq_s16(a, b) wasm_i16x8_mul(a, b)
#define vmlaq_u16(sum, a, b) wasm_i16x8_add(sum, wasm_i16x8_mul(a, b))
#define vorr_s16(a, b) wasm_v128_or(a, b)
#define vorrq_s16(a, b) wasm_v128_or(a, b)
#define vmovl_u8(a) wasm_u16x8_extend_low_u8x16(a)
#define vaddw_u8(a, b) wasm_i16x8_add(a, vmovl_u8(b))
#define vmlal_u8(sum, a, b) wasm_i16x8_add(sum, wasm_u16x8_extmul_low_u8x16(a, b))
#define vmull_lane_s16(a, b, lane) wasm_i32x4_extmul_low_i16x8(a, SPREAD(b, lane))
#define vmlal_lane_s16(sum, a, b, lane) wasm_i32x4_add(sum, vmull_lane_s16(a, b, lane))
#define vmlsl_lane_s16(sum, a, b, lane) wasm_i32x4_sub(sum, vmull_lane_s16(a, b, lane))
#define vqrdmulhq_lane_s16(a, b, lane) wasm_i16x8_q15mulr_sat(a, SPREAD(b, lane))

/* Shifts, and what they are narrowed to. */
#define ROUNDED_SHIFT_16(a, bits) \
  wasm_i16x8_add(wasm_i16x8_shr(a, bits), wasm_v128_and(wasm_i16x8_shr(a, (bits) - 1), wasm_i16x8_splat(1)))
#define vshl_n_s16(a, bits) wasm_i16x8_shl(a, bits)
#define vshlq_n_s16(a, bits) wasm_i16x8_shl(a, bits)
#define vshll_n_s16(a, bits) wasm_i32x4_shl(wasm_i32x4_extend_low_i16x8(a), bits)
#define vrsraq_n_s16(sum, a, bits) wasm_i16x8_add(sum, ROUNDED_SHIFT_16(a, bits))
WORD int16x4_t addedHigh(int32x4_t a, int32x4_t b) { int32x4_t sum = wasm_i32x4_add(a, b); return HIGH_16_OF_32(sum); }
WORD int16x4_t subtractedHigh(int32x4_t a, int32x4_t b) { int32x4_t sum = wasm_i32x4_sub(a, b); return HIGH_16_OF_32(sum); }
WORD int16x4_t lowOf(int32x4_t a) { return LOW_16_OF_32(a); }
WORD uint8x8_t bytesOf(uint16x8_t a) { a = wasm_v128_and(a, wasm_i16x8_splat(255)); return wasm_u8x16_narrow_i16x8(a, a); }
WORD uint8x8_t cutToBytes(int16x8_t a) { return wasm_u8x16_narrow_i16x8(a, a); }
WORD int8x8_t cutToSigned(int16x8_t a) { return wasm_i8x16_narrow_i16x8(a, a); }
#define vaddhn_s32(a, b) addedHigh(a, b)
#define vsubhn_s32(a, b) subtractedHigh(a, b)
#define vrshrn_n_s32(a, bits) lowOf(wasm_i32x4_shr(wasm_i32x4_add(a, wasm_i32x4_splat(1 << ((bits) - 1))), bits))
#define vshrn_n_u16(a, bits) bytesOf(wasm_u16x8_shr(a, bits))
#define vrshrn_n_u16(a, bits) bytesOf(wasm_u16x8_shr(wasm_i16x8_add(a, wasm_i16x8_splat(1 << ((bits) - 1))), bits))
#define vqrshrn_n_s16(a, bits) cutToSigned(ROUNDED_SHIFT_16(a, bits))
#define vqmovun_s16(a) cutToBytes(a)

/* Pairs. */
#define LOW_BYTES(a, b) wasm_i8x16_shuffle(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23)
#define HIGH_BYTES(a, b) wasm_i8x16_shuffle(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31)
#define LOW_WORDS(a, b) wasm_i16x8_shuffle(a, b, 0, 8, 1, 9, 2, 10, 3, 11)
#define HIGH_WORDS(a, b) wasm_i16x8_shuffle(a, b, 4, 12, 5, 13, 6, 14, 7, 15)
#define LOW_DOUBLES(a, b) wasm_i32x4_shuffle(a, b, 0, 4, 1, 5)
#define HIGH_DOUBLES(a, b) wasm_i32x4_shuffle(a, b, 2, 6, 3, 7)
WORD uint8x8x2_t vzip_u8(uint8x8_t a, uint8x8_t b)
{
  v128_t both = LOW_BYTES(a, b);
  return (uint8x8x2_t) { { both, HALF_OF(both, 1) } };
}
WORD int16x8x2_t vtrnq_s16(int16x8_t a, int16x8_t b)
{
  return (int16x8x2_t) { { wasm_i16x8_shuffle(a, b, 0, 8, 2, 10, 4, 12, 6, 14),
                           wasm_i16x8_shuffle(a, b, 1, 9, 3, 11, 5, 13, 7, 15) } };
}
WORD int32x4x2_t vtrnq_s32(int32x4_t a, int32x4_t b)
{
  return (int32x4x2_t) { { wasm_i32x4_shuffle(a, b, 0, 4, 2, 6), wasm_i32x4_shuffle(a, b, 1, 5, 3, 7) } };
}

/* Stores. */
#define vst1q_u8(to, a) wasm_v128_store(to, a)
#define vst1q_u16(to, a) wasm_v128_store(to, a)
#define vst1_lane_u8(to, a, lane) wasm_v128_store8_lane(to, a, lane)
#define vst1q_lane_u16(to, a, lane) wasm_v128_store16_lane(to, a, lane)
#define vst2_lane_u16(to, a, lane) \
  do { wasm_v128_store16_lane(to, (a).val[0], lane); wasm_v128_store16_lane((to) + 1, (a).val[1], lane); } while (0)
#define vst4_lane_u16(to, a, lane) do { \
    wasm_v128_store16_lane(to, (a).val[0], lane); wasm_v128_store16_lane((to) + 1, (a).val[1], lane); \
    wasm_v128_store16_lane((to) + 2, (a).val[2], lane); wasm_v128_store16_lane((to) + 3, (a).val[3], lane); \
  } while (0)
#define vst3_lane_u8(to, a, lane) do { \
    wasm_v128_store8_lane(to, (a).val[0], lane); wasm_v128_store8_lane((to) + 1, (a).val[1], lane); \
    wasm_v128_store8_lane((to) + 2, (a).val[2], lane); \
  } while (0)
#define vst4_lane_u8(to, a, lane) do { \
    vst3_lane_u8(to, a, lane); wasm_v128_store8_lane((to) + 3, (a).val[3], lane); \
  } while (0)
WORD void vst2q_u8(uint8_t *to, uint8x16x2_t a)
{
  wasm_v128_store(to, LOW_BYTES(a.val[0], a.val[1]));
  wasm_v128_store(to + 16, HIGH_BYTES(a.val[0], a.val[1]));
}
WORD void vst4_s16(int16_t *to, int16x4x4_t a)
{
  v128_t front = LOW_WORDS(a.val[0], a.val[1]), back = LOW_WORDS(a.val[2], a.val[3]);
  wasm_v128_store(to, LOW_DOUBLES(front, back));
  wasm_v128_store(to + 8, HIGH_DOUBLES(front, back));
}
WORD void vst3q_u8(uint8_t *to, uint8x16x3_t a)
{
  v128_t x = a.val[0], y = a.val[1], z = a.val[2];
  v128_t xy = wasm_i8x16_shuffle(x, y, 0, 16, 0, 1, 17, 0, 2, 18, 0, 3, 19, 0, 4, 20, 0, 5);
  wasm_v128_store(to, wasm_i8x16_shuffle(xy, z, 0, 1, 16, 3, 4, 17, 6, 7, 18, 9, 10, 19, 12, 13, 20, 15));
  xy = wasm_i8x16_shuffle(x, y, 21, 0, 6, 22, 0, 7, 23, 0, 8, 24, 0, 9, 25, 0, 10, 26);
  wasm_v128_store(to + 16, wasm_i8x16_shuffle(xy, z, 0, 21, 2, 3, 22, 5, 6, 23, 8, 9, 24, 11, 12, 25, 14, 15));
  xy = wasm_i8x16_shuffle(x, y, 0, 11, 27, 0, 12, 28, 0, 13, 29, 0, 14, 30, 0, 15, 31, 0);
  wasm_v128_store(to + 32, wasm_i8x16_shuffle(xy, z, 26, 1, 2, 27, 4, 5, 28, 7, 8, 29, 10, 11, 30, 13, 14, 31));
}
WORD void vst3_u8(uint8_t *to, uint8x8x3_t a)
{
  v128_t x = a.val[0], y = a.val[1], z = a.val[2];
  v128_t xy = wasm_i8x16_shuffle(x, y, 0, 16, 0, 1, 17, 0, 2, 18, 0, 3, 19, 0, 4, 20, 0, 5);
  wasm_v128_store(to, wasm_i8x16_shuffle(xy, z, 0, 1, 16, 3, 4, 17, 6, 7, 18, 9, 10, 19, 12, 13, 20, 15));
  xy = wasm_i8x16_shuffle(x, y, 21, 0, 6, 22, 0, 7, 23, 0, 0, 0, 0, 0, 0, 0, 0, 0);
  wasm_v128_store64_lane(to + 16, wasm_i8x16_shuffle(xy, z, 0, 21, 2, 3, 22, 5, 6, 23, 0, 0, 0, 0, 0, 0, 0, 0), 0);
}
WORD void vst4q_u8(uint8_t *to, uint8x16x4_t a)
{
  v128_t front = LOW_BYTES(a.val[0], a.val[1]), back = LOW_BYTES(a.val[2], a.val[3]);
  wasm_v128_store(to, LOW_WORDS(front, back));
  wasm_v128_store(to + 16, HIGH_WORDS(front, back));
  front = HIGH_BYTES(a.val[0], a.val[1]);
  back = HIGH_BYTES(a.val[2], a.val[3]);
  wasm_v128_store(to + 32, LOW_WORDS(front, back));
  wasm_v128_store(to + 48, HIGH_WORDS(front, back));
}
WORD void vst4_u8(uint8_t *to, uint8x8x4_t a)
{
  v128_t front = LOW_BYTES(a.val[0], a.val[1]), back = LOW_BYTES(a.val[2], a.val[3]);
  wasm_v128_store(to, LOW_WORDS(front, back));
  wasm_v128_store(to + 16, HIGH_WORDS(front, back));
}

/* Of a conversion that nobody asks for. */
uint16x8_t vqshluq_n_s16(int16x8_t a, int bits);
uint16x8_t vsriq_n_u16(uint16x8_t a, uint16x8_t b, int bits);
#endif
