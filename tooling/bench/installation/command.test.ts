import { expect, test } from "vitest";
import { lastLines } from "./command.mjs";

test("the end of what a program said names its error, though Node prints more below it", () => {
  const said =
    "hello\nError [ERR_MODULE_NOT_FOUND]: Cannot find module 'x'\n  at a\n  at b\n  at c\n}\n\nNode.js v20.20.2\n";
  expect(lastLines(said)).toBe("Error [ERR_MODULE_NOT_FOUND]: Cannot find module 'x' | at c | } | Node.js v20.20.2");
  expect(lastLines("out of memory\nexit code 1")).toBe("out of memory | exit code 1");
});
