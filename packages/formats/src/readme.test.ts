import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as layers from "@featuremap/layers";
import * as tensor from "@featuremap/tensor";
import { firstExample, printedLines, promisedLines, runExample } from "@featuremap/testing/examples";
import { expect, test } from "vitest";
import * as formats from "./index.ts";

test("the README's example runs, and prints what its comment says", async () => {
  const example = await firstExample(new URL("../README.md", import.meta.url));
  const folder = await mkdtemp(join(tmpdir(), "featuremap-readme-"));
  const calls = await runExample(example.replaceAll("runs/letters", folder.replaceAll("\\", "/")), {
    "@featuremap/formats": formats,
    "@featuremap/layers": layers,
    "@featuremap/tensor": tensor,
  });
  expect(printedLines(calls)).toEqual(promisedLines(example));
  expect(calls).toHaveLength(1);
  await rm(folder, { recursive: true });
});
