import { mkdir, readFile, readdir, writeFile } from "node:fs/promises";
import { saveBundle } from "@featuremap/formats";
import { exportModel } from "@featuremap/formats/any";
import { plainPreprocessing } from "@featuremap/images";
import {
  Conv2D,
  Dense,
  Flatten,
  GlobalAveragePooling2D,
  GroupNormalization,
  Rescaling,
  Sequential,
} from "@featuremap/layers";
import { HostArray } from "@featuremap/tensor";
import { beforeAll, describe, expect, test } from "vitest";
import { discPicture, writeFiles } from "../../testing/made-pictures.ts";
import { parseLines, run } from "../../testing/run.ts";
import { temporaryFolder } from "../../testing/saved-model.ts";

const folder = temporaryFolder();
const plainly = "--device wasm --threads 1".split(" ");

function makeModel(): Sequential {
  return new Sequential(
    [
      new Conv2D({ filters: 4, kernelSize: 3, activation: "relu", inputShape: [12, 12, 3] }),
      new GlobalAveragePooling2D(),
      new Dense({ units: 2, activation: "softmax" }),
    ],
    { seed: 5 },
  );
}

async function document(path: string): Promise<Record<string, unknown>> {
  return JSON.parse(await readFile(folder.path(`${path}/model.json`), "utf8")) as Record<string, unknown>;
}

describe("featuremap convert", () => {
  beforeAll(async () => {
    const model = makeModel();
    const preprocessing = plainPreprocessing([12, 12], "rgb", 1 / 255);
    await saveBundle(model, folder.path("pets"), { labels: ["cat", "dog"], preprocessing });
    await exportModel(model, folder.path("bare.keras"));
    model.dispose();
    const poisoned = new Sequential([new Dense({ units: 2, inputShape: [2], name: "poisoned" })]);
    poisoned
      .namedWeights()
      .get("poisoned/kernel")
      ?.assign(
        HostArray.from([
          [1, Number.NaN],
          [1, 1],
        ]),
      );
    await exportModel(poisoned, folder.path("poisoned.keras"));
    poisoned.dispose();
    const scaling = new Sequential([
      new Rescaling({ scale: 1 / 255, name: "scale", inputShape: [12, 12, 3] }),
      new Conv2D({ filters: 2, kernelSize: 12, activation: "softmax" }),
      new Flatten(),
    ]);
    await exportModel(scaling, folder.path("scaling.keras"));
    await exportModel(scaling, folder.path("some.weights.h5"));
    scaling.dispose();
    await mkdir(folder.path("empty"));
    await writeFiles(folder.path("damaged"), { "0.png": Buffer.from("no picture") });
    await writeFile(folder.path("other.json"), JSON.stringify(plainPreprocessing([9, 9], "rgb")));
    for (const index of [0, 1, 2]) {
      const picture = await discPicture(index, index, [20, 16]).png().toBuffer();
      await writeFiles(folder.path("photos"), { [`${index}.png`]: picture });
    }
  });

  test.for(["pets.keras", "pets.onnx", "pets-tfjs", "pets-copy"])(
    "writes %s, which answers as the model does, on pictures too",
    async (name) => {
      const words = ["convert", folder.path("pets"), folder.path(name), "--verify", folder.path("photos"), ...plainly];
      const { code, output, error } = await run(words);
      expect([code, error]).toEqual([0, ""]);
      expect(output).toContain("122 weights");
      expect(output).toMatch(/Largest difference on 4 random inputs: \S+, of answers up to/);
      expect(output).toMatch(/Largest difference on 3 pictures: \S+, of answers up to/);
    },
  );

  test("makes a classifier of a model without labels and preprocessing", async () => {
    await writeFile(folder.path("names.txt"), "cat\ndog\n");
    const words = ["convert", folder.path("bare.keras"), folder.path("classifier")];
    const { output } = await run([
      ...words,
      "--labels",
      folder.path("names.txt"),
      "--preprocessing",
      "keras",
      "--json",
    ]);
    expect(parseLines(output)).toEqual([
      {
        event: "convert",
        path: folder.path("classifier"),
        from: "keras",
        to: "bundle",
        parameters: 122,
        notes: [],
        lacks: [],
      },
    ]);
    expect(await document("classifier")).toMatchObject({
      labels: ["cat", "dog"],
      preprocessing: { size: [12, 12], channels: "rgb", scale: 1 / 127.5, mean: [1, 1, 1] },
    });
  });

  test("says what a model lacks to classify pictures", async () => {
    const { output } = await run(["convert", folder.path("bare.keras"), folder.path("lacking")]);
    expect(output).toContain("Without labels and preprocessing");
    expect(output).toContain("--labels and --preprocessing");
  });

  test.for<[string, string, string, object]>([
    ["names with commas", "cat, dog", "torch", { crop: "center", mean: [0.485, 0.456, 0.406] }],
    ["a JSON list", "names.json", "none", { crop: "none", scale: 1 }],
    ["a JSON file of preprocessing", "cat,dog", "how.json", { scale: 0.5 }],
  ])("takes %s", async ([, labels, preprocessing, expected], { task }) => {
    await writeFile(folder.path("names.json"), '["cat", "dog"]');
    const how = { ...plainPreprocessing([12, 12], "rgb"), scale: 0.5 };
    await writeFile(folder.path("how.json"), JSON.stringify(how));
    const [given, kind] = [labels, preprocessing].map((word) => (word.endsWith(".json") ? folder.path(word) : word));
    const target = `taken-${task.id}`;
    const words = ["convert", folder.path("bare.keras"), folder.path(target)];
    const { code } = await run([...words, "--labels", given ?? "", "--preprocessing", kind ?? ""]);
    expect(code).toBe(0);
    expect(await document(target)).toMatchObject({ labels: ["cat", "dog"], preprocessing: expected });
  });

  test("takes the pixels as they are where the model scales them itself", async () => {
    const words = ["convert", folder.path("scaling.keras"), folder.path("scaled"), "--preprocessing", "none"];
    expect((await run(words)).code).toBe(0);
  });

  test("writes over what is there only where it is told to, and what a name does not tell", async () => {
    const words = ["convert", folder.path("pets"), folder.path("twice"), "--to", "tfjs"];
    expect((await run(words)).code).toBe(0);
    expect(await document("twice")).toMatchObject({ format: "layers-model" });
    expect(await run(words)).toMatchObject({ code: 1, error: expect.stringContaining("--force") as string });
    expect((await run([...words, "--force"])).code).toBe(0);
  });

  test.for<[string, Readonly<Record<string, string>>, string]>([
    ["one file", { "notes.txt": "" }, "(notes.txt)"],
    ["many files", { a: "", b: "", c: "", d: "", e: "" }, "(a, b, c and 2 others)"],
    ["a model.json of something else", { "model.json": '{"name": "a car"}', z: "" }, "(model.json, z)"],
    ["a damaged model.json", { "model.json": "{" }, "(model.json)"],
  ])("refuses a folder with %s, whether it is told to write over it or not", async ([, files, listed], { task }) => {
    const target = folder.path(`others-${task.id}`);
    await writeFiles(target, files);
    for (const more of [[], ["--force"]]) {
      const { code, error } = await run(["convert", folder.path("pets"), target, ...more]);
      expect({ code, error }).toEqual({
        code: 1,
        error: `featuremap: ${target} is a folder with other files ${listed}. Choose a folder of its own.\n`,
      });
    }
    expect((await readdir(target)).toSorted()).toEqual(Object.keys(files));
  });

  test("writes where a model is with other files beside it, or what a save that was cut short has left", async () => {
    for (const to of ["tfjs", "bundle"]) {
      expect((await run(["convert", folder.path("pets"), folder.path("mine"), "--to", to, "--force"])).code).toBe(0);
      await writeFiles(folder.path("mine"), { "notes.txt": "mine" });
    }
    expect((await run(["convert", folder.path("pets"), folder.path("mine"), "--force"])).code).toBe(0);
    expect(await readFile(folder.path("mine/notes.txt"), "utf8")).toBe("mine");
    await writeFiles(folder.path("cut"), { "weights.safetensors": "", ".featuremap-1.tmp": "" });
    expect(await run(["convert", folder.path("pets"), folder.path("cut")])).toMatchObject({
      code: 1,
      error: expect.stringContaining("--force") as string,
    });
    expect((await run(["convert", folder.path("pets"), folder.path("cut"), "--force"])).code).toBe(0);
  });

  test.for<[string, readonly string[], number, string]>([
    ["labels of another number", ["bare.keras", "a", "--labels", "one"], 2, "2 names"],
    ["a picture that would be scaled twice", ["scaling.keras", "a", "--preprocessing", "keras"], 2, 'layer "scale"'],
    ["weights alone", ["some.weights.h5", "a"], 1, "some.weights.h5 holds weights alone"],
    ["an empty label", ["bare.keras", "a", "--labels", "one,,"], 2, "names with commas"],
    ["a file that is no model", ["photos/0.png", "a"], 1, "a model: a bundle"],
    ["a file that is absent", ["absent.keras", "a"], 1, "absent.keras"],
    ["a target that means no format", ["pets", "a.xyz"], 2, "ends in .keras"],
    ["weights that are to be verified", ["pets", "a.safetensors", "--verify"], 2, "not weights alone"],
    ["pictures without preprocessing", ["bare.keras", "b.onnx", "--verify", "photos"], 1, "without preprocessing"],
    ["pictures in a folder that is absent", ["pets", "d.onnx", "--verify", "absent"], 1, "absent"],
    ["pictures in a folder of none", ["pets", "e", "--verify", "empty"], 1, "no picture in"],
    ["pictures that are damaged", ["pets", "f.onnx", "--verify", "damaged"], 1, "damaged"],
    [
      "preprocessing of another size",
      ["bare.keras", "g.onnx", "--preprocessing", "other.json"],
      2,
      "preprocessing must",
    ],
    [
      "preprocessing of another size",
      ["bare.keras", "g-tfjs", "--preprocessing", "other.json"],
      2,
      "preprocessing must",
    ],
    ["labels that are all the same", ["bare.keras", "h.onnx", "--labels", "one,one"], 2, "two different names"],
    ["weights that are no numbers", ["poisoned.keras", "i.onnx", "--verify"], 1, "weight poisoned/kernel holds NaN"],
    ["preprocessing that is absent", ["bare.keras", "c", "--preprocessing", "absent.json"], 1, "absent.json"],
  ])("refuses %s", async ([, words, code, message]) => {
    const located = words.map((word) => (/^-|,|^(one|keras)$/.test(word) ? word : folder.path(word)));
    const before = await readdir(folder.path());
    const result = await run(["convert", ...located]);
    expect(result).toMatchObject({ code, error: expect.stringContaining(message) as string });
    expect(await readdir(folder.path())).toEqual(before);
  });

  test("tells of weights that are no numbers", async () => {
    const words = ["convert", folder.path("poisoned.keras"), folder.path("poisoned.onnx")];
    const { code, output } = await run(words);
    expect([code, output]).toEqual([0, expect.stringContaining("Note: The model's weight poisoned/kernel holds NaN")]);
  });

  test("leaves the target as it was where the comparison fails", async () => {
    const words = ["convert", folder.path("pets"), folder.path("kept.keras")];
    expect((await run(words)).code).toBe(0);
    const before = await readFile(folder.path("kept.keras"));
    const again = ["convert", folder.path("poisoned.keras"), folder.path("kept.keras"), "--force", "--verify"];
    expect(await run([...again, ...plainly])).toMatchObject({
      code: 1,
      error: expect.stringContaining("NaN") as string,
    });
    expect(await readFile(folder.path("kept.keras"))).toEqual(before);
  });

  test.for(["Comparing", "Writing"])("stops at %s, and leaves the target as it was", async (step) => {
    const target = folder.path(`stopped-${step}.onnx`);
    const onOutput = (output: string, interrupt: () => void): void => {
      if (output.includes(step)) interrupt();
    };
    const words = ["convert", folder.path("pets"), target, "--verify", ...plainly];
    expect((await run(words, { onOutput, isTTY: true, columns: 80 })).code).toBe(130);
    await expect(readFile(target)).rejects.toThrow("ENOENT");
  });

  test("takes names of classes that are longer together than a path may be", async () => {
    const names = Array.from({ length: 100 }, (_, index) => `class number ${index}`).join(",");
    const result = await run(["convert", folder.path("bare.keras"), folder.path("many"), "--labels", names]);
    expect(result).toMatchObject({
      code: 2,
      error: expect.stringContaining("2 names, as the model has classes") as string,
    });
  });

  test("names what the format lacks", async () => {
    const model = new Sequential([new GroupNormalization({ groups: 3, name: "groups", inputShape: [4, 4, 3] })]);
    await exportModel(model, folder.path("groups.keras"));
    model.dispose();
    const { code, error } = await run(["convert", folder.path("groups.keras"), folder.path("groups-tfjs")]);
    expect([code, error]).toEqual([2, expect.stringContaining('GroupNormalization "groups"')]);
  });
});
