import { readFile, readdir, writeFile } from "node:fs/promises";
import { type ModelBundle, loadBundle, saveBundle } from "@featuremap/formats";
import { plainPreprocessing } from "@featuremap/images";
import { Conv2D, Dense, Flatten, GlobalAveragePooling2D, Sequential } from "@featuremap/layers";
import type { HostArray } from "@featuremap/tensor";
import { readEvents } from "@featuremap/testing/event-files";
import { beforeAll, describe, expect, test } from "vitest";
import { writeDiscs } from "../../testing/made-pictures.ts";
import { parseLines, run } from "../../testing/run.ts";
import { saveTunableModel, temporaryFolder } from "../../testing/saved-model.ts";

const plainly = "--device wasm --threads 1 --workers 0 --json --no-report".split(" ");
const schedule = (
  "--epochs 4 --freeze-epochs 2 --schedule cosine --ema 0.9 --batch-size 4 --save-steps 1 " +
  "--learning-rate-per-depth 0.5"
).split(" ");

describe("featuremap train --model <saved model>", () => {
  const folder = temporaryFolder();
  const path = (name: string): string => folder.path(name);
  const train = (...words: string[]): ReturnType<typeof run> => run(["train", ...words, ...plainly]);
  const tune = (data: string, out: string, ...words: string[]): ReturnType<typeof run> =>
    train(path(data), "--model", path("base"), "--out", path(out), ...words);
  const weightsFile = (name: string): Promise<Buffer> => readFile(path(`${name}/model/weights.safetensors`));
  const weightsOf = async (name: string): Promise<Record<string, HostArray>> => {
    const { model } = await loadBundle(path(name));
    const named = [...model.namedWeights()].map(async ([key, weight]) => [key, await weight.read()] as const);
    const weights = Object.fromEntries(await Promise.all(named));
    model.dispose();
    return weights;
  };

  beforeAll(async () => {
    await writeDiscs(path("three"), [16, 16], { a: [0, 8], b: [1, 8], c: [2, 8] });
    await writeDiscs(path("others"), [16, 16], { x: [3, 8], y: [4, 8] });
    await saveTunableModel({ [path("base")]: ["a", "b", "c"], [path("turned")]: ["c", "a", "b"] });
  });

  test("same classes: goes on with its preprocessing, its last layer, and a low rate", async () => {
    const { code, error, output } = await tune("three", "same", "--epochs", "1");
    expect({ code, error }).toEqual({ code: 0, error: "" });
    expect(parseLines(output)[0]).toMatchObject({
      network: path("base"),
      networkReason: "as --model says",
      imageSize: [16, 16],
      imageSizeReason: "as the model has it",
      learningRate: 0.0001,
      epochs: 1,
    });
    expect(parseLines(output)[0]).not.toHaveProperty("freezeEpochs");
  });

  test("classes in another order are the same classes", async () => {
    const words = ["--epochs", "1", "--learning-rate", "1e-12", "--augment", "none"];
    const told = ["--model", path("turned"), "--out", path("reordered")];
    const { error, output } = await train(path("three"), ...told, ...words);
    expect(error).toBe("");
    expect(parseLines(output)[0]).toMatchObject({
      networkReason: "as --model says; its classes in the order of the data",
    });
    const [before, after] = [await weightsOf("base"), await weightsOf("reordered/model")];
    const { data } = before["answer/kernel"] as HostArray;
    const moved = Array.from(data, (_, index) => data[index - (index % 3) + (((index % 3) + 1) % 3)] ?? 0);
    (after["answer/kernel"] as HostArray).data.forEach((value, index) =>
      expect(value).toBeCloseTo(moved[index] ?? 9, 6),
    );
  });

  test("other classes: a new last layer, which learns alone for an epoch", async () => {
    const { code, error, output } = await tune("others", "other", "--epochs", "2");
    expect({ code, error }).toEqual({ code: 0, error: "" });
    const [start] = parseLines(output);
    expect(start).toMatchObject({
      networkReason: "as --model says; new last layer for 2 classes in place of answer: the model knows 3",
      freezeEpochs: 1,
      headLearningRate: 0.001,
      classes: 2,
    });
    const { model, labels } = await loadBundle(path("other/model"));
    expect(labels).toEqual(["x", "y"]);
    expect(model.output.shape).toEqual([null, 2]);
    expect(model.layers.every(({ trainable }) => trainable)).toBe(true);
    model.dispose();
    const text = await run(["train", path("others"), "--model", path("base"), "--out", path("told"), "--epochs", "2"]);
    expect(text.output).toMatch(
      /\nNetwork: [^\n]*base \(as --model says; new last layer for 2 classes in place of answer: the model knows 3\)\n/,
    );
    expect(text.output).toContain(
      "\nLearning: 1 epoch of the last layer alone, at a rate of 0.0010; then 1 epoch of all layers but batch normalization, at 1.000e-4 (cosine)\n",
    );
  });

  test.for([
    [false, ["--learning-rate-per-depth", "0.5"]],
    [true, ["--train-batch-normalization"]],
  ] as const)(
    "once all layers learn, batch normalization does only where that is said: %s",
    async ([learns, words]) => {
      const { error } = await tune("others", `all-${learns}`, "--epochs", "2", "--learning-rate", "0.01", ...words);
      expect(error).toBe("");
      const [before, after] = [await weightsOf("base"), await weightsOf(`all-${learns}/model`)];
      const isSame = (name: string): boolean => String(before[name]?.data) === String(after[name]?.data);
      expect(isSame("seeing/kernel")).toBe(false);
      for (const name of ["gamma", "beta", "moving_mean", "moving_variance"]) {
        expect([name, isSame(`normal/${name}`)]).toEqual([name, !learns]);
      }
    },
  );

  test("a new network has no layers that should learn less", async () => {
    const refused = await train(path("three"), "--model", "small", "--learning-rate-per-depth", "0.9");
    expect(refused).toMatchObject({
      code: 2,
      error: expect.stringContaining("--learning-rate-per-depth must be left"),
    });
  });

  test("frozen layers and their moments stay as they are, to the bit", async () => {
    const { error } = await tune("others", "frozen", "--epochs", "2", "--freeze-epochs", "2");
    expect(error).toBe("");
    const [before, after] = [await weightsOf("base"), await weightsOf("frozen/model")];
    const { "answer/kernel": kernel, "answer/bias": bias, ...frozen } = after;
    for (const [name, { data }] of Object.entries(frozen)) expect(data).toEqual(before[name]?.data);
    expect(Object.keys(frozen)).toHaveLength(6);
    expect(kernel?.shape).toEqual([4, 2]);
    expect(Math.max(...(bias?.data ?? []))).not.toBe(0);
  });

  test("goes on to the bit, before, at and behind the epoch in which all layers begin to learn", async () => {
    const whole = await tune("others", "whole", ...schedule);
    expect(whole.error).toBe("");
    expect(parseLines(whole.output).at(-1)).toMatchObject({ steps: 12, stepsPlanned: 12 });
    for (const stop of [1, 2, 3]) {
      const out = `stopped-${stop}`;
      const isDue = new RegExp(`"progress","epoch":${stop},|"epoch","epoch":${stop + 1},`);
      const stopped = await run(
        ["train", path("others"), "--model", path("base"), "--out", path(out), ...schedule, ...plainly],
        {
          onOutput: (printed, interrupt) => void (isDue.test(printed) && interrupt()),
        },
      );
      expect(stopped.code).toBe(130);
      const resumed = await train("--resume", path(out));
      expect(resumed.error).toBe("");
      expect(parseLines(resumed.output).at(-1)).toMatchObject({ steps: 12 });
      expect(await weightsFile(out)).toEqual(await weightsFile("whole"));
    }
  });

  test("epochs and steps go on when all layers learn, and when the run does", async () => {
    const begun = await tune("others", "counted", ...schedule);
    expect(begun.error).toBe("");
    const { stepsPlanned } = parseLines(begun.output).at(-1) ?? {};
    const stepsOfEpoch = Number(stepsPlanned) / 4;
    expect((await run(["train", "--resume", path("counted"), "--epochs", "5", "--no-report"])).error).toBe("");
    const numbers = [1, 2, 3, 4, 5];
    const rows = parseLines(await readFile(path("counted/history.jsonl"), "utf8"));
    expect(rows.map(({ epoch }) => epoch)).toEqual(numbers);
    const table = await readFile(path("counted/history.csv"), "utf8");
    expect(table.match(/^\d+(?=,)/gm)).toEqual(numbers.map(String));
    const stepsOf = async (part: string, tag: string): Promise<number[]> =>
      (await readEvents(path(`counted/tensorboard/${part}`)))
        .filter((shown) => shown.tag === tag)
        .map(({ step }) => step)
        .toSorted((one, other) => one - other);
    expect(await stepsOf("train", "epoch_loss")).toEqual(numbers.map((epoch) => epoch - 1));
    const evaluated = await stepsOf("validation", "evaluation_loss_vs_iterations");
    expect(evaluated).toEqual(numbers.map((epoch) => epoch * stepsOfEpoch));
  });

  test("takes pictures of another size where nothing but convolutions sees it", async () => {
    const { error, output } = await tune("others", "larger", "--epochs", "1", "--image-size", "24x20");
    expect(error).toBe("");
    expect(parseLines(output)[0]).toMatchObject({ imageSize: [20, 24], imageSizeReason: "as --image-size says" });
    const { preprocessing, model } = await loadBundle(path("larger/model"));
    expect(preprocessing.size).toEqual([20, 24]);
    expect(model.inputShape).toEqual([null, 20, 24, 3]);
    model.dispose();

    const flat = new Sequential([
      new Flatten({ inputShape: [16, 16, 3] }),
      new Dense({ units: 4, name: "middle" }),
      new Dense({ units: 3, activation: "softmax" }),
    ]);
    await saveBundle(flat, path("flat"), {
      preprocessing: plainPreprocessing([16, 16], "rgb"),
      labels: ["a", "b", "c"],
    });
    flat.dispose();
    const refused = await train(
      path("others"),
      "--model",
      path("flat"),
      "--out",
      path("refused"),
      "--image-size",
      "24",
    );
    expect(refused).toMatchObject({
      code: 2,
      error: expect.stringMatching(
        /--image-size must be left out: the model takes 16x16 alone \(middle\/kernel: [^\n]*\)/,
      ),
    });
    expect(await readdir(folder.path())).not.toContain("refused");
  });

  test("photos become grey for a model that knows no colours", async () => {
    const grey = new Sequential([
      new Flatten({ inputShape: [8, 8, 1] }),
      new Dense({ units: 1, activation: "sigmoid", name: "answer" }),
    ]);
    const labels = ["no", "yes"];
    await saveBundle(grey, path("grey"), { preprocessing: plainPreprocessing([8, 8], "grayscale", 1 / 255), labels });
    grey.dispose();
    const { error, output } = await train(path("others"), "--model", path("grey"), "--out", path("from-grey"));
    expect(error).toBe("");
    expect(parseLines(output)[0]).toMatchObject({ imageSize: [8, 8], imageSizeReason: "as the model has it, in grey" });
    // Of two other classes each has an output of its own, with softmax in place of the sigmoid.
    expect((await weightsOf("from-grey/model"))["answer/kernel"]?.shape).toEqual([64, 2]);
  });

  test("says what cannot be", async () => {
    const outs = ["--out", path("none")];
    const frozen = await train(path("three"), "--freeze-epochs", "1", ...outs);
    expect(frozen).toMatchObject({ code: 2, error: expect.stringContaining("give a saved one with --model") });
    const many = await tune("three", "none", "--epochs", "2", "--freeze-epochs", "3");
    expect(many).toMatchObject({
      code: 2,
      error: expect.stringContaining("--freeze-epochs must be an integer in [0, 2]"),
    });
    await writeFile(path("net.keras"), "PK");
    const keras = await train(path("three"), "--model", path("net.keras"), ...outs);
    expect(keras).toMatchObject({ code: 1, error: expect.stringContaining("net.keras") });
    const unknown = await train(path("three"), "--model", "smal", ...outs);
    expect(unknown).toMatchObject({ code: 2, error: expect.stringContaining("(did you mean small?)") });
    const headless = new Sequential([
      new Conv2D({ filters: 3, kernelSize: 3, inputShape: [16, 16, 3] }),
      new GlobalAveragePooling2D({ name: "mean" }),
    ]);
    const bundle: Pick<ModelBundle, "preprocessing" | "labels"> = {
      preprocessing: plainPreprocessing([16, 16], "rgb"),
      labels: ["a", "b", "c"],
    };
    await saveBundle(headless, path("headless"), bundle);
    headless.dispose();
    const other = await train(path("others"), "--model", path("headless"), ...outs);
    expect(other).toMatchObject({
      code: 1,
      error: expect.stringMatching(/it ends in mean \(GlobalAveragePooling2D\)/),
    });
    expect(await readdir(folder.path())).not.toContain("none");
  });
});
