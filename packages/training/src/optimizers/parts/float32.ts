/** The nearest float32. Keras computes an optimizer's numbers in the type of its weights, and rounds after each step. */
export const float32: (value: number) => number = Math.fround;

/** `1 - base`, both rounded to float32: near 1 that is not float32's `1 - base` of a double. */
export function float32Complement(base: number): number {
  return float32(1 - float32(base));
}

/**
 * `1 - base^step` as Keras has it: of a base and a power that were rounded to float32.
 *
 * For a base of 0.99999 the first step gives 1.0014e-5, where doubles give 1e-5.
 */
export function float32PowerComplement(base: number, step: number): number {
  return float32Complement(float32(base) ** step);
}
