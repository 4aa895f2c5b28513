import * as fc from "fast-check";
import { expect, test } from "vitest";
import { parsePythonObject } from "./json.ts";
import { parsePythonJson } from "./python-numbers.ts";

test.for<[string, unknown]>([
  ["[Infinity, -Infinity,NaN]", [Infinity, -Infinity, NaN]],
  ['{"a": NaN, "b": {"c": [-Infinity]}}', { a: NaN, b: { c: [-Infinity] } }],
  ['["NaN", "-Infinity", "\\"NaN", "\\\\", NaN]', ["NaN", "-Infinity", '"NaN', "\\", NaN]],
  ['{"Infinity": "NaN"}', { Infinity: "NaN" }],
])("reads %s", ([text, expected]) => {
  expect(parsePythonJson(text)).toEqual(expected);
});

test.for([
  "[1Infinity]",
  "[Infinity5]",
  "[--Infinity]",
  "[+Infinity]",
  "[Infinit]",
  "[NaNNaN]",
  "[-NaN]",
  '["',
  '[NaN, "\\uFFFE"]',
])("refuses %s", (text) => {
  expect(() => parsePythonJson(text)).toThrow(SyntaxError);
});

test("reads all that Python writes, whatever the texts", () => {
  const words = fc.constantFrom("NaN", "Infinity", "-Infinity", '"', "\\", ":", " ");
  const text = fc
    .array(fc.oneof(words, fc.string({ unit: "binary-ascii" })), { maxLength: 4 })
    .map((parts) => parts.join(""));
  const number = fc.oneof(fc.constantFrom(Infinity, -Infinity, NaN), fc.integer());
  const values = fc.array(fc.record({ text, number }));
  fc.assert(
    fc.property(values, (given) => {
      const items = given.map((entry) => `{"text": ${JSON.stringify(entry.text)}, "number": ${entry.number}}`);
      const bytes = new TextEncoder().encode(`{"items": [${items.join(", ")}]}`);
      expect(parsePythonObject(bytes, "a.json", "document")).toEqual({ items: given });
    }),
    { numRuns: 300 },
  );
});
