import { RandomStream } from "@featuremap/tensor";
import type { MatrixCell, Predictions } from "./report-data.ts";

/** Rows of predictions that are shown, by what for. */
export interface ChosenRows {
  readonly mostWrong: readonly number[];
  /** For maps of where the network looked: right answers and wrong ones. */
  readonly right: readonly number[];
  readonly wrong: readonly number[];
}

/** How many of each. */
const [mostOfMostWrong, mostExplained] = [24, 4];

/** Mistakes by their loss, and answers to explain, of as many classes as there are. */
export function chooseRows({ labels, predicted, losses }: Predictions, seed: number): ChosenRows {
  const order = Array.from(labels, (_, row) => row);
  const isRight = (row: number): boolean => labels[row] === predicted[row];
  const wrong = order.filter((row) => !isRight(row)).toSorted((a, b) => (losses[b] ?? 0) - (losses[a] ?? 0) || a - b);
  const shuffled = Array.from(new RandomStream(seed).fork("right answers").permutation(labels.length));
  const classOf = (row: number): number => labels[row] ?? -1;
  return {
    mostWrong: wrong.slice(0, mostOfMostWrong),
    right: ofManyClasses(shuffled.filter(isRight), classOf, mostExplained),
    wrong: ofManyClasses(wrong, classOf, mostExplained),
  };
}

/** The first ones, each of a class of its own as far as there are so many. */
function ofManyClasses(rows: readonly number[], classOf: (row: number) => number, most: number): readonly number[] {
  const seen = new Set<number>();
  const [first, later]: [number[], number[]] = [[], []];
  for (const row of rows) {
    if (first.length === most) break;
    if (seen.has(classOf(row))) later.push(row);
    else first.push(row);
    seen.add(classOf(row));
  }
  return [...first, ...later].slice(0, most);
}

/** Most pictures that are kept of a cell of mistakes, of one of right answers, and of all cells. */
export const mostOfWrongCell = 24;
export const mostOfRightCell = 12;
const mostOfAllCells = 2400;

/**
 * Which rows of predictions stand for the cells of a confusion matrix, those first that matter most: one of each cell before a
 * second of any, mistakes before right answers; of a cell the highest losses first.
 */
export function chooseCellRows(
  { labels, predicted, losses }: Predictions,
  cells: readonly MatrixCell[],
  classes: number,
): readonly { readonly cell: MatrixCell; readonly row: number }[] {
  const byCell = new Map<number, number[]>();
  for (let row = 0; row < labels.length; row++) {
    const key = (labels[row] ?? 0) * classes + (predicted[row] ?? 0);
    const rows = byCell.get(key);
    if (rows === undefined) byCell.set(key, [row]);
    else rows.push(row);
  }
  const isRight = ({ row, column }: MatrixCell): boolean => row === column;
  const ordered = cells.toSorted((a, b) => Number(isRight(a)) - Number(isRight(b)) || b.count - a.count);
  const lists = ordered.map((cell) => ({
    cell,
    rows: (byCell.get(cell.row * classes + cell.column) ?? [])
      .toSorted((a, b) => (losses[b] ?? 0) - (losses[a] ?? 0) || a - b)
      .slice(0, isRight(cell) ? mostOfRightCell : mostOfWrongCell),
  }));
  const chosen: { readonly cell: MatrixCell; readonly row: number }[] = [];
  for (let round = 0; round < mostOfWrongCell; round++) {
    for (const { cell, rows } of lists) {
      const row = rows[round];
      if (row !== undefined && chosen.length < mostOfAllCells) chosen.push({ cell, row });
    }
  }
  return chosen;
}
