/** Numbers that a stream draws. */
interface Draws {
  /** In [0, 1). */
  uniform(): number;
  /** Standard. */
  normal(): number;
}

/**
 * Shares that add up to 1, from the symmetric Dirichlet distribution.
 *
 * @param concentration above 0: below 1 most of it falls to one of them, far above 1 they are alike
 */
export function drawShares(random: Draws, concentration: number, count: number): number[] {
  const logarithms = Array.from({ length: count }, () => drawLogGamma(random, concentration));
  const largest = Math.max(...logarithms);
  const parts = logarithms.map((logarithm) => Math.exp(logarithm - largest));
  const sum = parts.reduce((total, part) => total + part, 0);
  return parts.map((part) => part / sum);
}

/**
 * The logarithm of a Gamma variate, as the variate itself would be 0 for small shapes.
 *
 * Source: Marsaglia and Tsang, ACM TOMS 26, 2000; shapes below 1 by their `gamma(a) = gamma(a + 1) U^(1 / a)`.
 */
function drawLogGamma(random: Draws, shape: number): number {
  if (shape < 1) return drawLogGamma(random, shape + 1) + drawLogUniform(random) / shape;
  const third = shape - 1 / 3;
  const scale = 1 / Math.sqrt(9 * third);
  for (;;) {
    const normal = random.normal();
    const cube = (1 + scale * normal) ** 3;
    if (cube <= 0) continue;
    const bound = normal ** 2 / 2 + third * (1 - cube + Math.log(cube));
    if (drawLogUniform(random) < bound) return Math.log(third * cube);
  }
}

/** Of a number in (0, 1]. */
function drawLogUniform(random: Draws): number {
  return Math.log(1 - random.uniform());
}
