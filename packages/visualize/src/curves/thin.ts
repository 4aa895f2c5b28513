/** A place in pixels. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/**
 * A line of at most four points for each column of pixels: its first, lowest, highest and last one there. On screen it is
 * the same line, and no extreme is lost.
 *
 * @param points in order of `x`
 */
export function thinned(points: readonly Point[]): readonly Point[] {
  const columns = Math.floor(points.at(-1)?.x ?? 0) - Math.floor(points[0]?.x ?? 0) + 1;
  if (points.length <= 4 * columns) return points;
  const kept: Point[] = [];
  let column: number[] = [];
  const flush = (): void => {
    const heights = column.map((index) => points[index]?.y ?? 0);
    const extremes = [0, leastAt(heights), leastAt(heights.map((height) => -height)), column.length - 1];
    for (const place of [...new Set(extremes)].toSorted((a, b) => a - b)) {
      const point = points[column[place] ?? 0];
      if (point !== undefined) kept.push(point);
    }
    column = [];
  };
  for (const [index, { x }] of points.entries()) {
    const first = points[column[0] ?? index];
    if (first !== undefined && Math.floor(first.x) !== Math.floor(x)) flush();
    column.push(index);
  }
  flush();
  return kept;
}

function leastAt(values: readonly number[]): number {
  let least = 0;
  for (const [index, value] of values.entries()) if (value < (values[least] ?? value)) least = index;
  return least;
}
