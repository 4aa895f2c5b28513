import type { Scores } from "../../report/report-data.ts";

/** How well one class is recognised. A share of nothing is NaN. */
export interface ClassResult {
  readonly label: string;
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  /** Pictures of the class. */
  readonly images: number;
  /** Pictures that were taken for it. */
  readonly predicted: number;
}

/** Pictures of one class that were taken for one class. */
export interface Confusion {
  readonly label: string;
  readonly predicted: string;
  readonly images: number;
}

/** Scores by the names of the classes. */
export function resultOf(
  { images, loss, accuracy, topFive, classes, matrix }: Scores,
  classNames: readonly string[],
): {
  readonly images: number;
  readonly loss: number;
  readonly accuracy: number;
  readonly topFive?: number;
  readonly classes: readonly ClassResult[];
  readonly confusion: readonly Confusion[];
} {
  const name = (index: number): string => classNames[index] ?? "";
  return {
    images,
    loss,
    accuracy,
    ...(topFive === undefined ? {} : { topFive }),
    classes: classes.map(({ precision, recall, f1, support, predicted }, index) => ({
      label: name(index),
      precision,
      recall,
      f1,
      images: support,
      predicted,
    })),
    confusion: matrix.cells.map(({ row, column, count }) => ({
      label: name(row),
      predicted: name(column),
      images: count,
    })),
  };
}
