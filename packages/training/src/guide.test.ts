import { mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as layers from "@featuremap/layers";
import * as tensor from "@featuremap/tensor";
import { printedLines, promisedLines, runExample } from "@featuremap/testing/examples";
import * as visualize from "@featuremap/visualize";
import * as tf from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import * as training from "./index.ts";

const guide = new URL("../../../docs/guides/training.md", import.meta.url);
const picture = new URL("../../../docs/guides/learning-rate.svg", import.meta.url);

const before = process.cwd();
let folder = "";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "featuremap-guide-"));
  process.chdir(folder);
  await import("@tensorflow/tfjs-backend-cpu");
  await tf.setBackend("cpu");
});

afterAll(async () => {
  process.chdir(before);
  await rm(folder, { recursive: true });
});

test("the guide's lines run one after another, print what their comments say, and draw its picture", async () => {
  const blocks = Array.from((await readFile(guide, "utf8")).matchAll(/```ts\n([^]*?)```/g), ([, code = ""]) => code);
  const code = blocks.join("\n");
  const modules = {
    "@featuremap/devices": { openDevice: () => Promise.resolve() },
    "@featuremap/layers": layers,
    "@featuremap/tensor": tensor,
    "@featuremap/training": training,
    "@featuremap/visualize": visualize,
    "@tensorflow/tfjs-core": tf,
  };
  const calls = await runExample(`${code}\nconsole.log(svg);`, modules, { AbortController });
  const drawn = String(calls.pop()?.[0]);
  expect(printedLines(calls)).toEqual(promisedLines(code.replaceAll(/ \/\/ tensorboard .*$/gm, "")));
  expect((await readdir("runs/guide")).toSorted()).toEqual(["best.safetensors", "logs", "means.safetensors"]);
  // UPDATE_PICTURES=1 npx vitest run src/guide.test.ts draws it anew.
  if (process.env["UPDATE_PICTURES"]) await writeFile(picture, `${drawn}\n`);
  const shapes = (svg: string): readonly string[] => svg.match(/<\w+/g) ?? [];
  expect(shapes(await readFile(picture, "utf8"))).toEqual(shapes(drawn));
});
