import { mkdir, readFile, readdir, rename, rm, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { saveBundle } from "@featuremap/formats";
import { type ColorMode, plainPreprocessing } from "@featuremap/images";
import {
  Activation,
  Conv2D,
  Dense,
  Flatten,
  GlobalAveragePooling2D,
  type Layer,
  Sequential,
  Softmax,
} from "@featuremap/layers";
import { beforeAll, describe, expect, test } from "vitest";
import { discPicture, writeFiles } from "../../testing/made-pictures.ts";
import { parseLines, run } from "../../testing/run.ts";
import { temporaryFolder } from "../../testing/saved-model.ts";
import { type EvaluateResult, evaluate } from "./evaluate.ts";

const folder = temporaryFolder();
const plainly = "--device wasm --threads 1 --workers 0".split(" ");
const three = ["blue, dark", "größer", "red"];

/** Pictures of discs in a folder for each class. */
async function makePhotos(
  name: string,
  classNames: readonly string[],
  count: number,
  { firstSeed = 0, size = [20, 16] }: { firstSeed?: number; size?: readonly [number, number] } = {},
): Promise<void> {
  for (const [label, className] of classNames.entries()) {
    for (let index = 0; index < count; index++) {
      const picture = await discPicture(label, firstSeed + index, size)
        .png()
        .toBuffer();
      await writeFiles(folder.path(name), { [`${className}/${index}.png`]: picture });
    }
  }
}

async function saveNetwork(
  name: string,
  head: readonly Layer[],
  labels: readonly string[],
  channels: Extract<ColorMode, "rgb" | "grayscale"> = "rgb",
): Promise<string> {
  const first = new Conv2D({
    filters: 4,
    kernelSize: 3,
    activation: "relu",
    inputShape: [12, 12, channels === "rgb" ? 3 : 1],
  });
  const model = new Sequential([first, new GlobalAveragePooling2D(), ...head], { seed: 5 });
  await saveBundle(model, folder.path(name), {
    preprocessing: plainPreprocessing([12, 12], channels, 1 / 255),
    labels,
  });
  model.dispose();
  return folder.path(name);
}

/** Runs `evaluate --json`, and gives its last object. */
async function judge(...words: string[]): Promise<EvaluateResult> {
  const { code, output, error } = await run(["evaluate", ...words, ...plainly, "--json"]);
  expect({ code, error }).toEqual({ code: 0, error: "" });
  const { event, ...result } = parseLines(output).at(-1) ?? {};
  expect(event).toBe("end");
  return result as unknown as EvaluateResult;
}

describe("featuremap evaluate <run>", () => {
  const photos = (): string => folder.path("photos");
  const trained = (): string => folder.path("run");
  let validation: unknown;
  beforeAll(async () => {
    await makePhotos("photos", three, 12);
    const words = ["train", photos(), "--out", trained(), "--epochs", "2", "--batch-size", "8", "--no-report"];
    const { output } = await run([...words, ...plainly, "--json"]);
    ({ validation } = parseLines(output).at(-1) ?? {});
  }, 60_000);

  test("takes the pictures that the run kept aside, and finds what the run found", async () => {
    const { images, loss, accuracy, ...result } = await judge(trained());
    const end = validation as { images: number; loss: number; accuracy: number };
    expect(end.images).toBe(6);
    expect({ images, accuracy }).toEqual({ images: end.images, accuracy: end.accuracy });
    expect(loss).toBeCloseTo(end.loss, 5);
    expect(result).toMatchObject({ dataset: "photos", part: "validation", tta: false, leftOut: [] });
    expect(result.classes.map(({ label }) => label)).toEqual(three);
    expect(result.confusion.reduce((sum, cell) => sum + cell.images, 0)).toBe(6);
    const right = result.confusion.filter(({ label, predicted }) => label === predicted);
    expect(right.reduce((sum, cell) => sum + cell.images, 0) / 6).toBe(accuracy);
    expect(result).not.toHaveProperty("topFive");
  });

  test("takes another of its parts, or some of the pictures", async () => {
    expect(await judge(trained(), "--part", "train")).toMatchObject({ part: "train", images: 30 });
    expect(await judge(trained(), "--part", "all", "--limit", "20")).toMatchObject({ part: "all", images: 20 });
    const { code, error } = await run(["evaluate", trained(), "--part", "test", ...plainly]);
    expect({ code, error }).toEqual({
      code: 1,
      error: expect.stringContaining("has no test part. Name other pictures"),
    });
  });

  test("tells people class by class, and which are confused", async () => {
    const { code, output, error } = await run(["evaluate", trained(), ...plainly], { folder: folder.path() });
    expect({ code, error }).toEqual({ code: 0, error: "" });
    const lines = output.split("\n");
    expect(lines[1]).toBe("Judged by the validation part of photos");
    expect(lines).toContainEqual(expect.stringMatching(/^class +precision +recall +F1 +images$/));
    expect(lines).toContainEqual(expect.stringMatching(/^größer +(\d\.\d{4}|-) +\d\.\d{4} +\d\.\d{4} +2$/));
    expect(lines.at(-2)).toMatch(/^Validation accuracy \d\.\d{4} \(loss \d\.\d{4}\) on 6 images$/);
    expect(output).not.toContain("\u001B");
  });

  test("writes a report beside the run's own, a new one each time", async () => {
    const words = ["evaluate", trained(), "--report", "--part", "all", ...plainly];
    const first = await run(words, { folder: folder.path() });
    expect(first).toMatchObject({ code: 0, error: "" });
    expect(first.output).toContain(`Report: ${join("run", "evaluation-1", "report.html")}\n`);
    expect((await readdir(join(trained(), "evaluation-1"))).toSorted()).toEqual([
      "evaluation.json",
      "pictures",
      "predictions.csv",
      "predictions.jsonl",
      "report.html",
    ]);
    const page = await readFile(join(trained(), "evaluation-1", "report.html"), "utf8");
    expect(page).toContain("Learning curves");
    expect(page).not.toContain("First batches");
    const answers = parseLines(await readFile(join(trained(), "evaluation-1", "predictions.jsonl"), "utf8"));
    expect(answers).toHaveLength(36);
    expect(answers[0]).toMatchObject({
      image: join(photos(), "blue, dark", answers[0]?.["image"]?.toString().split(/[/\\]/).at(-1) ?? ""),
      label: "blue, dark",
      probabilities: expect.arrayContaining([{ label: "red", probability: expect.any(Number) }]),
    });
    const wrong = answers.filter(({ label, predicted }) => label !== predicted).length;
    const told = JSON.parse(
      await readFile(join(trained(), "evaluation-1", "evaluation.json"), "utf8"),
    ) as EvaluateResult;
    expect(told.accuracy).toBeCloseTo(1 - wrong / 36, 12);

    const second = await judge(trained(), "--report");
    expect(second.report).toBe(join(trained(), "evaluation-2", "report.html"));
  });

  test("Ctrl-C while a report is made leaves nothing half", async () => {
    const before = await readdir(trained());
    const words = ["evaluate", trained(), "--report", "--batch-size", "1", "--json", ...plainly];
    const stopped = await run(words, { onOutput: (_, interrupt) => interrupt() });
    expect(stopped).toMatchObject({ code: 130, error: expect.stringMatching(/^featuremap: [^\n]+\n$/) });
    expect(await readdir(trained())).toEqual(before);
  });

  test("a run that was judged by mirror images is judged so again, and the numbers are the same", async () => {
    const out = folder.path("mirrored");
    const words = ["train", photos(), "--out", out, "--epochs", "1", "--batch-size", "8", "--no-report", "--tta"];
    const { output } = await run([...words, ...plainly, "--json"]);
    const { loss, accuracy } = (parseLines(output).at(-1) as { validation: EvaluateResult }).validation;
    const judged = await judge(out);
    expect(judged).toMatchObject({ tta: true, accuracy });
    expect(judged.loss).toBeCloseTo(loss, 5);
    const plain = await judge(out, photos(), "--limit", "36");
    const both = await judge(out, photos(), "--limit", "36", "--tta");
    expect([plain.tta, both.tta]).toEqual([false, true]);
    expect(both.loss).not.toBe(plain.loss);
  });

  test("says which pictures are gone, or were written anew", async () => {
    const table = await readFile(join(trained(), "split.csv"), "utf8");
    const name = /^(größer\/\d+\.png),größer,validation$/m.exec(table)?.[1] ?? "";
    const [file, aside] = [join(photos(), name), folder.path("aside.png")];
    await rename(file, aside);
    const { code, error } = await run(["evaluate", trained(), ...plainly], { folder: folder.path() });
    expect(code).toBe(1);
    expect(error).toMatch(
      /^featuremap: 1 of 6 pictures of the validation part of run are no longer at [^\n]*photos: größer\/\d+\.png\. Put [^\n]*\n$/,
    );
    await rename(aside, file);
    const later = new Date(Date.now() + 60_000);
    await utimes(file, later, later);
    const changed = await run(["evaluate", trained(), ...plainly], { folder: folder.path() });
    expect(changed).toMatchObject({ code: 0 });
    expect(changed.error).toMatch(
      /^featuremap: 1 file was written after the run began \(größer\/\d+\.png\): [^\n]*\n$/,
    );
    const before = new Date(Date.now() - 600_000);
    await utimes(file, before, before);
  });

  test("says where the pictures have been when all are gone", async () => {
    await rename(photos(), folder.path("moved"));
    const { code, error } = await run(["evaluate", trained(), ...plainly], { folder: folder.path() });
    await rename(folder.path("moved"), photos());
    expect(code).toBe(1);
    expect(error).toMatch(
      /The pictures of run are no longer at [^\n]*photos\. Put them back, or name others: featuremap evaluate run <data>\n$/,
    );
  });

  test("a run of data that are in memory is judged by their test part", async () => {
    const out = folder.path("digits");
    const words = ["train", "mnist", "--limit", "64", "--epochs", "1", "--out", out, "--no-report", "--json"];
    const { output } = await run([...words, ...plainly]);
    const { images, accuracy, loss } = (parseLines(output).at(-1) as { test: EvaluateResult }).test;
    const judged = await judge(out);
    expect(judged).toMatchObject({ dataset: "mnist", part: "test", images, accuracy, topFive: expect.any(Number) });
    expect(judged.loss).toBeCloseTo(loss, 5);
  });
});

describe("featuremap evaluate <bundle> <data>", () => {
  beforeAll(async () => {
    // Of the networks' own size: others are rounded when they are learned from, and not when they are classified.
    await makePhotos("others", three, 5, { firstSeed: 100, size: [12, 12] });
    await makePhotos("pair", three.slice(1), 5, { firstSeed: 100, size: [12, 12] });
  });

  test.for([
    ["softmax", () => [new Dense({ units: 3, activation: "softmax" })], three, []],
    ["logits", () => [new Dense({ units: 3 })], three, ["--outputs", "logits"]],
    ["sigmoids", () => [new Dense({ units: 3, activation: "sigmoid" })], three, []],
    ["one probability", () => [new Dense({ units: 1 }), new Activation({ activation: "sigmoid" })], three.slice(1), []],
    ["one logit", () => [new Dense({ units: 1 })], three.slice(1), ["--outputs", "binaryLogits"]],
  ] as const)("judges %s as predict answers", async ([name, head, labels, words]) => {
    const bundle = await saveNetwork(name, head(), labels);
    const data = folder.path(labels.length === 3 ? "others" : "pair");
    const judged = await judge(bundle, data, ...words);
    const files = labels.flatMap((label) => [0, 1, 2, 3, 4].map((index) => join(data, label, `${index}.png`)));
    const predict = ["predict", bundle, ...files, "--top", `${labels.length}`, ...words, "--json"];
    const { output } = await run([...predict, "--device", "wasm", "--threads", "1"]);
    const answers = parseLines(output).filter(({ event }) => event === "image") as unknown as {
      image: string;
      label: string;
      predictions: { label: string; probability: number }[];
    }[];
    expect(answers).toHaveLength(files.length);
    const truth = ({ image }: { image: string }): string => image.split(/[/\\]/).at(-2) ?? "";
    const right = answers.filter((answer) => answer.label === truth(answer));
    const losses = answers.map((answer) => {
      const { probability = Number.NaN } = answer.predictions.find(({ label }) => label === truth(answer)) ?? {};
      return -Math.log(probability);
    });
    expect(judged.accuracy).toBe(right.length / answers.length);
    expect(judged.loss).toBeCloseTo(losses.reduce((sum, loss) => sum + loss, 0) / losses.length, 5);
  });

  test("takes grey pictures where the bundle does", async () => {
    const bundle = await saveNetwork("grey", [new Dense({ units: 3, activation: "softmax" })], three, "grayscale");
    expect(await judge(bundle, folder.path("others"))).toMatchObject({ images: 15, part: "all", dataset: "others" });
  });

  test("compares classes by name, some of them or in another order", async () => {
    const bundle = await saveNetwork("named", [new Dense({ units: 3, activation: "softmax" })], three);
    const turned = await saveNetwork("turned", [new Dense({ units: 3, activation: "softmax" })], three.toReversed());
    const some = await judge(bundle, folder.path("pair"));
    expect(some.images).toBe(10);
    expect(some.classes.map(({ images }) => images)).toEqual([0, 5, 5]);
    const one = await judge(turned, folder.path("others"));
    expect(one.classes.map(({ label, images }) => [label, images])).toEqual(
      three.toReversed().map((name) => [name, 5]),
    );

    await makePhotos("typo", ["blue, dark", "größe", "red"], 2);
    const { code, output, error } = await run(["evaluate", bundle, folder.path("typo"), ...plainly, "--json"]);
    expect({ code, output }).toEqual({ code: 1, output: "" });
    expect(error).toMatch(/^featuremap: [^\n]*does not know: größe \(did you mean größer\?\); the data have [^\n]*\n$/);
  });

  test("says how it names the classes of a model that has no names", async () => {
    const bundle = await saveNetwork("nameless", [new Dense({ units: 3, activation: "softmax" })], ["0", "1", "2"]);
    const { code, output, error } = await run(["evaluate", bundle, folder.path("others"), ...plainly, "--json"]);
    expect(code).toBe(0);
    expect(error).toMatch(/^featuremap: [^\n]*was saved without names of its classes: [^\n]*1 for größer[^\n]*\n$/);
    expect(parseLines(output).at(-1)).toMatchObject({ classes: three.map((label) => ({ label, images: 5 })) });
  });

  test("takes parts, tables and files that are damaged, and says what it left out", async () => {
    const bundle = await saveNetwork("parted", [new Dense({ units: 3, activation: "softmax" })], three);
    for (const part of ["train", "val"]) await makePhotos(`parts/${part}`, three, 2);
    expect(await judge(bundle, folder.path("parts"))).toMatchObject({ part: "validation", images: 6 });
    expect(await judge(bundle, folder.path("parts"), "--part", "all")).toMatchObject({ part: "all", images: 12 });
    const { error } = await run(["evaluate", bundle, folder.path("parts"), "--part", "test", ...plainly]);
    expect(error).toContain("has no test part: it has train and validation. Leave out --part, or name another.");

    await writeFile(folder.path("others/red/broken.png"), "no picture");
    const rows = three.map((name) => `"others/${name}/0.png","${name}"\n`).join("");
    await writeFile(folder.path("table.csv"), `path,label\n${rows}others/red/broken.png,red\n`);
    const judged = await judge(bundle, folder.path("table.csv"));
    expect(judged).toMatchObject({ images: 3, dataset: "table" });
    expect(JSON.stringify(judged.leftOut)).toContain("broken.png");
    await writeFile(folder.path("bad.csv"), "path,label\nothers/red/broken.png,red\n");
    const none = await run(["evaluate", bundle, folder.path("bad.csv"), ...plainly]);
    expect(none).toMatchObject({
      code: 1,
      error: expect.stringContaining("None of the 1 pictures of bad can be read"),
    });
    await rm(folder.path("others/red/broken.png"));
  });

  test("writes a report where it is told to, over an older one, and over nothing else", async () => {
    const bundle = await saveNetwork("reported", [new Dense({ units: 3, activation: "softmax" })], three);
    const out = folder.path("told/here");
    for (const limit of ["9", "6"]) {
      const { report } = await judge(bundle, folder.path("others"), "--out", out, "--limit", limit);
      expect(report).toBe(join(out, "report.html"));
      const table = await readFile(join(out, "predictions.csv"), "utf8");
      expect(table.trimEnd().split("\n")).toHaveLength(Number(limit) + 1);
    }
    expect(await readFile(join(out, "report.html"), "utf8")).not.toContain("Learning curves");
    await mkdir(folder.path("taken"));
    await writeFile(folder.path("taken/thesis.txt"), "");
    const words = ["evaluate", bundle, folder.path("others"), "--out", folder.path("taken"), ...plainly];
    expect(await run(words)).toMatchObject({
      code: 1,
      error: expect.stringContaining("holds something other than an evaluation. Choose another folder with --out."),
    });
    expect(await readdir(folder.path("taken"))).toEqual(["thesis.txt"]);
  });

  test.for([
    [["nowhere"], 2, /evaluate: data must be a folder, a file or one of mnist/],
    [[], 1, /does not belong to a run, which would say what to judge it by\. Name the pictures: featuremap evaluate/],
    [["others", "--part", "none"], 2, /--part must be one of/],
    [["others", "--limit", "16"], 2, /--limit must be an integer in \[1, 15\], the number of images/],
    [["others", "--data-folder", "x"], 2, /--data-folder must be left out with a path/],
  ] as const)("says in one line what is wrong: %s", async ([[data, ...words], expected, message]) => {
    const bundle = await saveNetwork("wrong", [new Dense({ units: 3, activation: "softmax" })], three);
    const where = data === undefined ? [] : [data === "others" ? folder.path(data) : data];
    const { code, output, error } = await run(["evaluate", bundle, ...where, ...words, ...plainly]);
    expect({ code, output }).toEqual({ code: expected, output: "" });
    expect(error).toMatch(message);
    expect(error).toMatch(/^featuremap: [^\n]+\n$/);
  });

  test("asks what the outputs mean where nobody tells", async () => {
    const bundle = await saveNetwork("untold", [new Dense({ units: 3, activation: "relu" })], three);
    const { code, error } = await run(["evaluate", bundle, folder.path("others"), ...plainly]);
    expect({ code, error }).toEqual({
      code: 2,
      error: expect.stringContaining("--outputs must be probabilities, logits"),
    });
  });
});

test("the loss of a model that gives logits is that of the same model with a softmax", async () => {
  const results = [];
  for (const last of [[], [new Softmax()]] satisfies Layer[][]) {
    const model = new Sequential([new Flatten({ inputShape: [28, 28, 1] }), new Dense({ units: 10 }), ...last], {
      seed: 1,
    });
    const path = folder.path(`${last.length}`);
    await saveBundle(model, path, {
      preprocessing: plainPreprocessing([28, 28], "grayscale", 1 / 255),
      labels: ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"],
    });
    model.dispose();
    results.push(await evaluate({ bundle: path, data: "mnist", device: "cpu", limit: 64 }));
  }
  const [logits, probabilities] = results;
  expect(logits?.loss).toBeCloseTo(probabilities?.loss ?? Number.NaN, 5);
  expect(logits?.accuracy).toBe(probabilities?.accuracy);
});
