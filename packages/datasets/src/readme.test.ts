import { readFile } from "node:fs/promises";
import { format } from "node:util";
import { compileFunction } from "node:vm";
import { expect, test } from "vitest";
import * as datasets from "./index.ts";

test("the README's example runs, and prints what its comments say", async () => {
  const readme = await readFile(new URL("../README.md", import.meta.url), "utf8");
  const [, example = ""] = /```ts\n([\s\S]*?)```/.exec(readme) ?? [];
  const printed: string[] = [];
  const log = (...values: unknown[]): number => printed.push(format(...values));
  const body = example.replace(/import (\{.*?\}) from "@featuremap\/datasets";/, "const $1 = datasets;");
  await compileFunction(`return (async () => {${body}})();`, ["datasets", "console"])(datasets, { log });
  const comments = Array.from(example.matchAll(/console\.log\(.*\); \/\/ (.*)$/gm), ([, comment]) => comment);
  expect(comments).toHaveLength(3);
  expect(printed).toEqual(comments);
});
