import * as layers from "@featuremap/layers";
import * as tensor from "@featuremap/tensor";
import { firstExample, printedLines, promisedLines, runExample } from "@featuremap/testing/examples";
import { setBackend } from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";
import * as training from "../index.ts";

beforeAll(async () => {
  await import("@tensorflow/tfjs-backend-cpu");
  await setBackend("cpu");
});

test("the guide's example runs, and prints what its comments say", async () => {
  const example = await firstExample(new URL("../../../../docs/fine-tuning.md", import.meta.url));
  const calls = await runExample(example, {
    "@featuremap/layers": layers,
    "@featuremap/tensor": tensor,
    "@featuremap/training": training,
  });
  // Comments on lines of their own say what is meant, not what is printed.
  expect(printedLines(calls)).toEqual(promisedLines(example).filter((line) => example.includes(`; // ${line}`)));
});
