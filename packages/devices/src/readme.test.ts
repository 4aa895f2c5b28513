import { firstExample, printedLines, runExample } from "@featuremap/testing/examples";
import * as tf from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import * as devices from "./index.ts";

test("the README's example runs", async () => {
  const example = await firstExample(new URL("../README.md", import.meta.url));
  const calls = await runExample(example, { "@featuremap/devices": devices, "@tensorflow/tfjs-core": tf });
  expect(printedLines(calls)).toEqual([
    expect.stringMatching(/^wasm: WebAssembly, \d+ thread/),
    "Float32Array(2) [ 1, 1 ]",
  ]);
});
