import * as layers from "@featuremap/layers";
import * as tensor from "@featuremap/tensor";
import { firstExample, printedLines, promisedLines, runExample } from "@featuremap/testing/examples";
import * as cpu from "@tensorflow/tfjs-backend-cpu";
import { setBackend } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import * as training from "./index.ts";

test("the README's example runs, and prints what its comment says", async () => {
  await setBackend("cpu");
  const example = await firstExample(new URL("../README.md", import.meta.url));
  const calls = await runExample(example, {
    "@tensorflow/tfjs-backend-cpu": cpu,
    "@featuremap/layers": layers,
    "@featuremap/tensor": tensor,
    "@featuremap/training": training,
  });
  expect(printedLines(calls)).toEqual(promisedLines(example));
  expect(calls).toHaveLength(1);
});
