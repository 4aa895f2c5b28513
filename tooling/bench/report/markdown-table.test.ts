import { expect, test } from "vitest";
import { markdownTable } from "./markdown-table.mjs";

test("a table is padded as the formatter pads it", () => {
  expect(
    markdownTable(
      [["work"], ["ms", "figures"], [""]],
      [
        ["train", "12.5", "reached"],
        ["predict", "", ""],
      ],
    ),
  ).toEqual([
    "| work    |   ms |         |",
    "| ------- | ---: | ------- |",
    "| train   | 12.5 | reached |",
    "| predict |      |         |",
  ]);
});
