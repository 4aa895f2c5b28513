import { HostArray, InvalidConfigError, ShapeError, formatShape } from "@featuremap/tensor";
import { requireNumbers } from "../svg/drawing-options.ts";

/** Counts of a confusion matrix: a row for each true class, a column for each predicted one. */
export interface ConfusionCounts {
  readonly classes: number;
  readonly at: (row: number, column: number) => number;
  /** Pictures of a true class. */
  readonly total: (row: number) => number;
}

/** Rows of counts; all counts row by row, as the metric `ConfusionMatrix` gives them; or a host array of rank 2. */
export type ConfusionMatrixCounts = readonly ArrayLike<number>[] | ArrayLike<number> | HostArray;

/** The most classes that are drawn. */
const mostClasses = 5000;

/** @throws {InvalidConfigError | ShapeError} it is not a square of finite numbers of at least 0. */
export function readMatrix(owner: string, given: ConfusionMatrixCounts): ConfusionCounts {
  const data = flat(owner, given);
  const classes = Math.sqrt(data.length);
  if (!Number.isInteger(classes) || classes === 0 || classes > mostClasses) {
    const expected = `as many rows as columns, 1 to ${mostClasses}`;
    throw new InvalidConfigError(owner, "matrix", expected, `${data.length} counts`);
  }
  const totals = new Float64Array(classes);
  for (let index = 0; index < data.length; index++) {
    const count = data[index] ?? Number.NaN;
    if (!(count >= 0 && count < Number.POSITIVE_INFINITY)) {
      const place = `matrix[${Math.floor(index / classes)}][${index % classes}]`;
      throw new InvalidConfigError(owner, place, "a finite number of at least 0", count);
    }
    const row = Math.floor(index / classes);
    totals[row] = (totals[row] ?? 0) + count;
  }
  return { classes, at: (row, column) => data[row * classes + column] ?? 0, total: (row) => totals[row] ?? 0 };
}

function flat(owner: string, given: unknown): ArrayLike<number> {
  if (given instanceof HostArray) {
    const [rows, columns] = given.shape;
    if (given.rank === 2 && rows === columns) return given.data;
    throw new ShapeError(owner, "shape of matrix", "(classes, classes)", formatShape(given.shape));
  }
  if (!Array.isArray(given) || typeof given[0] === "number") return requireNumbers(owner, "matrix", given);
  const rows = [...given].map((row, index) => requireNumbers(owner, `matrix[${index}]`, row));
  for (const [index, { length }] of rows.entries()) {
    if (length === rows.length) continue;
    throw new InvalidConfigError(
      owner,
      `matrix[${index}]`,
      `a count for each of the ${rows.length} rows`,
      `${length} counts`,
    );
  }
  const data = new Float64Array(rows.length ** 2);
  for (const [index, row] of rows.entries()) data.set(row, index * rows.length);
  return data;
}
