import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { compileFunction } from "node:vm";
import { saveBundle } from "@featuremap/formats";
import { plainPreprocessing } from "@featuremap/tensor";
import { expect, test, vi } from "vitest";
import * as inference from "./index.ts";
import { copyingLabels, copyingModel, picture } from "./testing/small-bundle.ts";

// The device that needs nothing built.
vi.mock(import("@featuremap/devices"), async (importOriginal) => {
  const { openDevice } = await importOriginal();
  return { openDevice: () => openDevice("cpu") };
});

test("the README's example runs", async () => {
  const readme = await readFile(new URL("../README.md", import.meta.url), "utf8");
  const [, example = ""] = /```ts\n([\s\S]*?)```/.exec(readme) ?? [];
  const folder = await mkdtemp(join(tmpdir(), "featuremap-readme-"));
  const preprocessing = plainPreprocessing([2, 2], "grayscale");
  await saveBundle(copyingModel(), join(folder, "model"), { preprocessing, labels: copyingLabels });
  const body = example
    .replaceAll(/import (\{.*?\}) from "@featuremap\/(\w+)";/g, "const $1 = $2;")
    .replaceAll("/model/model.json", join(folder, "model", "model.json").replaceAll("\\", "/"));
  const printed: unknown[][] = [];
  const page = {
    console: { log: (...values: unknown[]) => printed.push(values) },
    document: { querySelector: () => picture(0, 200, 100, 0) },
  };
  const run = compileFunction(`return (async () => {${body}})();`, ["inference", ...Object.keys(page)]);
  await run(inference, ...Object.values(page));
  expect(printed).toEqual([
    ["download 0%"],
    ["download 100%"],
    ["warm-up 0%"],
    ["JavaScript, 1 thread", 4],
    ["north-east", 1],
    ["south-west", expect.closeTo(0, 6)],
    ["north-west", expect.closeTo(0, 6)],
  ]);
  await rm(folder, { recursive: true });
});
