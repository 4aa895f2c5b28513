import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { kerasTable, kerasTableFile } from "./keras-table.mjs";

test("docs/reference/keras.md says what the packages have; else run node tooling/checks/keras/keras-table.mjs", () => {
  expect(readFileSync(kerasTableFile, "utf8")).toBe(kerasTable());
});
