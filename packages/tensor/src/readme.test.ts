import { readFile } from "node:fs/promises";
import { format } from "node:util";
import { compileFunction } from "node:vm";
import { expect, test } from "vitest";
import * as tensor from "./index.ts";

test("the README's example runs, and prints what its comments say", async () => {
  const readme = await readFile(new URL("../README.md", import.meta.url), "utf8");
  const [, example = ""] = /```ts\n([\s\S]*?)```/.exec(readme) ?? [];
  const printed: string[] = [];
  const log = (...values: unknown[]): number => printed.push(format(...values));
  const body = example.replace(/import (\{.*?\}) from "@featuremap\/tensor";/, "const $1 = tensor;");
  compileFunction(body, ["tensor", "console"])(tensor, { log });
  const comments = Array.from(example.matchAll(/(?:^|\); )\/\/ (.*)$/gm), ([, comment]) => comment);
  expect(printed.join("\n").split("\n")).toEqual(comments);
});
