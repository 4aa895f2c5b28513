import * as devices from "@featuremap/devices";
import * as layers from "@featuremap/layers";
import * as tensor from "@featuremap/tensor";
import { firstExample, printedLines, promisedLines, runExample } from "@featuremap/testing/examples";
import * as training from "@featuremap/training";
import { expect, test } from "vitest";

test("the example of the guide to fine-tuning runs as it stands, and prints what its comments say", async () => {
  const example = await firstExample(new URL("../../../../docs/guides/fine-tuning.md", import.meta.url));
  const calls = await runExample(example, {
    "@featuremap/devices": devices,
    "@featuremap/layers": layers,
    "@featuremap/tensor": tensor,
    "@featuremap/training": training,
  });
  expect(calls).toHaveLength(2);
  // Comments on lines of their own say what is meant, not what is printed.
  expect(printedLines(calls)).toEqual(promisedLines(example).filter((line) => example.includes(`; // ${line}`)));
});
