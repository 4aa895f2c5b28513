import { FormatError } from "@featuremap/tensor";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseJsonObject } from "./json.ts";

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
const parse = (text: string): unknown => parseJsonObject(encode(text), "a.json", "document");

describe("parseJsonObject", () => {
  test("gives back every object that JSON can write", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        const text = JSON.stringify(value);
        expect(parse(text)).toEqual(JSON.parse(text));
      }),
    );
  });

  test.for([
    ["", "an empty text"],
    ["<!doctype html>", "<!doctype html>"],
    ['{"a": ', '{"a": '],
    ["[1]", "[1]"],
    ["null", "null"],
    ['"text"', '"text"'],
    ["\uFEFF{}", "\uFEFF{}"],
  ] as const)("refuses %j", ([text, found]) => {
    expect(() => parse(text)).toThrow(new FormatError("a.json", "document", "a JSON object", found));
  });

  test.for(['{"a": 1, "a": 2}', '{"list": [{"b": 1, "b": 1}]}', '{"\\u0061": 1, "a": 2}'])("refuses %s", (text) => {
    expect(() => parse(text)).toThrow("duplicate name");
  });

  test("refuses nesting that would exhaust the stack", () => {
    expect(() => parse(`{"a":${"[".repeat(100_000)}${"]".repeat(100_000)}}`)).toThrow("nested at most 200 deep");
  });

  test("takes brackets and colons inside texts for what they are", () => {
    const value = { 'a:\\"{': '[{":' };
    expect(parse(JSON.stringify(value))).toEqual(value);
  });

  test("refuses bytes that are not UTF-8", () => {
    expect(() => parseJsonObject(Uint8Array.of(0x7b, 0xff, 0x7d), "a.json", "document")).toThrow("must be UTF-8 text");
  });
});
