import { mkdir, readFile, readdir, writeFile } from "node:fs/promises";
import { beforeAll, describe, expect, test } from "vitest";
import { parseLines, run } from "../testing/run.ts";
import { saveSmallModel, temporaryFolder } from "../testing/saved-model.ts";

const folder = temporaryFolder();
beforeAll(() => saveSmallModel(folder.path("model")));

describe("featuremap summary", () => {
  test("shows layers, labels and input", async () => {
    const { code, output } = await run(["summary", folder.path("model")]);
    expect(code).toBe(0);
    expect(output).toContain('Model: "small"');
    expect(output).toContain("Total params: 7,850");
    expect(output).toContain("Labels: 0, 1, 2, 3, 4, 5, 6, 7, 8, 9\n");
    expect(output).toContain("Input: 28 x 28 pixels, grayscale, scaled by 1/255\nMetrics: accuracy 0.1000\n");
  });

  test("takes the folder of a run for the model in it, unless it has one itself", async () => {
    await saveSmallModel(folder.path("run/model"));
    const whole = await run(["summary", folder.path("model")]);
    expect(await run(["summary", folder.path("run")])).toEqual(whole);
    expect(await run(["export", folder.path("run"), "--out", folder.path("of-run")])).toMatchObject({ code: 0 });
    await saveSmallModel(folder.path("model/model"));
    expect(await run(["summary", folder.path("model")])).toEqual(whole);
  });

  test("prints one object with --json", async () => {
    const { output } = await run(["summary", folder.path("model"), "--json"]);
    expect(parseLines(output)).toEqual([
      expect.objectContaining({ event: "summary", name: "small", parameters: 7850, metrics: { accuracy: 0.1 } }),
    ]);
  });

  test("a folder without a model is a failure, in one line", async () => {
    const { code, output, error } = await run(["summary", folder.path("nowhere"), "--json"]);
    expect(code).toBe(1);
    expect(output).toBe("");
    expect(error).toMatch(/^featuremap: There is no bundle at [^\n]+\n$/);
  });

  test("an address that cannot be read is wrong use", async () => {
    const { code, error } = await run(["summary", "ftp://example.org/model"]);
    expect(error).toMatch(/^featuremap: bundle: location must be a path, or an address [^\n]*"ftp:[^\n]*\n$/);
    expect(code).toBe(2);
  });

  test("a network that cannot be built is the file's fault, not wrong use", async () => {
    await saveSmallModel(folder.path("impossible"));
    const document = folder.path("impossible/model.json");
    const text = await readFile(document, "utf8");
    await writeFile(document, text.replace('"units":10', '"units":-10').replace('"units": 10', '"units": -10'));
    const { code, error } = await run(["summary", folder.path("impossible")]);
    expect(error).toContain("units");
    expect(code).toBe(1);
  });
});

describe("featuremap export", () => {
  test("writes the same weights and description to a new folder, and again over them", async () => {
    const words = ["export", folder.path("model"), "--out", folder.path("copy")];
    const printed = { code: 0, output: `Wrote the model (7,850 weights) to ${folder.path("copy")}\n`, error: "" };
    expect([await run(words), await run(words)]).toEqual([printed, printed]);
    const names = ["model.json", "weights.safetensors"];
    expect((await readdir(folder.path("copy"))).toSorted()).toEqual(names);
    for (const name of names) {
      expect(await readFile(folder.path(`copy/${name}`))).toEqual(await readFile(folder.path(`model/${name}`)));
    }
  });

  test("says where it wrote with --json", async () => {
    const { output } = await run(["export", folder.path("model"), "--out", folder.path("json-copy"), "--json"]);
    expect(parseLines(output)).toEqual([{ event: "export", bundle: folder.path("json-copy"), parameters: 7850 }]);
  });

  test("leaves a folder with other files as it is", async () => {
    await mkdir(folder.path("photos"));
    await writeFile(folder.path("photos/cat.jpg"), "cat");
    const { code, error } = await run(["export", folder.path("model"), "--out", folder.path("photos")]);
    expect(code).toBe(1);
    expect(error).toContain("holds something other than a model. Choose another folder with --out.");
    expect(await readdir(folder.path("photos"))).toEqual(["cat.jpg"]);
  });

  test("cannot write where a file is in the way", async () => {
    await writeFile(folder.path("file"), "");
    const { code, error } = await run(["export", folder.path("model"), "--out", folder.path("file/model")]);
    expect(code).toBe(1);
    expect(error).toContain("a part of the path is a file");
  });
});
