import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as layers from "@featuremap/layers";
import { printedLines, promisedLines, runExample } from "@featuremap/testing/examples";
import { expect, test } from "vitest";
import * as onnx from "./index.ts";

test("the README's example of ONNX runs, and prints what its comment says", async () => {
  const readme = await readFile(new URL("../../README.md", import.meta.url), "utf8");
  const example = /## ONNX[^]*?```ts\n([^]*?)```/.exec(readme)?.[1] ?? "";
  const folder = await mkdtemp(join(tmpdir(), "featuremap-onnx-"));
  const path = join(folder, "letters.onnx").replaceAll("\\", "/");
  const calls = await runExample(example.replaceAll("letters.onnx", path), {
    "@featuremap/formats/onnx": onnx,
    "@featuremap/layers": layers,
  });
  expect(printedLines(calls)).toEqual(promisedLines(example));
  expect(calls).toHaveLength(1);
  await rm(folder, { recursive: true });
});
