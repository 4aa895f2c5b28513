import { writeFile } from "node:fs/promises";
import { saveModel } from "@featuremap/formats";
import { exportModel } from "@featuremap/formats/any";
import { Dense, Flatten, Sequential } from "@featuremap/layers";
import { beforeAll, describe, expect, test } from "vitest";
import { run } from "../testing/run.ts";
import { saveSmallModel, temporaryFolder } from "../testing/saved-model.ts";

const folder = temporaryFolder();

beforeAll(async () => {
  const model = new Sequential([new Flatten({ inputShape: [4, 4, 3] }), new Dense({ units: 2 })]);
  for (const name of ["a.keras", "a.onnx", "a-tfjs", "a.weights.h5", "a.safetensors"]) {
    await exportModel(model, folder.path(name));
  }
  await saveModel(model, folder.path("unnamed"));
  model.dispose();
  await writeFile(folder.path("a.txt"), "hello");
  await writeFile(folder.path("a.bin"), new Uint8Array([255, 254, 253]));
  await saveSmallModel(folder.path("damaged"));
  await writeFile(folder.path("damaged/model.json"), "{");
});

describe("a model that is no bundle", () => {
  test.for([
    ["a.keras", "is a Keras file. featuremap convert"],
    ["a.onnx", "is an ONNX file. featuremap convert"],
    ["a-tfjs", "is a model of TensorFlow.js. featuremap convert"],
    ["unnamed", "unnamed OUT --labels NAMES --preprocessing KIND makes a bundle of it."],
    ["a.weights.h5", "holds weights alone"],
    ["a.safetensors", "holds weights alone"],
    ["a.txt", "must be a model: a bundle, .keras"],
    ["a.bin", "must be a model: a bundle, .keras"],
    ["damaged", "model.json: document must be a JSON object"],
  ])("is told by the first bytes: %s", async ([name, words]) => {
    const { code, output, error } = await run(["predict", folder.path(name), "mnist", "--count", "1"]);
    expect({ code, output }).toEqual({ code: 1, output: "" });
    expect(error).toContain(words);
    expect(error).toMatch(/^featuremap: [^\n]+\n$/);
  });

  test.for(["evaluate", "inspect", "serve", "summary", "export"])("is told by featuremap %s", async (command) => {
    const more = { evaluate: ["mnist"], export: ["--out", folder.path("out")] }[command] ?? [];
    const { code, error } = await run([command, folder.path("a.keras"), ...more]);
    expect({ code, error }).toEqual({
      code: 1,
      error: expect.stringMatching(/^featuremap: \S*a.keras is a Keras file. featuremap convert \S*a.keras OUT makes/),
    });
  });
});
