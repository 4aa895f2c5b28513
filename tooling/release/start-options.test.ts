import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { UsageError, parseStartOptions, serveOptions, trainOptions } from "./start-options.mjs";

describe("the options of npm start", () => {
  test("train, export and serve where nothing is asked for", () => {
    expect(parseStartOptions([])).toEqual({
      help: false,
      serve: true,
      out: "runs/mnist",
      train: [],
      serveArguments: [],
      port: 4180,
    });
  });

  test("reach the command they are for", () => {
    expect(
      parseStartOptions(["--epochs", "1", "--port=8123", "--host", "0.0.0.0", "--seed", "7", "--out", "elsewhere"]),
    ).toEqual({
      help: false,
      serve: true,
      out: "elsewhere",
      train: ["--epochs", "1", "--seed", "7"],
      serveArguments: ["--host", "0.0.0.0"],
      port: 8123,
    });
  });

  test("are options that featuremap train and featuremap serve have", async () => {
    const source = await readFile(new URL("../../apps/trainer/src/declare-commands.ts", import.meta.url), "utf8");
    const declared = (command: string): string[] => {
      const [, options = ""] = new RegExp(`\\.command\\("${command} ([\\s\\S]*?)\\.example\\(`).exec(source) ?? [];
      return Array.from(options.matchAll(/\.option\(\s*"--([a-z-]+) </g), ([, name = ""]) => name);
    };
    expect(declared("train").toSorted()).toEqual(Object.keys(trainOptions).toSorted());
    expect(declared("serve").toSorted()).toEqual(Object.keys(serveOptions).toSorted());
  });

  test("end after the export with --no-serve", () => {
    expect(parseStartOptions(["--no-serve"]).serve).toBe(false);
  });

  test.for([
    [["--epoch", "1"], "npm start: unknown option --epoch; see npm start -- --help."],
    [["mnist"], "npm start: unknown option mnist; see npm start -- --help."],
    [["--epochs"], "npm start: --epochs must be followed by a count, received nothing."],
    [["--epochs", "--no-serve"], "npm start: --epochs must be followed by a count, received nothing."],
    [["--learning-rate", "none"], "npm start: --learning-rate must be a number above 0, received none."],
    [["--port", "70000"], "npm start: --port must be in [0, 65535], received 70000."],
    [["--port", "web"], "npm start: --port must be a whole number, received web."],
  ] as const)("refuse %j in one line", ([parameters, message]) => {
    expect(() => parseStartOptions(parameters)).toThrow(new UsageError(message));
  });
});
