import { expect, test } from "vitest";
import { formatTable } from "./table.ts";

test("columns are as wide as their widest cell, names to the left and figures to the right", () => {
  const rows = [
    ["kernel", "calls", "MB"],
    ["Sum", "12", ""],
  ];
  expect(formatTable(rows)).toEqual(["kernel  calls  MB", "Sum        12"]);
});
