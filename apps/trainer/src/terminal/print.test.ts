import { expect, test } from "vitest";
import { printJson, printLine, printText } from "./print.ts";

function printed(print: (stream: { write(text: string): void }) => void): string {
  let all = "";
  print({ write: (text) => (all += text) });
  return all;
}

const label = "cat\u001b[2J\u009b1m\n\u202egod";

test("a line stays one line, and says nothing to the terminal", () => {
  expect(printed((stream) => printLine(stream, label))).toBe(`${String.raw`cat\u001b[2J\u009b1m\n\u202egod`}\n`);
});

test("text keeps its lines", () => {
  expect(printed((stream) => printText(stream, "a\nb\u0007"))).toBe(`a\nb${String.raw`\u0007`}\n`);
});

test("an object keeps its values, and says nothing to the terminal", () => {
  const text = printed((stream) => printJson(stream, { label }));
  expect(text).toBe(`${String.raw`{"label":"cat\u001b[2J\u009b1m\n\u202egod"}`}\n`);
  expect(JSON.parse(text)).toEqual({ label });
});
