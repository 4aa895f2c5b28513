import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as devices from "@featuremap/devices";
import * as keras from "@featuremap/formats/keras";
import * as layers from "@featuremap/layers";
import { firstExample, printedLines, promisedLines, runExample } from "@featuremap/testing/examples";
import * as training from "@featuremap/training";
import { expect, test } from "vitest";

test("the guide to Keras's models does what it says", async () => {
  const code = await firstExample(new URL("../../../docs/guides/keras-models.md", import.meta.url));
  const folder = await mkdtemp(join(tmpdir(), "featuremap-keras-"));
  const placed = code.replaceAll('"digits.keras"', JSON.stringify(join(folder, "digits.keras")));
  const modules = {
    "@featuremap/devices": devices,
    "@featuremap/formats/keras": keras,
    "@featuremap/layers": layers,
    "@featuremap/training": training,
  };
  const calls = await runExample(placed, modules);
  // The lines behind nothing that is printed tell what to do in Python.
  expect(printedLines(calls)).toEqual(promisedLines(code).filter((line) => /^\d+$/.test(line)));
  await rm(folder, { recursive: true });
});
