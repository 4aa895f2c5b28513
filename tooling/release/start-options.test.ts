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
    const declared = async (...files: readonly string[]): Promise<string[]> => {
      const folder = new URL("../../apps/trainer/src/options/commands/", import.meta.url);
      const sources = await Promise.all(files.map((file) => readFile(new URL(file, folder), "utf8")));
      return sources.flatMap((source) =>
        Array.from(source.matchAll(/^ {2}(\w+): \{/gm), ([, key = ""]) =>
          key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`),
        ),
      );
    };
    expect(await declared("train.ts", "training.ts", "../shared.ts")).toEqual(
      expect.arrayContaining(Object.keys(trainOptions)),
    );
    expect(await declared("serve.ts")).toEqual(expect.arrayContaining(Object.keys(serveOptions)));
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
