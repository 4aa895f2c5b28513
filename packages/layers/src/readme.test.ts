import { readFile } from "node:fs/promises";
import { format } from "node:util";
import { compileFunction } from "node:vm";
import * as tf from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import * as layers from "./index.ts";
import { useCpuBackend } from "./testing/cpu-backend.ts";

useCpuBackend();

test("the README's example runs, and prints what its comments say", async () => {
  const readme = await readFile(new URL("../README.md", import.meta.url), "utf8");
  const [, example = ""] = /```ts\n([\s\S]*?)```/.exec(readme) ?? [];
  const printed: string[] = [];
  const log = (...values: unknown[]): number => printed.push(format(...values));
  const body = example
    .replace(/import \* as tf .*\n/, "")
    .replace(/import (\{.*?\}) from "@featuremap\/layers";/, "const $1 = layers;");
  const run = compileFunction(`${body}\nmodel.dispose();`, ["tf", "layers", "console"]);
  tf.tidy(() => void run(tf, layers, { log }));
  const comments = Array.from(example.matchAll(/console\.log\(.*\); \/\/ (.*)$/gm), ([, comment]) => comment);
  expect(comments).toHaveLength(3);
  expect(printed).toEqual(comments);
});
