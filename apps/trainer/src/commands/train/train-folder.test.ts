import { readFile, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { loadBundle } from "@featuremap/formats";
import { beforeAll, describe, expect, test } from "vitest";
import { discPicture, writeFiles } from "../../testing/made-pictures.ts";
import { parseLines, run } from "../../testing/run.ts";
import { temporaryFolder } from "../../testing/saved-model.ts";

const plainly = "--device wasm --threads 1 --workers 0 --json".split(" ");
const classes = ["blue, dark", "größer", "red"];

describe("featuremap train <folder>", () => {
  const folder = temporaryFolder();
  const photos = (): string => folder.path("photos");
  const quick = (...words: string[]): string[] => [
    "train",
    photos(),
    ...plainly,
    ...(words.includes("--batch-size") ? [] : ["--batch-size", "8"]),
    ...(words.includes("--epochs") ? [] : ["--epochs", "2"]),
    ...words,
  ];
  const out = (name: string): string[] => ["--out", folder.path(name)];

  beforeAll(async () => {
    for (const [label, name] of classes.entries()) {
      for (let index = 0; index < 12; index++) {
        const picture = await discPicture(label, index, [16, 16]).png().toBuffer();
        await writeFiles(photos(), { [`${name}/${index}.png`]: picture });
      }
    }
    await writeFile(join(photos(), "red", "broken.png"), "no picture");
  });

  test("chooses a network, validates, and leaves a run that tells all of itself", async () => {
    const { code, output, error } = await run(quick(...out("run")));
    expect({ code, error }).toEqual({ code: 0, error: "" });
    const events = parseLines(output);
    expect(events[0]).toMatchObject({
      event: "start",
      data: "photos",
      network: "small",
      networkReason: expect.stringContaining("16 pixels"),
      imageSize: [16, 16],
      classes: 3,
      trainImages: 30,
      validationImages: 7,
      testImages: 0,
    });
    expect(events[0]).not.toHaveProperty("preset");
    const end = events.at(-1);
    expect(end).toMatchObject({
      event: "end",
      validation: { images: 7, loss: expect.any(Number), accuracy: expect.any(Number) },
      run: folder.path("run"),
    });
    expect(end).not.toHaveProperty("test");
    expect(JSON.stringify(end?.["leftOut"])).toContain("broken.png");

    const files = await readdir(folder.path("run"), { recursive: true });
    for (const file of ["checkpoints/best/model.json", "checkpoints/last/backup.safetensors", "history.csv"]) {
      expect(files).toContain(file);
    }
    const bundle = await loadBundle(folder.path("run/model"));
    expect(bundle.labels).toEqual(classes);
    expect(bundle.preprocessing).toMatchObject({ size: [16, 16], mean: [0.5, 0.5, 0.5] });
    bundle.model.dispose();
    const split = await readFile(folder.path("run/split.csv"), "utf8");
    expect(split.split("\n").filter((line) => line.endsWith(",validation"))).toHaveLength(7);
    expect(split).toContain('"blue, dark/0.png","blue, dark",');
    const card = await readFile(folder.path("run/README.md"), "utf8");
    expect(card).toContain("| größer |");
    expect(card).toContain("On the 7 pictures of the validation part:");
    expect(end).toMatchObject({ report: folder.path("run/report.html") });
    expect(files).toEqual(expect.arrayContaining(["report.html", "pictures/confusion-matrix.svg"]));
    const answers = (await readFile(folder.path("run/predictions.csv"), "utf8")).trimEnd().split("\n").slice(1);
    const right = answers.filter((line) => /("blue, dark"|größer|red),\1,[\d.]+,[\d.]+$/.test(line));
    expect(end).toMatchObject({ validation: { accuracy: expect.closeTo(right.length / 7) } });
    const rows = parseLines(await readFile(folder.path("run/history.jsonl"), "utf8"));
    expect(rows.map(({ epoch }) => epoch)).toEqual([1, 2]);
    const judged = await run(["predict", folder.path("run"), join(photos(), "red/0.png"), "--json"]);
    expect(judged.code).toBe(0);
  });

  test("its config.json starts the same run again", async () => {
    const said = [
      "--mixup",
      "0.2",
      "--cutmix",
      "1",
      "--erasing",
      "0.3",
      "--augment",
      "trivial",
      "--optimizer",
      "adamw",
    ];
    const more = ["--ema", "0.9", "--class-weight", "balanced", "--schedule", "cosine", "--label-smoothing", "0.1"];
    const first = await run(quick(...said, ...more, "--image-size", "24x20", ...out("first")));
    expect(first.error).toBe("");
    const config = folder.path("first/config.json");
    const again = await run(["train", "--config", config, "--json", ...out("again")]);
    expect(again.error).toBe("");
    const [weights, same] = await Promise.all(
      ["first", "again"].map((name) => readFile(folder.path(`${name}/model/weights.safetensors`))),
    );
    expect(same).toEqual(weights);
    expect(await readFile(folder.path("again/config.json"), "utf8")).toBe(await readFile(config, "utf8"));
  });

  test.for([
    ["--patience", "1"],
    ["--schedule", "plateau"],
    ["--time", "1h"],
    ["--loss", "categoricalFocalCrossentropy"],
    ["--model", "resnet"],
    ["--model", "n4"],
    ["--learning-rate", "auto"],
    ["--batch-size", "auto"],
    ["--warmup-epochs", "1"],
  ])("%s %s", async (words) => {
    const { code, error, output } = await run(quick(...words, ...out(words.join("").slice(2))));
    expect({ code, error }).toEqual({ code: 0, error: "" });
    expect(parseLines(output).at(-1)).toMatchObject({ event: "end", validation: { images: 7 } });
  });

  test("a dry run takes two steps and keeps nothing", async () => {
    const before = await readdir(folder.path());
    const { code, output, error } = await run(quick("--dry-run", "--model", "resnet"));
    expect({ code, error }).toEqual({ code: 0, error: "" });
    const events = parseLines(output);
    expect(events[0]).toMatchObject({ dryRun: true, network: "resnet" });
    expect(events.at(-1)).toMatchObject({ event: "end", steps: 2 });
    expect(await readdir(folder.path())).toEqual(before);
  });

  test("what was looked for is the run's", async () => {
    const config = async (name: string): Promise<unknown> =>
      JSON.parse(await readFile(folder.path(`${name}/config.json`), "utf8"));
    expect(await config("learning-rateauto")).toMatchObject({ train: { learningRate: expect.any(Number) } });
    expect(await config("batch-sizeauto")).toMatchObject({ train: { batchSize: 2 } });
  });

  test("a time limit ends it with weights that are judged, and --resume goes on", async () => {
    const { code, output, error } = await run(quick("--epochs", "900", "--time", "1s", ...out("timed")));
    expect({ code, error }).toEqual({ code: 0, error: "" });
    const end = parseLines(output).at(-1);
    expect(end).toMatchObject({ event: "end", stopped: true, validation: { images: 7, loss: expect.any(Number) } });
    expect(Number(end?.["steps"])).toBeLessThan(Number(end?.["stepsPlanned"]));
    const { history } = end as { history: Record<string, number[]> };
    expect(end?.["bestEpoch"]).toMatchObject({
      loss: Math.min(...(history["val_loss"] ?? [])),
      bundle: folder.path("timed/checkpoints/best"),
    });
    expect(await readFile(folder.path("timed/README.md"), "utf8")).toMatch(
      /^The weights are those of (the last epoch, \d+|the last step)[,.]/m,
    );
    expect(await readdir(folder.path("timed/checkpoints/last"))).toContain("backup.safetensors");
  });

  test("going on for more epochs says what becomes of a rate that follows from their number", async () => {
    const notes = async (...words: string[]): Promise<unknown[]> => {
      const { code, output } = await run(["train", ...words, "--no-report", ...plainly]);
      expect(code).toBe(0);
      return parseLines(output).flatMap(({ event, text }) => (event === "note" ? [text] : []));
    };
    const begin = (schedule: string): Promise<unknown[]> =>
      notes(photos(), "--batch-size", "8", "--epochs", "1", "--schedule", schedule, ...out(schedule));
    expect(await begin("cosine")).toEqual([]);
    expect(await notes("--resume", folder.path("cosine"), "--epochs", "2")).toEqual([
      expect.stringMatching(/^The learning rate follows cosine over 2 epochs now, but was planned for 1: /),
    ]);
    expect(await begin("constant")).toEqual([]);
    expect(await notes("--resume", folder.path("constant"), "--epochs", "2")).toEqual([]);
  });

  test("--tta judges the same weights another way", async () => {
    const words = ["--augment", "none", "--model", "n4", "--image-size", "16"];
    const [plain, mean] = [
      await run(quick(...words, ...out("plain"))),
      await run(quick(...words, "--tta", ...out("mean"))),
    ];
    const end = ({ output }: typeof plain): Record<string, unknown> => parseLines(output).at(-1) ?? {};
    expect(end(mean)["history"]).toEqual(end(plain)["history"]);
    const [one, other] = [end(plain)["validation"], end(mean)["validation"]] as { loss: number; images: number }[];
    expect(other?.images).toBe(one?.images);
    expect(other?.loss).not.toBe(one?.loss);
    expect(Math.abs((other?.loss ?? 9) - (one?.loss ?? 0))).toBeLessThan(0.5);
  });

  test("--no-report leaves out the report, and the card tells what was measured", async () => {
    const { output, error } = await run(quick("--no-report", ...out("bare")));
    expect(error).toBe("");
    expect(parseLines(output).at(-1)).not.toHaveProperty("report");
    const files = await readdir(folder.path("bare"));
    for (const name of ["report.html", "pictures", "predictions.csv"]) expect(files).not.toContain(name);
    const card = await readFile(folder.path("bare/README.md"), "utf8");
    expect(card).toMatch(/\| validation \| 7 \| [\d.]+\s% \| [\d.]+ \|/);
  });

  test("a folder with a test part is judged by it in the end", async () => {
    const parts = folder.path("parts");
    for (const part of ["train", "test"]) {
      for (const label of [0, 1]) {
        for (let index = 0; index < 8; index++) {
          const picture = await discPicture(label, index + (part === "test" ? 50 : 0), [12, 12])
            .png()
            .toBuffer();
          await writeFiles(parts, { [`${part}/${label}/${index}.png`]: picture });
        }
      }
    }
    const { output } = await run(["train", parts, "--epochs", "1", "--json", "--workers", "0", ...out("tested")]);
    const events = parseLines(output);
    expect(events[0]).toMatchObject({ trainImages: 14, validationImages: 2, testImages: 16 });
    expect(events.at(-1)).toMatchObject({ test: { images: 16 } });
    const bundle = await loadBundle(folder.path("tested/model"));
    expect(bundle.metrics).toMatchObject({ test_accuracy: expect.any(Number), val_accuracy: expect.any(Number) });
    bundle.model.dispose();
  });

  test("a folder with an older run gets the new one, and the older one goes beside it", async () => {
    const words = ["--epochs", "1", "--no-report", ...out("retaken")];
    expect((await run(quick(...words))).error).toBe("");
    const evaluated = await run(["evaluate", folder.path("retaken"), "--report", "--device", "wasm", "--workers", "0"]);
    expect(evaluated).toMatchObject({ code: 0, error: "" });
    const weights = await readFile(folder.path("retaken/model/weights.safetensors"));
    const { output } = await run(quick("--seed", "2", ...words));
    expect(parseLines(output)[0]).toEqual({
      event: "note",
      text: expect.stringMatching(/^The run that was in \S*retaken is now \S*retaken-before-1$/),
    });
    expect(await readdir(folder.path("retaken"))).not.toContain("evaluation-1");
    expect(await readdir(folder.path("retaken-before-1"))).toContain("evaluation-1");
    expect(await readFile(folder.path("retaken-before-1/model/weights.safetensors"))).toEqual(weights);
    expect(await readFile(folder.path("retaken/model/weights.safetensors"))).not.toEqual(weights);
    // The older one goes on where it is now.
    const resumed = await run(["train", "--resume", folder.path("retaken-before-1"), "--epochs", "2", "--no-report"]);
    expect(resumed).toMatchObject({ code: 0, error: "" });
  });
});
