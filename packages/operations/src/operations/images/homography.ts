import type { ProjectiveMatrix } from "./projective-transform.ts";

/** A point in an image, in pixels. */
export type Point = readonly [x: number, y: number];

/** Top left, top right, bottom left, bottom right. */
export type Corners = readonly [Point, Point, Point, Point];

/**
 * The matrix by which what stands at `to` comes from `from`; the identity where corners lie on one line.
 *
 * Source: Keras `compute_homography_matrix`.
 */
export function homography(from: Corners, to: Corners): ProjectiveMatrix {
  const equations = from.flatMap(([x, y], corner) => {
    const [u, v] = to[corner] ?? [0, 0];
    return [
      [u, v, 1, 0, 0, 0, -x * u, -x * v, x],
      [0, 0, 0, u, v, 1, -y * u, -y * v, y],
    ];
  });
  const solution: readonly number[] = solve(equations) ?? [1, 0, 0, 0, 1, 0, 0, 0];
  return solution as ProjectiveMatrix;
}

/** Gauss and Jordan's elimination, the largest pivot first. Each row has its right side last; `null` if there is no one answer. */
function solve(equations: readonly (readonly number[])[]): number[] | null {
  const rows = equations.map((row) => [...row]);
  for (let column = 0; column < rows.length; column++) {
    const pivot = rows.slice(column).reduce<number[]>((best, row) => {
      return Math.abs(row[column] ?? 0) > Math.abs(best[column] ?? 0) ? row : best;
    }, []);
    const head = pivot[column] ?? 0;
    if (Math.abs(head) < Number.EPSILON) return null;
    rows.splice(rows.indexOf(pivot), 1);
    rows.splice(
      column,
      0,
      pivot.map((entry) => entry / head),
    );
    const unit = rows[column] ?? [];
    rows.forEach((row, index) => {
      const factor = row[column] ?? 0;
      if (index !== column) row.forEach((entry, place) => (row[place] = entry - factor * (unit[place] ?? 0)));
    });
  }
  return rows.map((row) => row.at(-1) ?? 0);
}
