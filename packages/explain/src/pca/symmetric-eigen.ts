/** Eigenvalues of a symmetric matrix, the largest first, each with its vector of length 1. */
export interface EigenPairs {
  readonly values: readonly number[];
  readonly vectors: readonly Float64Array[];
}

/** Rounds over all pairs of axes; some ten are enough for any matrix. */
const mostRounds = 60;

/**
 * Eigenvalues and vectors of a symmetric matrix.
 *
 * Turns one pair of axes after another until nothing is left beside the diagonal. Exact to the last digits, and made for matrices of at most
 * some hundred rows. Source: Jacobi, 1846, in the cyclic form of Golub and Van Loan, "Matrix Computations", 8.5.
 *
 * @param matrix row-major, `size * size`; it is overwritten
 */
export function symmetricEigen(matrix: Float64Array, size: number): EigenPairs {
  const at = (row: number, column: number): number => matrix[row * size + column] ?? 0;
  const vectors = Array.from({ length: size }, (_, index) =>
    Float64Array.from({ length: size }, (__, k) => Number(k === index)),
  );
  const scale = Math.sqrt(matrix.reduce((sum, value) => sum + value ** 2, 0));
  for (let round = 0; round < mostRounds; round++) {
    let rest = 0;
    for (let row = 0; row < size; row++) {
      for (let column = row + 1; column < size; column++) rest += at(row, column) ** 2;
    }
    if (Math.sqrt(rest) <= Number.EPSILON * scale) break;
    for (let p = 0; p < size; p++) {
      for (let q = p + 1; q < size; q++) {
        if (at(p, q) === 0) continue;
        const ratio = (at(q, q) - at(p, p)) / (2 * at(p, q));
        const tangent = (ratio >= 0 ? 1 : -1) / (Math.abs(ratio) + Math.hypot(ratio, 1));
        const cosine = 1 / Math.hypot(tangent, 1);
        turn(matrix, size, p, q, cosine, tangent * cosine);
        turnPair(vectors[p], vectors[q], cosine, tangent * cosine);
      }
    }
  }
  const order = vectors.map((_, index) => index).toSorted((a, b) => at(b, b) - at(a, a));
  return { values: order.map((index) => at(index, index)), vectors: order.flatMap((index) => vectors[index] ?? []) };
}

/** `J^T A J` for the rotation `J` of axes p and q. */
function turn(matrix: Float64Array, size: number, p: number, q: number, cosine: number, sine: number): void {
  for (let k = 0; k < size; k++) {
    const a = matrix[k * size + p] ?? 0;
    const b = matrix[k * size + q] ?? 0;
    matrix[k * size + p] = cosine * a - sine * b;
    matrix[k * size + q] = sine * a + cosine * b;
  }
  turnPair(matrix.subarray(p * size, (p + 1) * size), matrix.subarray(q * size, (q + 1) * size), cosine, sine);
}

function turnPair(p: Float64Array | undefined, q: Float64Array | undefined, cosine: number, sine: number): void {
  if (p === undefined || q === undefined) return;
  for (let k = 0; k < p.length; k++) {
    const a = p[k] ?? 0;
    const b = q[k] ?? 0;
    p[k] = cosine * a - sine * b;
    q[k] = sine * a + cosine * b;
  }
}
