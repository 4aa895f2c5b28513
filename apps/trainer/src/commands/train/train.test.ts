import { existsSync } from "node:fs";
import { access, mkdir, readFile, readdir, writeFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { type Run, parseLines, run } from "../../testing/run.ts";
import { temporaryFolder } from "../../testing/saved-model.ts";

/** Four steps of 16 digits. */
const quick = ["train", "mnist", "--limit", "64", "--batch-size", "16", "--epochs", "1"];

/** What a run leaves in its folder. */
const runFiles = [
  "README.md",
  "checkpoints",
  "config.json",
  "environment.json",
  "history.csv",
  "history.jsonl",
  "model",
  "split.csv",
];

describe("featuremap train", () => {
  const folder = temporaryFolder();
  const out = (name: string): string[] => ["--out", folder.path(name)];
  const isAbsent = (name: string): Promise<boolean> =>
    access(folder.path(name)).then(
      () => false,
      () => true,
    );

  test("trains, tells the test accuracy, and saves model and history", async () => {
    const { code, output, error } = await run([...quick, "--seed", "3", ...out("plain")]);
    expect(error).toBe("");
    expect(code).toBe(0);
    expect(output).toContain("Training mnist: 64 digits, 104,202 weights, seed 3\n");
    expect(output).toMatch(/Epoch 1\/1 in 0:\d\d: training loss \d.* accuracy .*; test loss .* accuracy /);
    expect(output).toMatch(/\nTest accuracy 0\.\d{4} \(loss \d+\.\d{4}\) on 64 images\n/);
    const [row] = parseLines(await readFile(folder.path("plain/history.jsonl"), "utf8"));
    expect(row).toMatchObject({ epoch: 1, loss: expect.any(Number), val_accuracy: expect.any(Number) });
    const judged = await run(["evaluate", folder.path("plain/model"), "mnist", "--limit", "64"]);
    const [accuracyLine = "no line"] = /Test accuracy.*/.exec(output) ?? [];
    expect(judged.output).toContain(accuracyLine);
  });

  test("the same seed gives identical losses, and --json nothing but objects", async () => {
    const words = [...quick, "--seed", "7", "--json"];
    const [first, second] = [await run([...words, ...out("one")]), await run([...words, ...out("two")])];
    const losses = ({ output }: typeof first): Record<string, unknown>[] =>
      parseLines(output)
        .filter(({ event }) => event === "epoch")
        .map(({ epoch, loss, accuracy, val_loss, val_accuracy }) => ({
          epoch,
          loss,
          accuracy,
          val_loss,
          val_accuracy,
        }));
    expect(losses(first)).toEqual([
      {
        epoch: 1,
        loss: expect.any(Number),
        accuracy: expect.any(Number),
        val_loss: expect.any(Number),
        val_accuracy: expect.any(Number),
      },
    ]);
    expect(losses(second)).toEqual(losses(first));
    // Shares of 64 images, whatever the device computes them with.
    for (const { accuracy, val_accuracy } of losses(first)) {
      for (const share of [Number(accuracy), Number(val_accuracy)]) {
        expect(share).toBeGreaterThanOrEqual(0);
        expect(share).toBeLessThanOrEqual(1);
        expect(Number.isInteger(share * 64)).toBe(true);
      }
    }
    const events = parseLines(first.output);
    expect(events.at(0)).toMatchObject({ event: "start", preset: "mnist", seed: 7, parameters: 104_202 });
    expect(events.some(({ event }) => event === "progress")).toBe(true);
    expect(events.at(-1)).toMatchObject({ event: "end", stopped: false, steps: 4, bundle: folder.path("one/model") });
    const [weights, again] = await Promise.all(
      ["one", "two"].map((name) => readFile(folder.path(`${name}/model/weights.safetensors`))),
    );
    expect(weights).toEqual(again);
  });

  test("a run's config.json starts the same run again", async () => {
    const words = [...quick, "--seed", "5", "--device", "wasm", "--threads", "1", "--learning-rate", "0.002"];
    await run([...words, ...out("first")]);
    const config = folder.path("first/config.json");
    expect(JSON.parse(await readFile(config, "utf8"))).toMatchObject({
      train: {
        data: "mnist",
        epochs: 1,
        batchSize: 16,
        learningRate: 0.002,
        seed: 5,
        limit: 64,
        device: "wasm",
        threads: 1,
      },
    });
    const { code, error } = await run(["train", "--config", config, ...out("again")]);
    expect({ code, error }).toEqual({ code: 0, error: "" });
    const [weights, again] = await Promise.all(
      ["first", "again"].map((name) => readFile(folder.path(`${name}/model/weights.safetensors`))),
    );
    expect(again).toEqual(weights);
    expect(await readFile(folder.path("again/config.json"), "utf8")).toBe(await readFile(config, "utf8"));
  });

  test("a loss that is not a number ends it with 1, names the step, and saves nothing", async () => {
    const { code, error } = await run([...quick, "--learning-rate", "1e30", ...out("infinite")]);
    expect(code).toBe(1);
    expect(error).toMatch(/^featuremap: .*epoch 1 of 1, step \d of 4[^\n]*\n$/);
    expect(await isAbsent("infinite")).toBe(true);
  });

  test("folders that were there stay, also where nothing comes of the training", async () => {
    await mkdir(folder.path("mine-too"));
    await run([...quick, "--learning-rate", "1e30", ...out("mine-too/run/7")]);
    expect(await readdir(folder.path("mine-too"))).toEqual([]);
  });

  test("a folder that cannot be written is told before anything is read or trained", async () => {
    await writeFile(folder.path("file"), "");
    const { code, output, error } = await run([...quick, ...out("file/run")]);
    expect(code).toBe(1);
    expect(output).toBe("");
    expect(error).toMatch(/^featuremap: Cannot write [^\n]*file\/run[^\n]* Choose another folder with --out\.\n$/);
  });

  test.runIf(existsSync("/proc"))("a folder in which the system makes none is told too", async () => {
    const { code, error } = await run([...quick, "--out", "/proc/runs/mnist"]);
    expect(code).toBe(1);
    expect(error).toMatch(/^featuremap: Cannot write \/proc\/runs\/mnist: [^\n]*\n$/);
  });

  test("a folder in which another training runs is refused at once, and left as it is", async () => {
    let second: Promise<Run> | undefined;
    const long = ["train", "mnist", "--limit", "4000", "--batch-size", "16", "--epochs", "9", "--json"];
    const first = await run([...long, ...out("shared")], {
      onOutput(printed, interrupt) {
        if (printed.includes('"progress"')) second ??= run([...quick, ...out("shared")]).finally(interrupt);
      },
    });
    expect(first.code).toBe(130);
    expect(await second).toMatchObject({
      code: 1,
      output: "",
      error: expect.stringMatching(/^featuremap: [^\n]*shared is in use: process \d+ uses it for training\. [^\n]*\n$/),
    });
    // Events are written where an epoch ended before the signal came.
    const left = await readdir(folder.path("shared"));
    expect(left.filter((name) => name !== "tensorboard")).toEqual(runFiles);
    expect((await run(["summary", folder.path("shared/model")])).code).toBe(0);
    expect((await run([...quick, ...out("shared")])).code).toBe(0);
  });

  test("other files in the model's place are left alone", async () => {
    await run([...quick, ...out("mine")]);
    await writeFile(folder.path("mine/model/model.json"), "{}");
    const { code, error } = await run([...quick, ...out("mine")]);
    expect(code).toBe(1);
    expect(error).toContain("holds something other than a model");
    expect(await readFile(folder.path("mine/model/model.json"), "utf8")).toBe("{}");
  });

  test("a device that is not installed is told, with what to install", async () => {
    const { code, error } = await run([...quick, "--device", "node", ...out("node")]);
    expect(code).toBe(1);
    expect(error).toContain("npm install @tensorflow/tfjs-node");
    expect(await isAbsent("node/model")).toBe(true);
  });

  test("Ctrl-C keeps what was learned, and says after how many steps", async () => {
    const words = ["train", "mnist", "--limit", "4000", "--batch-size", "16", "--epochs", "9", ...out("stopped")];
    let pressed = false;
    const { code, output, error } = await run([...words, "--json"], {
      onOutput(printed, interrupt) {
        if (pressed || !printed.includes('"progress"')) return;
        pressed = true;
        interrupt();
      },
    });
    expect(error).toBe("");
    expect(code).toBe(130);
    const end = parseLines(output).at(-1);
    expect(end).toMatchObject({
      event: "end",
      stopped: true,
      stepsPlanned: 2250,
      bundle: folder.path("stopped/model"),
    });
    expect(end).not.toHaveProperty("test");
    expect(Number(end?.["steps"])).toBeGreaterThan(0);
    expect(Number(end?.["steps"])).toBeLessThan(2250);
    const { output: described } = await run(["summary", folder.path("stopped/model"), "--json"]);
    expect(parseLines(described)).toMatchObject([
      { provenance: { stopped: true, steps: end?.["steps"] }, metrics: {} },
    ]);
    expect(await readdir(folder.path("stopped"))).toEqual(runFiles);
  });

  test("Ctrl-C before the first step keeps nothing, and exits with 130", async () => {
    const { code, error } = await run([...quick, "--json", ...out("early")], {
      onOutput: (_printed, interrupt) => interrupt(),
    });
    expect(code).toBe(130);
    expect(error).toBe("featuremap: Stopped before the first step; nothing was kept.\n");
    expect(await isAbsent("early")).toBe(true);
  });
});
