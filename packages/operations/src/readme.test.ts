import { firstExample, printedLines, promisedLines, runExample } from "@featuremap/testing/examples";
import { useBackend } from "@featuremap/testing/backend";
import * as tf from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import * as operations from "./index.ts";

useBackend();

test("the README's example runs, and prints what its comments say", async () => {
  const example = await firstExample(new URL("../README.md", import.meta.url));
  const modules = {
    "@featuremap/operations": operations,
    "@tensorflow/tfjs-core": tf,
    "@tensorflow/tfjs-backend-cpu": {},
  };
  const calls = await runExample(example, modules);
  expect(printedLines(calls)).toEqual(promisedLines(example));
  expect(calls).toHaveLength(1);
});
