import { expect, test } from "vitest";
import { parseJson } from "./parse-json.ts";

test.for(['{"a":1,"b":{"a":2},"c":[{"a":3},{"a":4}],"d":"a\\":","e":"{"}', "[]", "7", '"a:b"', '{"":{"":{}}}'])(
  "%s is read",
  (text) => {
    expect(parseJson(text)).toEqual(JSON.parse(text));
  },
);

test.for([
  ['{"a":1,"a":1}', '"a"'],
  ['{"b":[{"a":{},"c":[1,{}],"a":2}]}', '"a"'],
  [String.raw`{"a":1,"\u0061":2}`, String.raw`"\u0061"`],
  ['{"__proto__":1,"__proto__":2}', '"__proto__"'],
])("%s says a name twice", ([text, name]) => {
  expect(() => parseJson(text ?? "")).toThrow(new SyntaxError(`It says ${name} twice.`));
});

test("what is not JSON is told as JSON.parse does", () => {
  expect(() => parseJson("{")).toThrow(SyntaxError);
});
