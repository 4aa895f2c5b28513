import { expect, test } from "vitest";
import { createEpochTable } from "./epoch-table.ts";

const metrics = { loss: 0.5, accuracy: 0.75, val_loss: 0.625, val_accuracy: 0.5 };

test.for([
  [80, "epoch loss accuracy val_loss val_accuracy time"],
  [0, "epoch loss accuracy val_loss val_accuracy time"],
  [60, "epoch accuracy val_loss val_accuracy time"],
  [45, "epoch val_loss val_accuracy time"],
  [33, "epoch val_accuracy time"],
  [20, "epoch val_accuracy time"],
] as const)("a table of %s columns keeps to them as long as it says how good the model is", ([columns, names]) => {
  let written = "";
  const output = { isTTY: true, columns, write: (text: string) => (written += text) };
  const table = createEpochTable(output, "validation");
  for (const epoch of [1, 2]) table.row({ epoch, epochs: 10, seconds: 75, metrics });
  const [first = "", row = "", ...rest] = written.trimEnd().split("\n");
  expect(first.split(/ +/).join(" ")).toBe(names);
  expect(row).toMatch(/^1\/10 .* {2}0\.5000 {7}1:15$/);
  expect(rest).toHaveLength(1);
  expect(row).toHaveLength(first.length);
  // What says how good the model is stays, however narrow it is.
  expect(first.length).toBeLessThanOrEqual(Math.max(columns || 80, 33));
});
