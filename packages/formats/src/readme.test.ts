import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { format } from "node:util";
import { compileFunction } from "node:vm";
import * as layers from "@featuremap/layers";
import * as tensor from "@featuremap/tensor";
import { expect, test } from "vitest";
import * as formats from "./index.ts";

test("the README's example runs, and prints what its comment says", async () => {
  const readme = await readFile(new URL("../README.md", import.meta.url), "utf8");
  const [, example = ""] = /```ts\n([\s\S]*?)```/.exec(readme) ?? [];
  const folder = await mkdtemp(join(tmpdir(), "featuremap-readme-"));
  const printed: string[] = [];
  const log = (...values: unknown[]): number => printed.push(format(...values));
  const body = example
    .replaceAll(/import (\{.*?\}) from "@featuremap\/(\w+)";/g, "const $1 = $2;")
    .replaceAll("runs/letters", folder.replaceAll("\\", "/"));
  const parameters = ["formats", "layers", "tensor", "console"];
  await compileFunction(`return (async () => {${body}})();`, parameters)(formats, layers, tensor, { log });
  expect(printed).toEqual(Array.from(example.matchAll(/\/\/ (.*)$/gm), ([, comment]) => comment));
  await rm(folder, { recursive: true });
});
