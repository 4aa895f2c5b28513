import { describe, expect, test } from "vitest";
import { globalOptions } from "./global.ts";
import { deviceOptions } from "./shared.ts";
import { type TypedOption, parseWords } from "./parse-words.ts";

const options = {
  ...deviceOptions,
  ...globalOptions,
  out: { kind: "text", group: "Run", description: "where" },
  resume: { kind: "text", group: "Run", description: "goes on", bare: "last" },
  json: { kind: "flag", group: "Output", description: "as JSON" },
} as const;

describe("words and options", () => {
  test.for<[readonly string[], readonly string[], readonly TypedOption[]]>([
    [["a", "--out", "b", "c"], ["a", "c"], [{ flag: "--out", key: "out", value: "b" }]],
    [["--out=b=c"], [], [{ flag: "--out", key: "out", value: "b=c" }]],
    [["--out="], [], [{ flag: "--out", key: "out", value: "" }]],
    [["--out", ""], [], [{ flag: "--out", key: "out", value: "" }]],
    [["--out", "-"], [], [{ flag: "--out", key: "out", value: "-" }]],
    [["--out", "-.5"], [], [{ flag: "--out", key: "out", value: "-.5" }]],
    [["--out=--json"], [], [{ flag: "--out", key: "out", value: "--json" }]],
    [["--out", "--json"], [], [{ flag: "--out", key: "out" }]],
    [["--out"], [], [{ flag: "--out", key: "out" }]],
    [["--out", "図 ü\n"], [], [{ flag: "--out", key: "out", value: "図 ü\n" }]],
    [["--json", "yes"], ["yes"], [{ flag: "--json", key: "json", value: "true" }]],
    [["--json=yes"], [], [{ flag: "--json", key: "json", value: "true", surplus: "yes" }]],
    [["--no-json"], [], [{ flag: "--no-json", key: "json", value: "false" }]],
    [["--print-config"], [], [{ flag: "--print-config", key: "printConfig", value: "true" }]],
    [["-h"], [], [{ flag: "-h", key: "help", value: "true" }]],
    [["a", "--", "--json", "-x", "--"], ["a", "--json", "-x", "--"], []],
    [["-", "a"], ["-", "a"], []],
    [["a", "--resume"], ["a"], [{ flag: "--resume", key: "resume", value: "last" }]],
    [
      ["--resume", "--json"],
      [],
      [
        { flag: "--resume", key: "resume", value: "last" },
        { flag: "--json", key: "json", value: "true" },
      ],
    ],
    [["--resume", "b"], [], [{ flag: "--resume", key: "resume", value: "b" }]],
    [["--resume="], [], [{ flag: "--resume", key: "resume", value: "" }]],
    [["--", "--resume"], ["--resume"], []],
  ])("%j", ([typed, words, given]) => {
    expect(parseWords(typed, options)).toEqual({ words, options: given, unknown: [] });
  });

  test.for(["--no-out", "--outt=3", "-3", "-x", "--toString", "--__proto__", "--printConfig"])(
    "nobody knows %s",
    (typed) => {
      expect(parseWords([typed], options).unknown).toEqual([typed.replace(/=.*/, "")]);
    },
  );
});
