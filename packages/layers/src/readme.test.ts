import { firstExample, printedLines, promisedLines, runExample } from "@featuremap/testing/examples";
import * as tf from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import * as layers from "./index.ts";
import { useCpuBackend } from "./testing/cpu-backend.ts";

useCpuBackend();

test("the README's example runs, and prints what its comments say", async () => {
  const example = await firstExample(new URL("../README.md", import.meta.url));
  const modules = { "@featuremap/layers": layers, "@tensorflow/tfjs-core": tf };
  tf.engine().startScope();
  const calls = await runExample(`${example}\nmodel.dispose();`, modules);
  tf.engine().endScope();
  expect(printedLines(calls)).toEqual(promisedLines(example));
  expect(calls).toHaveLength(3);
});
