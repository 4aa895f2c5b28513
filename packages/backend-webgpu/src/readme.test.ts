import { firstExample, runExample } from "@featuremap/testing/examples";
import * as tf from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import * as webgpu from "./index.ts";

test("the README's example, run where there is no WebGPU, says so", async () => {
  const example = await firstExample(new URL("../README.md", import.meta.url));
  const run = runExample(example, { "@featuremap/backend-webgpu": webgpu, "@tensorflow/tfjs-core": tf });
  await expect(run).rejects.toMatchObject({ code: "UNAVAILABLE" });
});
