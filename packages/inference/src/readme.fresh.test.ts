import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { saveBundle } from "@featuremap/formats";
import { plainPreprocessing } from "@featuremap/images";
import { firstExample, runExample } from "@featuremap/testing/examples";
import { expect, test, vi } from "vitest";
import * as inference from "./index.ts";
import { copyingLabels, copyingModel, picture } from "./testing/small-bundle.ts";

// The device that needs nothing built.
vi.mock(import("@featuremap/devices"), async (importOriginal) => {
  const original = await importOriginal();
  return { ...original, leaseDevice: () => original.leaseDevice("cpu") };
});

test("the README's example runs", async () => {
  const example = await firstExample(new URL("../README.md", import.meta.url));
  const folder = await mkdtemp(join(tmpdir(), "featuremap-readme-"));
  const preprocessing = plainPreprocessing([2, 2], "grayscale");
  await saveBundle(copyingModel(), join(folder, "model"), { preprocessing, labels: copyingLabels });
  const documentBytes = (await stat(join(folder, "model", "model.json"))).size;
  const allBytes = documentBytes + (await stat(join(folder, "model", "weights.safetensors"))).size;
  const calls = await runExample(
    example.replaceAll("/model/model.json", join(folder, "model", "model.json").replaceAll("\\", "/")),
    { "@featuremap/inference": inference },
    { document: { querySelectorAll: () => [picture(0, 200, 100, 0)] } },
  );
  expect(calls).toEqual([
    ["download", documentBytes, "of", "?"],
    ["download", allBytes, "of", allBytes],
    ["warm-up", allBytes, "of", allBytes],
    ["JavaScript, 1 thread", 4],
    ["north-east", 1],
    ["south-west", expect.closeTo(0, 6)],
    ["north-west", expect.closeTo(0, 6)],
  ]);
  await rm(folder, { recursive: true });
});
