import { readFile } from "node:fs/promises";
import { format } from "node:util";
import * as tf from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import { registerWasmBackend } from "./index.ts";

test("the README's example runs, and prints what its comments say", async () => {
  const readme = await readFile(new URL("../README.md", import.meta.url), "utf8");
  const [, example = ""] = /```ts\n([\s\S]*?)```/.exec(readme) ?? [];
  const printed: string[] = [];
  const log = (...values: unknown[]): number => printed.push(format(...values).replaceAll(/\s+/g, " "));
  const AsyncFunction = (async () => {}).constructor as new (
    ...code: string[]
  ) => (...values: unknown[]) => Promise<void>;
  const body = example.replaceAll(/^import .*$/gm, "");
  await new AsyncFunction("tf", "registerWasmBackend", "console", body)(tf, registerWasmBackend, { log });
  const comments = Array.from(example.matchAll(/^console.*; \/\/ (.*)$/gm), ([, comment]) => comment);
  expect(printed).toEqual(comments);
});
