import type { Projection } from "./warp.ts";

/** A linear map about the picture's centre, then a shift: from output to input. */
export interface AffineMap {
  /** Counter-clockwise, in radians. */
  readonly angle?: number;
  /** The picture moves by this many pixels: to the right, and down. */
  readonly shift?: readonly [x: number, y: number];
  /** How much larger the picture becomes: across, and down. */
  readonly zoom?: readonly [x: number, y: number];
  /** Tangents of the shear along each axis. */
  readonly shear?: readonly [x: number, y: number];
}

/** The map about the centre of a picture: zoom first, then shear, turn and shift. */
export function affineProjection(width: number, height: number, map: AffineMap): Projection {
  const {
    angle = 0,
    shift: [right, down] = [0, 0],
    zoom: [across, along] = [1, 1],
    shear: [shearX, shearY] = [0, 0],
  } = map;
  const cos = Math.cos(angle);
  const sin = Math.sin(angle);
  // Turned back, sheared back, zoomed back.
  const [p, q] = [cos + shearX * sin, -sin + shearX * cos];
  const [r, s] = [shearY * cos + sin, -shearY * sin + cos];
  const [a0, a1, b0, b1] = [p / across, q / across, r / along, s / along];
  const centerX = (width - 1) / 2;
  const centerY = (height - 1) / 2;
  const fromX = centerX + right;
  const fromY = centerY + down;
  return [a0, a1, centerX - a0 * fromX - a1 * fromY, b0, b1, centerY - b0 * fromX - b1 * fromY, 0, 0];
}

/**
 * The projection that takes four corners of the output to four places of the input: top left, top right, bottom left,
 * bottom right.
 */
export function cornerProjection(
  width: number,
  height: number,
  places: readonly (readonly [x: number, y: number])[],
): Projection {
  const corners = [
    [0, 0],
    [width - 1, 0],
    [0, height - 1],
    [width - 1, height - 1],
  ] as const;
  const rows = corners.flatMap(([x, y], index) => {
    const [toX, toY] = places[index] ?? [0, 0];
    return [
      [x, y, 1, 0, 0, 0, -toX * x, -toX * y, toX],
      [0, 0, 0, x, y, 1, -toY * x, -toY * y, toY],
    ];
  });
  const solution: readonly number[] = solve(rows);
  return solution as Projection;
}

/** Gaussian elimination with pivots; each row ends with its right side. */
function solve(rows: number[][]): number[] {
  const count = rows.length;
  for (let column = 0; column < count; column++) {
    let pivot = column;
    for (let row = column; row < count; row++) {
      if (Math.abs(rows[row]?.[column] ?? 0) > Math.abs(rows[pivot]?.[column] ?? 0)) pivot = row;
    }
    const chosen = rows[pivot] ?? [];
    rows[pivot] = rows[column] ?? [];
    rows[column] = chosen;
    for (const [index, row] of rows.entries()) {
      if (index === column) continue;
      const factor = (row[column] ?? 0) / (chosen[column] ?? 1);
      for (let entry = column; entry <= count; entry++) row[entry] = (row[entry] ?? 0) - factor * (chosen[entry] ?? 0);
    }
  }
  return rows.map((row, index) => (row[count] ?? 0) / (row[index] ?? 1));
}
