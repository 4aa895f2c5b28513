import { readFile } from "node:fs/promises";
import { printedLines, promisedLines, runExample, typeScriptOnly } from "@featuremap/testing/examples";
import * as tf from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import * as tensor from "@featuremap/tensor";
import * as layers from "./index.ts";
import { registerGradients } from "@featuremap/operations";
import { useBackend } from "@featuremap/testing/backend";

useBackend(registerGradients);

const readme = await readFile(new URL("../README.md", import.meta.url), "utf8");
const examples = Array.from(readme.matchAll(/```[jt]s\n([^]*?)```/g), ([, code = ""]) => code);

test.for([
  { index: 0, what: "builds a model", models: ["model"], lines: 2 },
  { index: 1, what: "uses the functional style", models: ["residual"], lines: 1 },
  { index: 2, what: "registers a user's own parts", models: ["own", "copy"], lines: 1 },
  { index: 3, what: "declares a layer of the user's own", models: ["gain"], lines: 1 },
])("the README's example that $what runs, and prints what its comments say", async ({ index, models, lines }) => {
  const example = examples[index] ?? "";
  expect(typeScriptOnly(example)).toEqual([]);
  // Layers know nothing of devices; the backend that the tests run on stands in for one.
  const openDevice = async (): Promise<string> => tf.getBackend();
  const modules = {
    "@featuremap/devices": { openDevice },
    "@featuremap/layers": layers,
    "@featuremap/tensor": tensor,
    "@tensorflow/tfjs-core": tf,
  };
  tf.engine().startScope();
  const calls = await runExample(`${example}\n${models.map((name) => `${name}.dispose();`).join("")}`, modules);
  tf.engine().endScope();
  expect(printedLines(calls)).toEqual(promisedLines(example));
  expect(calls).toHaveLength(lines);
});
