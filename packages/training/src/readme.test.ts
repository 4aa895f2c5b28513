import { readFile } from "node:fs/promises";
import { format } from "node:util";
import { compileFunction } from "node:vm";
import * as layers from "@featuremap/layers";
import * as tensor from "@featuremap/tensor";
import { setBackend } from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-backend-cpu";
import { expect, test } from "vitest";
import * as training from "./index.ts";

test("the README's example runs, and prints what its comment says", async () => {
  await setBackend("cpu");
  const readme = await readFile(new URL("../README.md", import.meta.url), "utf8");
  const [, example = ""] = /```ts\n([\s\S]*?)```/.exec(readme) ?? [];
  const body = example
    .replace(/import "@tensorflow.*/, "")
    .replaceAll(/import (\{.*?\}) from "@featuremap\/(\w+)";/g, "const $1 = packages.$2;");
  const printed: string[] = [];
  const log = (...values: unknown[]): number => printed.push(format(...values));
  const run = compileFunction(`return (async () => {${body}})();`, ["packages", "console"]) as (
    packages: object,
    console: object,
  ) => Promise<void>;
  await run({ layers, tensor, training }, { log });
  expect(printed).toEqual([/console\.log\(.*\); \/\/ (.*)$/m.exec(example)?.[1]]);
});
