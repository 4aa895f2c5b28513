import { expect, test } from "vitest";
import { alikeClasses } from "./alike-classes.ts";

test("finds names that people take for one", () => {
  expect(alikeClasses(["Cat", "dog", "cat", "caf\u00e9", "cafe\u0301", "CAT "])).toEqual([
    ["Cat", "cat", "CAT "],
    ["caf\u00e9", "cafe\u0301"],
  ]);
});

test("lets others be", () => {
  expect(alikeClasses(["cat", "cats", "dog", ""])).toEqual([]);
});
