import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as any from "@featuremap/formats/any";
import * as tfjs from "@featuremap/formats/tfjs";
import * as layers from "@featuremap/layers";
import { printedLines, promisedLines, runExample } from "@featuremap/testing/examples";
import { expect, test } from "vitest";

test("the guide to models of TensorFlow.js does what it says", async () => {
  const text = await readFile(new URL("../../../docs/guides/keras-models.md", import.meta.url), "utf8");
  const code = /```ts\n(import { importModel[^]*?)```/.exec(text)?.[1] ?? "";
  const folder = await mkdtemp(join(tmpdir(), "featuremap-tfjs-"));
  const placed = code.replaceAll('"pets-tfjs"', JSON.stringify(join(folder, "pets-tfjs")));
  const calls = await runExample(placed, {
    "@featuremap/formats/any": any,
    "@featuremap/formats/tfjs": tfjs,
    "@featuremap/layers": layers,
  });
  expect(printedLines(calls)).toEqual(promisedLines(code));
  await rm(folder, { recursive: true });
});
