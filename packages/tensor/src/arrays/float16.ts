import { InvalidConfigError } from "../errors.ts";

/**
 * Half precision as float32, exactly. Source: IEEE 754 binary16.
 *
 * @throws {InvalidConfigError} it is not a `Uint16Array`.
 */
export function fromFloat16(halves: Uint16Array): Float32Array<ArrayBuffer> {
  if (!(halves instanceof Uint16Array)) {
    throw new InvalidConfigError("fromFloat16", "halves", "a Uint16Array", halves);
  }
  const values = new Float32Array(halves.length);
  for (let index = 0; index < halves.length; index++) {
    const half = halves[index] ?? 0;
    const exponent = (half >> 10) & 0x1f;
    const fraction = half & 0x3ff;
    const sign = half & 0x8000 ? -1 : 1;
    if (exponent === 0x1f) values[index] = fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
    else if (exponent === 0) values[index] = sign * fraction * 2 ** -24;
    else values[index] = sign * (1024 + fraction) * 2 ** (exponent - 25);
  }
  return values;
}

/**
 * float32 in half precision, rounded to the nearest, ties to even; beyond 65,504 infinity. Source: IEEE 754 binary16.
 *
 * @throws {InvalidConfigError} it is not a `Float32Array`.
 */
export function toFloat16(values: Float32Array): Uint16Array<ArrayBuffer> {
  requireFloat32("toFloat16", values);
  const bits = new Uint32Array(new Float32Array(values).buffer);
  return Uint16Array.from(bits, (word, index) => {
    const sign = (word >>> 16) & 0x8000;
    const magnitude = word & 0x7fffffff;
    if (magnitude > 0x7f800000) return sign | 0x7e00;
    // From halfway between 65,504 and what would follow it.
    if (magnitude >= 0x477ff000) return sign | 0x7c00;
    // Below 2^-14 halves are the whole multiples of 2^-24.
    if (magnitude < 0x38800000) {
      const steps = Math.abs(values[index] ?? 0) * 2 ** 24;
      const nearest = Math.round(steps);
      return sign | (nearest - steps === 0.5 ? nearest & ~1 : nearest);
    }
    const kept = magnitude - 0x38000000;
    return sign | ((kept + 0xfff + ((kept >> 13) & 1)) >> 13);
  });
}

/** float32 as bfloat16, rounded to the nearest, ties to even. @throws {InvalidConfigError} it is not a `Float32Array`. */
export function toBFloat16(values: Float32Array): Uint16Array<ArrayBuffer> {
  requireFloat32("toBFloat16", values);
  const bits = new Uint32Array(new Float32Array(values).buffer);
  return Uint16Array.from(bits, (word) => {
    if ((word & 0x7fffffff) > 0x7f800000) return (word >>> 16) | 0x40;
    return (word + 0x7fff + ((word >>> 16) & 1)) >>> 16;
  });
}

function requireFloat32(owner: string, values: unknown): void {
  if (!(values instanceof Float32Array)) throw new InvalidConfigError(owner, "values", "a Float32Array", values);
}
