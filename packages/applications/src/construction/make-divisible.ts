const divisor = 8;

/**
 * The multiple of 8 nearest to a number of filters, and not less than nine tenths of it.
 *
 * Source: Keras `_make_divisible`, from MobileNet's reference code.
 */
export function makeDivisible(filters: number): number {
  const nearest = Math.max(divisor, Math.floor(Math.trunc(filters + divisor / 2) / divisor) * divisor);
  return nearest < 0.9 * filters ? nearest + divisor : nearest;
}
