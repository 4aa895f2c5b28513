import { firstExample, printedLines, promisedLines, runExample } from "@featuremap/testing/examples";
import * as tf from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import * as wasm from "./index.ts";

test("the README's example runs, and prints what its comments say", async () => {
  const example = await firstExample(new URL("../README.md", import.meta.url));
  const calls = await runExample(example, { "@featuremap/backend-wasm": wasm, "@tensorflow/tfjs-core": tf });
  // The comments have each array on one line.
  const lines = calls.map((call) => printedLines([call]).join(" ").replaceAll(/\s+/g, " "));
  expect(lines).toEqual(promisedLines(example));
  expect(calls).toHaveLength(2);
});
