import { readFile } from "node:fs/promises";
import { compileFunction } from "node:vm";
import * as tf from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import * as webgpu from "./index.ts";

test("the README's example, run where there is no WebGPU, says so", async () => {
  const readme = await readFile(new URL("../README.md", import.meta.url), "utf8");
  const [, example = ""] = /```ts\n([\s\S]*?)```/.exec(readme) ?? [];
  const body = example
    .replace(/import (\{.*?\}) from "@featuremap\/backend-webgpu";/, "const $1 = webgpu;")
    .replace(/import \* as tf from "@tensorflow\/tfjs-core";/, "");
  const run = compileFunction(`return (async () => {${body}})()`, ["webgpu", "tf"]);
  await expect(run(webgpu, tf)).rejects.toMatchObject({ code: "UNAVAILABLE" });
});
