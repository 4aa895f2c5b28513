import { readFile } from "node:fs/promises";
import { format } from "node:util";
import { compileFunction } from "node:vm";
import * as tf from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import * as devices from "./index.ts";

test("the README's example runs", async () => {
  const readme = await readFile(new URL("../README.md", import.meta.url), "utf8");
  const [, example = ""] = /```ts\n([\s\S]*?)```/.exec(readme) ?? [];
  const printed: string[] = [];
  const log = (...values: unknown[]): number => printed.push(format(...values));
  const body = example
    .replace(/import (\{.*?\}) from "@featuremap\/devices";/, "const $1 = devices;")
    .replace(/import (\{.*?\}) from "@tensorflow\/tfjs-core";/, "const $1 = tf;");
  await compileFunction(`return (async () => {${body}})()`, ["devices", "tf", "console"])(devices, tf, { log });
  expect(printed).toEqual([expect.stringMatching(/^wasm: WebAssembly, \d+ thread/), "Float32Array(2) [ 1, 1 ]"]);
});
