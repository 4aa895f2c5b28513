import { mkdir, readFile, rename } from "node:fs/promises";
import { exportModel } from "@featuremap/formats/any";
import { encodeKerasWeights, saveKerasWeights } from "@featuremap/formats/keras";
import { loadBundle } from "@featuremap/formats";
import { MobileNetV2 } from "@featuremap/applications";
import { Conv2D, Dense, Flatten, GlobalAveragePooling2D, Input, Model, Sequential } from "@featuremap/layers";
import { HostArray } from "@featuremap/tensor";
import { afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { writeDiscs, writeFiles } from "../../testing/made-pictures.ts";
import { parseLines, run } from "../../testing/run.ts";
import { temporaryFolder } from "../../testing/saved-model.ts";

const plainly = "--device wasm --threads 1 --workers 0 --json --no-report --epochs 1 --batch-size 4".split(" ");
const folder = temporaryFolder();
const path = (name: string): string => folder.path(name);
const train = (out: string, ...words: string[]): ReturnType<typeof run> =>
  run(["train", path("photos"), "--out", path(out), ...words, ...plainly]);

/** Runs where paths start from that folder. */
async function inFolder(there: string, words: readonly string[]): ReturnType<typeof run> {
  const before = process.cwd();
  process.chdir(there);
  try {
    return await run(words);
  } finally {
    process.chdir(before);
  }
}

/** The weights of one layer of the model that a run has saved. */
async function weightOf(out: string, name: string): Promise<readonly number[]> {
  const { model } = await loadBundle(path(`${out}/model`));
  const weight = model.namedWeights().get(name);
  const values = weight === undefined ? [] : [...(await weight.read()).data];
  model.dispose();
  return values;
}

beforeAll(async () => {
  await writeDiscs(path("photos"), [32, 32], { x: [3, 8], y: [4, 8] });
});

describe("featuremap train --model <model of another program>", () => {
  let kernel: readonly number[] = [];

  beforeAll(async () => {
    const seeing = (): Conv2D => new Conv2D({ filters: 4, kernelSize: 3, activation: "relu", name: "seeing" });
    const model = new Sequential(
      [Input({ shape: [16, 16, 3] }), seeing(), new GlobalAveragePooling2D(), new Dense({ units: 3, name: "answer" })],
      { seed: 3 },
    );
    kernel = [...((await model.weights[0]?.read())?.data ?? [])];
    for (const name of ["model.keras", "model.onnx", "tfjs"]) await exportModel(model, path(name));
    model
      .namedWeights()
      .get("seeing/bias")
      ?.assign(new HostArray(new Float32Array(4).fill(Number.NaN), [4]));
    await exportModel(model, path("poisoned.keras"));
    const input = Input({ shape: [16, 16, 3] });
    const base = new Model({ inputs: input, outputs: seeing().apply(input), seed: 3 });
    await exportModel(base, path("base.keras"));
    for (const each of [model, base]) each.dispose();
  });

  test.for(["model.keras", "model.onnx", "tfjs"])("takes %s, with a new last layer for other classes", async (name) => {
    const out = `of-${name}`;
    const words = ["--model", path(name), "--preprocessing", "keras", "--freeze-epochs", "1"];
    const { code, error, output } = await train(out, ...words);
    expect({ code, error }).toEqual({ code: 0, error: "" });
    expect(parseLines(output)[0]).toMatchObject({
      network: path(name),
      networkReason:
        "as --model says; new last layer for 2 classes in place of answer: the model names none; answer has no activation, as scores of classes have none",
      imageSize: [16, 16],
      classes: 2,
    });
    const bundle = await loadBundle(path(`${out}/model`));
    expect(bundle).toMatchObject({ labels: ["x", "y"], preprocessing: { scale: 1 / 127.5, mean: [1, 1, 1] } });
    const [first] = bundle.model.weights;
    expect([...((await first?.read())?.data ?? [])]).toEqual(kernel);
    bundle.model.dispose();
  });

  test("gives a base that gives features a head", async () => {
    const words = ["--model", path("base.keras"), "--preprocessing", "none", "--freeze-epochs", "1"];
    expect(await train("based", ...words)).toMatchObject({ code: 0, error: "" });
    expect(await weightOf("based", "head/bias")).toHaveLength(2);
  });

  test("does not take a classifier's probabilities for features", async () => {
    const answers = new Conv2D({ filters: 3, kernelSize: 16, activation: "softmax", name: "answers" });
    const model = new Sequential([Input({ shape: [16, 16, 3] }), answers, new Flatten()], { seed: 3 });
    await exportModel(model, path("answers.keras"));
    model.dispose();
    const result = await train("answers", "--model", path("answers.keras"), "--preprocessing", "none");
    expect(result).toMatchObject({ code: 1, error: expect.stringContaining("names no classes") as string });
  });

  test.for([
    [
      "its weights are no numbers",
      ["--model", "poisoned.keras", "--preprocessing", "none"],
      1,
      "seeing/bias must be finite",
    ],
    ["nobody says how a picture becomes its input", ["--model", "model.keras"], 1, "--preprocessing keras"],
    ["the word is none", ["--model", "model.keras", "--preprocessing", "imagenet"], 1, "imagenet"],
    ["there is no model", ["--model", "absent.keras", "--preprocessing", "none"], 1, "absent.keras"],
    ["weights come beside it", ["--model", "model.keras", "--weights", "w.h5"], 2, "a saved model has its own"],
    ["no model is named", ["--preprocessing", "none"], 2, "given with --model"],
    ["the network has its own", ["--model", "small", "--preprocessing", "none"], 2, "small has its own"],
  ] as const)("says so where %s", async ([, words, code, message]) => {
    const located = words.map((word) => (/\.(keras|h5)$/.test(word) ? path(word) : word));
    const result = await train("none", ...located);
    expect(result).toMatchObject({ code, error: expect.stringContaining(message) as string });
  });
});

afterEach(() => {
  vi.unstubAllEnvs();
});

describe("featuremap train --model mobilenet-v2 --weights <file>", () => {
  const size = ["--model", "mobilenet-v2", "--image-size", "32"];

  test("starts from weights without the top", async () => {
    const base = MobileNetV2({ includeTop: false, inputShape: [32, 32, 3], pooling: "avg", seed: 9 });
    await saveKerasWeights(base, path("no_top.weights.h5"));
    const kernel = [...((await base.namedWeights().get("Conv1/kernel")?.read())?.data ?? [])];
    base.dispose();
    const weights = ["--weights", path("no_top.weights.h5"), "--freeze-epochs", "1"];
    const { code, error, output } = await train("mobile", ...size, ...weights);
    expect({ code, error }).toEqual({ code: 0, error: "" });
    expect(parseLines(output)[0]).toMatchObject({ network: "mobilenet-v2", freezeEpochs: 1, learningRate: 0.0001 });
    expect(await weightOf("mobile", "Conv1/kernel")).toEqual(kernel);
  });

  test("a run that was begun with a relative path goes on, also in another folder, and without the file", async () => {
    const words = [...size, "--weights", "no_top.weights.h5", "--freeze-epochs", "2"];
    const long = plainly.map((word, index) => (plainly[index - 1] === "--epochs" ? "2" : word));
    const begun = await inFolder(path("."), ["train", "photos", "--out", "relative", ...words, ...long]);
    expect(begun).toMatchObject({ code: 0, error: "" });
    const { train: config } = JSON.parse(await readFile(path("relative/config.json"), "utf8")) as {
      readonly train: Readonly<Record<string, unknown>>;
    };
    expect(config["weights"]).toBe(path("no_top.weights.h5"));
    await mkdir(path("elsewhere"));
    await rename(path("no_top.weights.h5"), path("moved.weights.h5"));
    const resume = ["train", "--resume", path("relative"), "--epochs", "3", "--json", "--no-report"];
    expect(await inFolder(path("elsewhere"), resume)).toMatchObject({ code: 0, error: "" });
  });

  test("starts from published weights, which are in Keras's folder", async () => {
    vi.stubEnv("KERAS_HOME", path("keras"));
    const base = MobileNetV2({ includeTop: false, inputShape: [32, 32, 3], seed: 8 });
    const name = "mobilenet_v2_weights_tf_dim_ordering_tf_kernels_1.0_224_no_top.h5";
    await writeFiles(path("keras/models"), { [name]: await encodeKerasWeights(base) });
    const kernel = [...((await base.namedWeights().get("Conv1/kernel")?.read())?.data ?? [])];
    base.dispose();
    const { code, error } = await train("published", ...size, "--weights", "imagenet", "--freeze-epochs", "1");
    expect({ code, error }).toEqual({ code: 0, error: "" });
    expect(await weightOf("published", "Conv1/kernel")).toEqual(kernel);
  });

  test("refuses published weights that are no numbers", async () => {
    vi.stubEnv("KERAS_HOME", path("poisoned"));
    const base = MobileNetV2({ includeTop: false, inputShape: [32, 32, 3], seed: 8 });
    base
      .namedWeights()
      .get("bn_Conv1/gamma")
      ?.assign(new HostArray(new Float32Array(32).fill(Number.NaN), [32]));
    const name = "mobilenet_v2_weights_tf_dim_ordering_tf_kernels_1.0_224_no_top.h5";
    await writeFiles(path("poisoned/models"), { [name]: await encodeKerasWeights(base) });
    base.dispose();
    const result = await train("poisoned-run", ...size, "--weights", "imagenet");
    expect(result).toMatchObject({ code: 1, error: expect.stringContaining("gamma must be finite numbers") as string });
  });

  test("says which published file to put where", async () => {
    vi.stubEnv("KERAS_HOME", path("none"));
    vi.stubEnv("FEATUREMAP_CACHE", path("cache"));
    vi.stubEnv("FEATUREMAP_KERAS_MIRROR", "http://127.0.0.1:9");
    const name = "mobilenet_v2_weights_tf_dim_ordering_tf_kernels_1.0_224_no_top.h5";
    const { code, error } = await train("closed", ...size, "--weights", "imagenet");
    expect({ code, error }).toEqual({ code: 1, error: expect.stringContaining(`Cannot download http://127.0.0.1:9/`) });
    expect(error).toContain(`put it at ${path(`cache/downloads/keras/${name}`)}.`);
    const none = await train("none", "--model", "resnet18", "--weights", "imagenet");
    expect(none).toMatchObject({ code: 2, error: expect.stringContaining("Keras publishes none") as string });
  });

  test("says what does not fit where another network's weights are given", async () => {
    const other = new Sequential([new Dense({ units: 2, inputShape: [3] })]);
    await saveKerasWeights(other, path("other.weights.h5"));
    other.dispose();
    const result = await train("other", ...size, "--weights", path("other.weights.h5"));
    expect(result).toMatchObject({ code: 1, error: expect.stringContaining('variables of "Conv1"') as string });
    const own = await train("own", "--model", "small", "--weights", path("other.weights.h5"));
    expect(own).toMatchObject({
      code: 2,
      error: expect.stringContaining("nobody publishes weights for small") as string,
    });
  });
});
