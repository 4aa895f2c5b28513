import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Option } from "./option.ts";
import { expectedValue, textOfValue, valueFromFile, valueFromText, writtenValue } from "./read-value.ts";

const common = { group: "Test", description: "a test" } as const;

const integer: Option = { ...common, kind: "integer", minimum: -5, maximum: 9 };
const share: Option = { ...common, kind: "number", above: 0, maximum: 1 };
const rate: Option = { ...common, kind: "number", above: 0, words: ["auto"] };
const any: Option = { ...common, kind: "number" };
const text: Option = { ...common, kind: "text" };
const choice: Option = { ...common, kind: "choice", choices: ["one", "one-cycle"] };
const flag: Option = { ...common, kind: "flag" };
const list: Option = { ...common, kind: "list" };
const some: Option = { ...common, kind: "list", choices: ["a", "b"] };
const time: Option = { ...common, kind: "duration" };
const size: Option = { ...common, kind: "size", words: ["auto"] };

describe("a value from text", () => {
  test.for<[Option, string, unknown]>([
    [integer, "7", 7],
    [integer, "-5", -5],
    [integer, "+3", 3],
    [integer, "-0", 0],
    [integer, "1e0", 1],
    [share, "1", 1],
    [share, ".5", 0.5],
    [share, "1e-3", 0.001],
    [rate, "auto", "auto"],
    [text, "007", "007"],
    [text, "--x=1", "--x=1"],
    [text, "größer 図", "größer 図"],
    [choice, "one-cycle", "one-cycle"],
    [flag, "true", true],
    [flag, "0", false],
    [list, "a,b c,d=e", ["a", "b c", "d=e"]],
    [some, "b,a", ["b", "a"]],
    [time, "90s", 90],
    [time, "10m", 600],
    [time, "1h30m", 5400],
    [time, "1.5h", 5400],
    [size, "64", { width: 64, height: 64 }],
    [size, "64x48", { width: 64, height: 48 }],
    [size, "auto", "auto"],
    [size, "4096x1024", { width: 4096, height: 1024 }],
  ])("%j: %j", ([option, typed, value]) => {
    expect(valueFromText(option, typed)).toEqual(value);
  });

  test.for<[Option, string]>([
    [integer, "10"],
    [integer, "1.5"],
    [integer, "0x5"],
    [integer, " 5"],
    [integer, "5 "],
    [integer, "five"],
    [integer, "Infinity"],
    [integer, "auto"],
    [share, "0"],
    [share, "1.01"],
    [any, "NaN"],
    [any, "1e999"],
    [any, "1_000"],
    [any, "."],
    [rate, "Auto"],
    [text, ""],
    [choice, "cycle"],
    [choice, "toString"],
    [flag, "yes"],
    [list, "a,,b"],
    [list, ""],
    [some, "a,c"],
    [time, "10"],
    [time, "0s"],
    [time, "10m5"],
    [time, "s"],
    [time, "30m1h"],
    [size, "0"],
    [size, "64x"],
    [size, "64x48x3"],
    [size, "-64"],
    [size, "2049x2048"],
    [size, "999999"],
  ])("%j cannot be %j", ([option, typed]) => {
    expect(valueFromText(option, typed)).toBeUndefined();
  });
});

test.for<[Option, unknown]>([
  [integer, "7"],
  [integer, null],
  [integer, new Date(7)],
  [integer, true],
  [any, Number.NaN],
  [any, Number.POSITIVE_INFINITY],
  [text, 7],
  [text, ["a"]],
  [choice, 0],
  [flag, "true"],
  [flag, 1],
  [list, "a,b"],
  [list, []],
  [list, ["a,b"]],
  [list, ["a", 1]],
  [time, 600],
  [size, [64, 48]],
  [size, { width: 64, height: 48 }],
  [size, 64.5],
])("%j in a file cannot be %j", ([option, value]) => {
  expect(valueFromFile(option, value)).toBeUndefined();
});

test.for<[Option, string]>([
  [integer, "an integer in [-5, 9]"],
  [{ ...common, kind: "integer", minimum: 1 }, "an integer of at least 1"],
  [share, "a number in (0, 1]"],
  [{ ...common, kind: "number", minimum: 0, below: 1 }, "a number in [0, 1)"],
  [{ ...common, kind: "number", minimum: 0 }, "a number of at least 0"],
  [{ ...common, kind: "number", maximum: 2 }, "a number of at most 2"],
  [{ ...common, kind: "number", below: 2 }, "a number below 2"],
  [rate, "a number above 0, or auto"],
  [any, "a number"],
  [choice, "one of one, one-cycle"],
])("%j must be %s", ([option, expected]) => {
  expect(expectedValue(option)).toBe(expected);
});

test("any value is the same again, as text and in a file", () => {
  const values: readonly (readonly [Option, fc.Arbitrary<string>])[] = [
    [{ ...common, kind: "integer", minimum: Number.MIN_SAFE_INTEGER }, fc.maxSafeInteger().map(String)],
    [any, fc.double({ noNaN: true, noDefaultInfinity: true }).map(String)],
    [text, fc.string({ unit: "binary", minLength: 1 })],
    [
      list,
      fc
        .array(
          fc.string({ minLength: 1 }).filter((entry) => !entry.includes(",")),
          { minLength: 1 },
        )
        .map(String),
    ],
    [time, fc.tuple(fc.nat(99), fc.nat(99), fc.integer({ min: 1, max: 99 })).map(([h, m, s]) => `${h}h${m}m${s}s`)],
    [time, fc.tuple(fc.nat(99_999), fc.nat(999)).map(([whole, part]) => `${whole + 1}.${part}s`)],
    [
      size,
      fc.tuple(fc.integer({ min: 1, max: 2048 }), fc.integer({ min: 1, max: 2048 })).map((pair) => pair.join("x")),
    ],
  ];
  for (const [option, texts] of values) {
    fc.assert(
      fc.property(texts, (typed) => {
        const value = valueFromText(option, typed);
        expect(value).toBeDefined();
        expect(valueFromText(option, textOfValue(option, value))).toEqual(value);
        const kept: unknown = JSON.parse(JSON.stringify(writtenValue(option, value)));
        expect(valueFromFile(option, kept)).toEqual(value);
      }),
    );
  }
});
