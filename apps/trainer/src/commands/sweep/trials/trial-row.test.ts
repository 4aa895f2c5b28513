import { expect, test } from "vitest";
import { type TrialRow, bestOf, ranked } from "./trial-row.ts";

const row = (trial: number, state: TrialRow["state"], accuracy?: number, loss?: number): TrialRow => ({
  trial,
  values: {},
  state,
  epochsPlanned: 2,
  run: `trial-${trial}`,
  ...(accuracy === undefined ? {} : { val_accuracy: accuracy }),
  ...(loss === undefined ? {} : { val_loss: loss }),
});
const rows = [
  row(1, "failed"),
  row(2, "pruned", 0.9, 0.2),
  row(3, "completed", 0.7, 0.6),
  row(4, "waiting"),
  row(5, "completed", 0.8, 0.9),
  row(6, "completed", 0.8, 0.5),
  row(7, "completed", Number.NaN, Number.NaN),
  row(8, "completed", 0.8, 0.5),
];

test("the best come first, then what was not trained to its end, then what has no result", () => {
  expect(ranked(rows, "val_accuracy").map(({ trial }) => trial)).toEqual([6, 8, 5, 3, 7, 2, 4, 1]);
  expect(ranked(rows, "val_loss").map(({ trial }) => trial)).toEqual([6, 8, 3, 5, 7, 2, 4, 1]);
  expect(bestOf(rows, "val_accuracy")?.trial).toBe(6);
});

test("where nothing was trained to its end, nothing is the best", () => {
  expect(bestOf([row(1, "pruned", 0.9, 0.1), row(2, "failed")], "val_accuracy")).toBeUndefined();
  expect(bestOf([row(1, "completed", Number.NaN, 0.1)], "val_accuracy")).toBeUndefined();
  expect(bestOf([], "val_loss")).toBeUndefined();
});
