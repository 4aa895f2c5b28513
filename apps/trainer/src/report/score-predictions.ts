import { calibrationOf } from "@featuremap/visualize";
import type { ClassScores, ConfusionCells, MatrixCell, Predictions, Scores } from "./report-data.ts";

/** How good answers are, in all and class by class. */
export function scorePredictions(predictions: Predictions, classes: number): Scores {
  const { labels, predicted, probabilities, losses, amongFive } = predictions;
  const images = labels.length;
  const matrix = countCells(labels, predicted, classes);
  const correct = Array.from(labels, (label, index) => label === predicted[index]);
  const right = correct.filter(Boolean).length;
  const scores = classScores(matrix);
  const counted = scores.filter(({ support, predicted: named }) => support + named > 0);
  const mean = (name: "precision" | "recall" | "f1"): number =>
    counted.reduce((sum, each) => sum + (Number.isNaN(each[name]) ? 0 : each[name]), 0) / counted.length;
  return {
    images,
    accuracy: right / images,
    loss: losses.reduce((sum, loss) => sum + loss, 0) / images,
    topFive: classes > 5 ? amongFive.reduce((sum, each) => sum + each, 0) / images : undefined,
    matrix,
    classes: scores,
    mean: { precision: mean("precision"), recall: mean("recall"), f1: mean("f1") },
    calibration: calibrationOf(probabilities, correct),
    confusions: matrix.cells
      .filter(({ row, column }) => row !== column)
      .toSorted((a, b) => b.count - a.count || a.row - b.row || a.column - b.column),
  };
}

function countCells(labels: Int32Array, predicted: Int32Array, classes: number): ConfusionCells {
  const counts = new Map<number, number>();
  for (let index = 0; index < labels.length; index++) {
    const key = (labels[index] ?? 0) * classes + (predicted[index] ?? 0);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const cells = [...counts]
    .toSorted(([a], [b]) => a - b)
    .map(([key, count]): MatrixCell => ({ row: Math.floor(key / classes), column: key % classes, count }));
  return { cells, classes };
}

function classScores({ cells, classes }: ConfusionCells): ClassScores[] {
  const [right, support, predicted] = [0, 1, 2].map(() => new Float64Array(classes)) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  for (const { row, column, count } of cells) {
    support[row] = (support[row] ?? 0) + count;
    predicted[column] = (predicted[column] ?? 0) + count;
    if (row === column) right[row] = count;
  }
  return Array.from({ length: classes }, (_, index) => {
    const [hits, there, named] = [right[index] ?? 0, support[index] ?? 0, predicted[index] ?? 0];
    return {
      precision: hits / named,
      recall: hits / there,
      f1: (2 * hits) / (there + named),
      support: there,
      predicted: named,
    };
  });
}

/** All cells one after the other, as drawings take them. */
export function denseMatrix({ cells, classes }: ConfusionCells): Float64Array {
  const counts = new Float64Array(classes ** 2);
  for (const { row, column, count } of cells) counts[row * classes + column] = count;
  return counts;
}
