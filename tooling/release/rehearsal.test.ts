import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { UsageError, parseRehearsal, parts } from "./rehearsal/options.mjs";
import { tableOf } from "./rehearsal/table.mjs";
import { root } from "./workspace.mjs";

describe("the parts of a rehearsal", () => {
  test("are all, unless some are named", () => {
    expect(parseRehearsal([]).files).toHaveLength(Object.keys(parts).length);
    expect(parseRehearsal(["command"])).toEqual({ help: false, files: ["tooling/checks/installed/command/"] });
  });

  test("cover every test that installs packages", () => {
    const { files } = parseRehearsal([]);
    const checks = join(root, "tooling", "checks");
    const tests = ["examples", "installed"]
      .flatMap((folder) =>
        readdirSync(join(checks, folder), { recursive: true, encoding: "utf8" }).map((file) => join(folder, file)),
      )
      .map((file) => `tooling/checks/${file.replaceAll("\\", "/")}`)
      .filter((file) => /\/(examples\/.*\.installed|installed\/.*\.long)\.test\.ts$/.test(file));
    expect(tests.filter((file) => !files.some((start) => file.startsWith(start)))).toEqual([]);
    expect(tests.length).toBeGreaterThan(10);
  });

  test("are refused where there is none of the name", () => {
    expect(() => parseRehearsal(["comand"])).toThrow(UsageError);
    expect(() => parseRehearsal(["comand"])).toThrow("unknown part comand; there are published, readmes");
  });
});

test("the table has a line for each thing that was tried", () => {
  const row = { what: "a|b", manager: "npm", node: "24", tool: "", result: "ok", seconds: 1.25 } as const;
  expect(tableOf([row])).toBe(
    [
      "| what | package manager | Node | tool | result | seconds |",
      "| ---- | --------------- | ---- | ---- | ------ | ------- |",
      "| a\\|b | npm             | 24   |      | ok     | 1.3     |",
    ].join("\n"),
  );
});
