import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as images from "@featuremap/images";
import * as layers from "@featuremap/layers";
import { firstExample, printedLines, promisedLines, runExample } from "@featuremap/testing/examples";
import { expect, test } from "vitest";
import * as formats from "./index.ts";

test("the README's example runs, and prints what its comment says", async () => {
  const example = await firstExample(new URL("../README.md", import.meta.url));
  const folder = await mkdtemp(join(tmpdir(), "featuremap-readme-"));
  const calls = await runExample(example.replaceAll("runs/letters", folder.replaceAll("\\", "/")), {
    "@featuremap/formats": formats,
    "@featuremap/images": images,
    "@featuremap/layers": layers,
  });
  expect(printedLines(calls)).toEqual(promisedLines(example));
  expect(calls).toHaveLength(1);
  await rm(folder, { recursive: true });
});
