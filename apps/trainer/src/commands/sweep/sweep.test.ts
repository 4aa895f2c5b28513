import { readFile, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { loadBundle } from "@featuremap/formats";
import { beforeAll, describe, expect, test } from "vitest";
import { runKilled } from "../../testing/killed-runs.ts";
import { discPicture, writeFiles } from "../../testing/made-pictures.ts";
import { parseLines, run } from "../../testing/run.ts";
import { temporaryFolder } from "../../testing/saved-model.ts";

const cli = fileURLToPath(new URL("../../testing/cli-under-test.mjs", import.meta.url));
const plainly = "--device wasm --threads 1 --workers 0 --batch-size 8 --augment none";
const halving = "--random learning-rate=1e-3..0.2:log --trials 4 --method halving --eta 2 --epochs 4 --seed 3";

/** The last event. */
interface End {
  readonly trials: readonly Readonly<Record<string, unknown>>[];
  readonly best: Readonly<Record<string, unknown>> & { readonly run: string };
}

describe("featuremap sweep", { timeout: 300_000 }, () => {
  const folder = temporaryFolder();
  const photos = (): string => folder.path("photos");
  const words = (said: string): string[] => [photos(), ...plainly.split(" "), ...said.split(" ")];
  const sweep = (said: string, ...more: string[]): string[] => ["sweep", ...words(said), ...more];
  const out = (name: string): string[] => ["--out", folder.path(name)];
  /** The table, but for the time that trials took. */
  const table = async (name: string): Promise<unknown[]> =>
    parseLines(await readFile(folder.path(`${name}/sweep.jsonl`), "utf8")).map((row) => ({ ...row, seconds: 0 }));
  const weights = (name: string): Promise<Buffer> => readFile(folder.path(`${name}/model/weights.safetensors`));

  beforeAll(async () => {
    for (const label of [0, 1, 2]) {
      for (let index = 0; index < 12; index++) {
        const picture = await discPicture(label, index, [12, 12]).png().toBuffer();
        await writeFiles(photos(), { [`${label}/${index}.png`]: picture });
      }
    }
  }, 60_000);

  test("trains each combination of a grid as a run of its own, and puts the best first", async () => {
    const said = "--grid learning-rate=1e-6,0.05,1e30 --grid optimizer=sgd,adam --epochs 2";
    const { code, output, error } = await run(sweep(said, "--json", ...out("grid")));
    expect({ code, error }).toEqual({ code: 0, error: "" });
    const events = parseLines(output);
    expect(events[0]).toMatchObject({
      event: "start",
      method: "full",
      objective: "val_accuracy",
      trainImages: 30,
      validationImages: 6,
      options: ["learningRate", "optimizer"],
      resumed: false,
    });
    const end = events.at(-1) as unknown as End;
    expect(end).toMatchObject({ event: "end", stopped: false, folder: folder.path("grid") });
    expect(end.trials).toHaveLength(6);
    expect(end.best).toMatchObject({ ...end.trials[0], model: folder.path(`grid/${end.best.run}/model`) });
    const accuracies = end.trials.flatMap(({ state, val_accuracy }) => (state === "completed" ? [val_accuracy] : []));
    expect(accuracies).toEqual(accuracies.toSorted((one, other) => Number(other) - Number(one)));
    // A trial that fails is a row with its reason, and the others go on.
    const failed = end.trials.filter(({ state }) => state === "failed");
    expect(failed.length).toBeGreaterThan(0);
    for (const { values, reason } of failed) {
      expect(values).toMatchObject({ learningRate: 1e30 });
      expect(reason).toMatch(/^The loss became (NaN|infinite) in /);
    }

    const [head, ...lines] = (await readFile(folder.path("grid/sweep.csv"), "utf8")).trimEnd().split("\n");
    expect(head).toMatch(/^trial,learningRate,optimizer,state,epochs,epochsPlanned,val_accuracy,val_loss,/);
    expect(lines.map((line) => Number(line.split(",")[0]))).toEqual(end.trials.map(({ trial }) => trial));
    expect((await table("grid")).map((row) => Reflect.get(row as object, "trial"))).toEqual([1, 2, 3, 4, 5, 6]);

    const best = end.best.run;
    const bundle = await loadBundle(folder.path(`grid/${best}/model`));
    expect(bundle.metrics).toMatchObject({ val_accuracy: end.best["val_accuracy"], val_loss: end.best["val_loss"] });
    bundle.model.dispose();
    const files = await readdir(folder.path(`grid/${best}`));
    for (const name of ["config.json", "split.csv", "history.csv", "README.md", "checkpoints"])
      expect(files).toContain(name);
    const answered = await run(["predict", folder.path(`grid/${best}`), join(photos(), "1/0.png"), "--json"]);
    expect(answered.code).toBe(0);
  });

  test("halving goes on with the best, and their weights are those of a training that never waited", async () => {
    const { code, output, error } = await run(sweep(`${halving} --schedule cosine`, "--json", ...out("halved")));
    expect({ code, error }).toEqual({ code: 0, error: "" });
    const events = parseLines(output);
    expect(events[0]).toMatchObject({
      rungs: [
        { epochs: 1, trials: 4 },
        { epochs: 2, trials: 2 },
        { epochs: 4, trials: 1 },
      ],
    });
    const { trials, best } = events.at(-1) as unknown as End;
    expect(trials.map(({ state }) => state)).toEqual(["completed", "pruned", "pruned", "pruned"]);
    expect(trials.map(({ epochs }) => Number(epochs)).toSorted((one, other) => one - other)).toEqual([1, 1, 2, 4]);
    // No epoch was trained twice.
    expect(events.filter(({ event }) => event === "epoch")).toHaveLength(8);
    const config = folder.path(`halved/${best.run}/config.json`);
    const again = await run(["train", "--config", config, "--json", "--no-report", ...out("alone")]);
    expect(again.error).toBe("");
    expect(await weights("alone")).toEqual(await weights(`halved/${best.run}`));
    expect(parseLines(again.output).at(-1)).toMatchObject({
      validation: { accuracy: best["val_accuracy"], loss: best["val_loss"] },
    });
  });

  describe("that is interrupted", () => {
    beforeAll(async () => {
      const { code, error } = await run(sweep(`${halving} --save-steps 2`, "--json", ...out("whole")));
      expect({ code, error }).toEqual({ code: 0, error: "" });
    }, 120_000);

    test("by SIGKILL at random moments gives the same table and the same model", async () => {
      const { killed, output } = await runKilled({
        command: [cli],
        name: "sweep",
        words: words(`${halving} --save-steps 2`),
        out: folder.path("killed"),
        within: 3,
        kills: 2,
        seed: 5,
      });
      expect(killed).toBeGreaterThan(0);
      expect(await table("killed")).toEqual(await table("whole"));
      const best = (parseLines(output).at(-1) as unknown as End).best.run;
      expect(await weights(`killed/${best}`)).toEqual(await weights(`whole/${best}`));
    });

    test("by Ctrl-C ends with 130, says how to go on, and then gives the same table", async () => {
      let isAsked = false;
      const stopped = await run(sweep(`${halving} --save-steps 2`, ...out("stopped")), {
        onOutput(printed, interrupt) {
          if (!isAsked && printed.includes("Trial 3/4")) interrupt();
          isAsked ||= printed.includes("Trial 3/4");
        },
      });
      expect(stopped.code).toBe(130);
      expect(stopped.error).toBe("");
      expect(stopped.output).toMatch(/^No trial has finished/m);
      expect(stopped.output).toMatch(/^Continue with: featuremap sweep --resume \S+stopped$/m);
      const resumed = await run(["sweep", "--resume", folder.path("stopped")]);
      expect({ code: resumed.code, error: resumed.error }).toEqual({ code: 0, error: "" });
      expect(resumed.output).toContain("Going on in");
      expect(await table("stopped")).toEqual(await table("whole"));
      // What is done is not done again.
      const again = await run(["sweep", "--resume", folder.path("stopped"), "--json"]);
      expect(again.code).toBe(0);
      expect(parseLines(again.output).map(({ event }) => event)).toEqual(["start", "end"]);
      expect(await table("stopped")).toEqual(await table("whole"));
    });

    test("by its time ends with 0, and goes on", async () => {
      const said = "--grid learning-rate=0.01,0.02 --epochs 400 --time 1s";
      const { code, output } = await run(sweep(said, "--json", ...out("timed")));
      expect(code).toBe(0);
      const end = parseLines(output).at(-1) as { stopped: boolean; trials: { state: string }[] };
      expect(end.stopped).toBe(true);
      expect(end.trials.map(({ state }) => state)).toContain("waiting");
      expect(await readdir(folder.path("timed/trial-1/checkpoints/last"))).toContain("backup.safetensors");
    });
  });

  test("a sweep that does not halve can have more trials later", async () => {
    const said = "--random learning-rate=1e-3..0.1:log --epochs 1 --trials 2";
    expect((await run(sweep(said, ...out("more")))).error).toBe("");
    const before = await table("more");
    const { code, output, error } = await run(["sweep", "--resume", folder.path("more"), "--trials", "3", "--json"]);
    expect({ code, error }).toEqual({ code: 0, error: "" });
    expect(parseLines(output).filter(({ event }) => event === "trial")).toMatchObject([
      { trial: 3, state: "completed" },
    ]);
    expect((await table("more")).slice(0, 2)).toEqual(before);
    for (const [change, message] of [
      [["--seed", "9"], /--seed must be 1, as in .*; for a new sweep give --config .*sweep\.json/],
      [["--trials", "1"], /--trials must be 3/],
      [["--grid", "model=n1"], /--grid must be left out, as in/],
      [["--out", "x"], /--out must be left out with --resume/],
    ] as const) {
      const refused = await run(["sweep", "--resume", folder.path("more"), ...change]);
      expect(refused).toMatchObject({ code: 2, error: expect.stringMatching(message) });
    }
  });

  test("is judged by validation pictures alone, though there are others for testing", async () => {
    const parts = folder.path("parts");
    for (const label of [0, 1]) {
      for (let index = 0; index < 16; index++) {
        const part = index < 12 ? "train" : "test";
        const picture = await discPicture(label, index, [12, 12]).png().toBuffer();
        await writeFiles(parts, { [`${part}/${label}/${index}.png`]: picture });
      }
    }
    const said = "--grid learning-rate=0.01 --epochs 1 --json";
    const own = await run(["sweep", parts, ...plainly.split(" "), ...said.split(" "), ...out("tested")]);
    expect(own.error).toBe("");
    const preset = await run([
      "sweep",
      "mnist",
      "--limit",
      "64",
      ...plainly.split(" "),
      ...said.split(" "),
      ...out("digits"),
    ]);
    expect(preset.error).toBe("");
    for (const name of ["tested", "digits"]) {
      const bundle = await loadBundle(folder.path(`${name}/trial-1/model`));
      expect(Object.keys(bundle.metrics ?? {}).filter((metric) => metric.startsWith("test"))).toEqual([]);
      expect(bundle.metrics).toHaveProperty("val_accuracy");
      bundle.model.dispose();
    }
    const split = await readFile(folder.path("digits/trial-1/split.csv"), "utf8");
    expect(split).toContain(",validation\n");
  });

  test("mistakes are told before anything is trained or written", async () => {
    const before = await readdir(folder.path());
    for (const [said, message] of [
      ["--grid learningrate=0.1", "did you mean learningRate?"],
      ["--grid learning-rate=0.1,x", '--grid learningRate must be a number above 0, or auto, received "x"'],
      ["--grid model=small,resent", "did you mean resnet?"],
      ["--grid loss=binaryCrossentropy", "--loss must be sparseCategoricalCrossentropy or"],
      ["--grid epochs=1,2 --epochs 3", "--epochs must be left out, since its values are tried"],
      ["--grid learning-rate=0.1 --method halving", "--epochs must be given with --method halving"],
      ["--grid epochs=1,2 --method halving --epochs 2", "--epochs must be left out"],
      ["--grid label-smoothing=0,0.1 --objective val_loss", "--objective must be val_accuracy if labelSmoothing is"],
      ["--epochs 2", "--grid or --random must be given"],
    ] as const) {
      const { code, output, error } = await run(sweep(said, ...out("wrong")));
      expect({ said, code, output, error }).toEqual({
        said,
        code: 2,
        output: "",
        error: expect.stringContaining(message),
      });
    }
    expect(await readdir(folder.path())).toEqual(before);
  });

  test("values that are right but do not go together are a trial without a result", async () => {
    const said = "--grid schedule=plateau,constant --grid warmup-epochs=0,1 --epochs 1 --dry-run --json";
    const { code, output } = await run(sweep(said));
    expect(code).toBe(0);
    const { trials } = parseLines(output)[0] as { trials: { values: object; state: string; reason?: string }[] };
    expect(trials.map(({ state }) => state)).toEqual(["waiting", "failed", "waiting", "waiting"]);
    expect(trials[1]?.reason).toContain("--warmup-epochs must be 0 with --schedule plateau");
  });

  test("a dry run lists the trials and writes nothing; a config file says the same as flags", async () => {
    const before = await readdir(folder.path());
    const flags = await run(sweep("--grid model=small --random mixup=0.1..0.9 --trials 3 --dry-run", "--json"));
    expect(flags.error).toBe("");
    const config = { grid: { model: ["small"] }, random: { mixup: { min: 0.1, max: 0.9 } }, trials: 3, batchSize: 8 };
    await writeFile(folder.path("c.json"), JSON.stringify({ sweep: { data: photos(), augment: "none", ...config } }));
    const file = await run(["sweep", "--config", folder.path("c.json"), "--dry-run", "--json"]);
    expect(file.output).toBe(flags.output);
    const shown = await run(["sweep", "--config", folder.path("c.json"), "--print-config"]);
    expect(shown.output).toMatch(/^grid +model=small +sweep\.grid in /m);
    expect(shown.output).toMatch(/^random +mixup=0\.1\.\.0\.9 +sweep\.random in /m);
    await rm(folder.path("c.json"));
    expect(await readdir(folder.path())).toEqual(before);
    const text = await run(sweep("--grid model=small,n3 --dry-run"));
    expect(text.output).toMatch(/^2 +n3 +0\/\d+ +- +- +- +waiting$/m);
  });

  test("is never written over, and is not a run for commands that take the last one", async () => {
    const again = await run(sweep("--grid model=small --epochs 1", ...out("whole")));
    expect(again).toMatchObject({
      code: 1,
      error: expect.stringContaining("holds a sweep already. Go on with it by --resume"),
    });
    const none = await run(["train", "--resume", folder.path("whole")]);
    expect(none).toMatchObject({ code: 2, error: expect.stringContaining("must be the folder of a run") });
    const unknown = await run(["sweep", "--resume", photos()]);
    expect(unknown).toMatchObject({
      code: 2,
      error: expect.stringContaining("--resume must be the folder of a sweep"),
    });
  });
});
