import { expect, test } from "vitest";
import { describeValue, printable, shorten } from "./describe-value.ts";
import { FormatError } from "../errors.ts";

test.for<[unknown, string]>([
  ["relo", '"relo"'],
  ["a\u001b[2Jb", String.raw`"a\u001b[2Jb"`],
  ["x".repeat(1000), `"${"x".repeat(120)}"... (1000 characters)`],
  [[1, "2"], '[1, "2"]'],
  [[[1, 2], [[3]]], "[[1, 2], [a list of 1]]"],
  [Array.from({ length: 1e6 }, () => 0), "[0, 0, 0, 0, 0, 0, 0, 0, ... (1000000 entries)]"],
  [new Float64Array(3), "Float64Array of 3"],
  [undefined, "undefined"],
  [new Map(), "Map"],
  [{}, "an object"],
  [Object.create(null), "an object"],
  [Math.sin, "function sin"],
])("%j is described as %s", ([value, text]) => {
  expect(describeValue(value)).toBe(text);
});

test("a bigint is told from a number", () => {
  expect(describeValue([1n, 1])).toBe("[1n, 1]");
});

test("printable text has no character that a terminal obeys or that turns text around", () => {
  expect(printable("a\nb\r\u0007\u009b2J\u202ec\u{1f600}\ud800")).toBe(
    String.raw`a
b\u000d\u0007\u009b2J\u202ec😀\ud800`,
  );
});

test("a cut text says how long it was", () => {
  expect(shorten("abcdef", 3)).toBe("abc... (6 characters)");
  expect(shorten("abc", 3)).toBe("abc");
});

test("an error's message is cut and escaped whatever it is made from", () => {
  const { message } = new FormatError("model.json", "name", "short", `\u001b${"y".repeat(9e6)}`);
  expect(message).toMatch(/^model\.json: name must be short, found \\u001byyy/);
  expect(message.length).toBeLessThan(2100);
});
