import * as layers from "@featuremap/layers";
import * as tensor from "@featuremap/tensor";
import { firstExample, printedLines, promisedLines, runExample, typeScriptOnly } from "@featuremap/testing/examples";
import * as tf from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import * as explain from "./index.ts";
import { useDevice } from "./testing/devices.ts";

useDevice("cpu");

test("the README's example prints what its comments say", async () => {
  const example = await firstExample(new URL("../README.md", import.meta.url));
  expect(typeScriptOnly(example)).toEqual([]);
  const openDevice = async (): Promise<string> => tf.getBackend();
  const calls = await runExample(`${example}\nmodel.dispose();`, {
    "@featuremap/devices": { openDevice },
    "@featuremap/explain": explain,
    "@featuremap/layers": layers,
    "@featuremap/tensor": tensor,
  });
  expect(printedLines(calls)).toEqual(promisedLines(example));
  expect(calls).toHaveLength(3);
});
