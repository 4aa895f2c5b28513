import { describe, expect, test } from "vitest";
import { commands } from "../commands/declare-commands.ts";
import { commandWords } from "./command.ts";
import { globalOptions } from "./global.ts";
import { flagName } from "./names.ts";
import { run } from "../testing/run.ts";
import { commandHelp, optionMeaning, optionSynopsis, programHelp } from "./help.ts";
import { definitions, textWidth, wrap } from "../terminal/wrap.ts";

/** Text without its line breaks. */
const joined = (text: string): string => text.replaceAll(/\s+/g, " ");

describe.for(commands)("featuremap $name --help", (command) => {
  test("lists every option once, with its default once", () => {
    const help = commandHelp(command, 100);
    for (const [key, option] of Object.entries({ ...command.options, ...globalOptions })) {
      const lines = help
        .split("\n")
        .filter((line) => new RegExp(`^ +(-\\w, )?--(no-)?${flagName(key)}( |$)`).test(line));
      expect([key, lines.length]).toEqual([key, 1]);
      expect(joined(help)).toContain(optionMeaning(option));
      expect(optionMeaning(option).split("default").length).toBeLessThanOrEqual(2);
    }
  });

  test("lists every argument, and the group of every option once", () => {
    const help = commandHelp(command, 100);
    for (const { name, description } of command.arguments) expect(joined(help)).toContain(`${name} ${description}`);
    const headings = help.split("\n").filter((line) => /^[A-Z]\w+:$/.test(line));
    expect(new Set(headings).size).toBe(headings.length);
    for (const { group } of Object.values(command.options)) expect(headings).toContain(`${group}:`);
  });

  test.for([20, 33, 60, 80, 110])("is wrapped at %i columns", (width) => {
    const lines = commandHelp(command, width).split("\n");
    // Examples and usage are copied, so they stay whole.
    const broken = lines.filter((line) => !line.includes("featuremap "));
    const tooLong = broken.filter((line) => line.length > width && line.trim().split(" ").length > 1);
    // What an option is called is not text to break.
    expect(tooLong.filter((line) => !/^ {2}(-\w, )?--\S+( <\S+>)?$/.test(line))).toEqual([]);
    expect(joined(lines.join(" "))).toBe(joined(commandHelp(command, 1000)));
  });

  test("is printed without loading or needing anything", async () => {
    const { code, output, error } = await run([...commandWords(command), "--help"], {
      columns: 72,
      folder: "/nowhere",
    });
    expect({ code, error }).toEqual({ code: 0, error: "" });
    expect(output).toBe(`${commandHelp(command, 72)}\n`);
    expect(await run([...commandWords(command), "-h", "--bogus"], { columns: 72 })).toMatchObject({ code: 0, output });
  });
});

test("featuremap --help lists every command once", async () => {
  const { code, output } = await run(["--help"]);
  expect(code).toBe(0);
  expect(output).toBe(`${programHelp(commands, 80)}\n`);
  for (const { name, summary } of commands) {
    expect(output.split("\n").filter((line) => new RegExp(`^ {2}${name}( |$)`).test(line))).toHaveLength(1);
    expect(joined(output)).toContain(summary);
  }
});

test("featuremap data --help lists the commands of two words, and names what is not there", async () => {
  const { code, output } = await run(["data", "--help"]);
  expect(code).toBe(0);
  for (const { name, summary } of commands.filter((command) => command.name.startsWith("data "))) {
    expect(output).toMatch(new RegExp(`^  ${name} <data(set)?>`, "m"));
    expect(joined(output)).toContain(summary);
  }
  expect(output).not.toContain("train <data>");
  const wrong = await run(["data", "inof", "photos"]);
  expect(wrong).toMatchObject({ code: 2, output: "" });
  expect(wrong.error).toMatch(
    /^featuremap: data: there is no command "inof" \(did you mean info\?\); there are info[^.]*\. See featuremap data --help\.\n$/,
  );
  expect((await run(["data"])).error).toContain("data: no command was given; there are info");
  expect((await run([])).error).toMatch(/no command was given; there are train, .*\bdata, /);
});

test("featuremap --version tells the version, also after a command", async () => {
  const { output } = await run(["--version"]);
  expect(output).toMatch(/^featuremap\/1\.2\.3 \S+ node-v\d+/);
  expect(await run(["train", "-v"])).toMatchObject({ code: 0, output });
});

test("a flag that holds by itself is shown as what turns it off", () => {
  const flag = { kind: "flag", group: "Test", description: "do it", default: true } as const;
  expect(optionSynopsis("dropLast", flag)).toBe("--no-drop-last");
  expect(optionSynopsis("dropLast", { ...flag, default: false })).toBe("--drop-last");
});

test("what may stand instead of a number is shown", () => {
  const option = {
    kind: "integer",
    group: "Test",
    description: "images",
    minimum: 1,
    words: ["auto"],
    default: "auto",
  } as const;
  expect(optionSynopsis("batchSize", option)).toBe("--batch-size <n|auto>");
  expect(optionMeaning(option)).toBe("images (default: auto)");
});

test("text is broken between words, and a long word stands alone", () => {
  expect(wrap("one two three", 7)).toEqual(["one two", "three"]);
  expect(wrap("one extraordinary two", 5)).toEqual(["one", "extraordinary", "two"]);
  expect(wrap("", 5)).toEqual([""]);
});

test("meanings stand beside their terms, or below in a narrow window", () => {
  const entries = [
    ["--a", "first"],
    ["--bb", "second"],
  ] as const;
  expect(definitions(entries, 80)).toEqual(["  --a   first", "  --bb  second"]);
  expect(definitions(entries, 30)).toEqual(["  --a", "      first", "  --bb", "      second"]);
});

test("a pipe has 80 columns, and no line is longer than can be read", () => {
  expect([undefined, 0, 5, 64, 400].map(textWidth)).toEqual([80, 80, 20, 64, 110]);
});
