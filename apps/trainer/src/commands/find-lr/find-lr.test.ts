import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import sharp from "sharp";
import { beforeAll, describe, expect, test } from "vitest";
import { discPicture, writeFiles } from "../../testing/made-pictures.ts";
import { parseLines, run } from "../../testing/run.ts";
import { temporaryFolder } from "../../testing/saved-model.ts";

describe("featuremap find-lr", { timeout: 120_000 }, () => {
  const folder = temporaryFolder();
  const search = (...words: string[]): string[] => [
    "find-lr",
    folder.path("photos"),
    ..."--device wasm --threads 1 --workers 0".split(" "),
    ...(words.includes("--steps") ? [] : ["--steps", "40"]),
    ...words,
  ];

  beforeAll(async () => {
    for (const label of [0, 1, 2]) {
      for (let index = 0; index < 16; index++) {
        const picture = await discPicture(label, index, [12, 12]).png().toBuffer();
        await writeFiles(folder.path("photos"), { [`${label}/${index}.png`]: picture });
      }
    }
  });

  test("suggests a rate, and leaves the curve as drawings and as a table", async () => {
    const before = await readdir(folder.path("photos"), { recursive: true });
    const { code, output, error } = await run(search("--batch-size", "8", "--out", folder.path("curve"), "--json"));
    expect({ code, error }).toEqual({ code: 0, error: "" });
    const events = parseLines(output);
    expect(events[0]).toMatchObject({ event: "start", network: "small", batchSize: 8, steps: 40, classes: 3 });
    const steps = events.filter(({ event }) => event === "step");
    const end = events.at(-1);
    expect(end).toMatchObject({ event: "end", folder: folder.path("curve"), suggestion: expect.any(Number) });
    expect(end?.["learningRates"]).toEqual(steps.map(({ learningRate }) => learningRate));
    expect(end).toMatchObject({ suggestions: { steep: end?.["suggestion"] } });

    const files = await readdir(folder.path("curve"));
    expect(files.toSorted()).toEqual(["learning-rates.csv", "learning-rates.png", "learning-rates.svg"]);
    const [head, ...rows] = (await readFile(folder.path("curve/learning-rates.csv"), "utf8")).trimEnd().split("\n");
    expect(head).toBe("step,learning_rate,loss,smoothed_loss");
    expect(rows.map((row) => Number(row.split(",")[2]))).toEqual(end?.["losses"]);
    expect(await readFile(folder.path("curve/learning-rates.svg"), "utf8")).toContain("prefers-color-scheme");
    expect(await sharp(folder.path("curve/learning-rates.png")).metadata()).toMatchObject({ width: 1920 });
    expect(await readdir(folder.path("photos"), { recursive: true })).toEqual(before);
  });

  test("suggests what --learning-rate auto takes", async () => {
    const { output } = await run(search("--steps", "100", "--out", folder.path("auto"), "--json"));
    const words = ["--learning-rate", "auto", "--epochs", "1", "--no-report", "--out", folder.path("run")];
    const plain = "--device wasm --threads 1 --workers 0 --json".split(" ");
    const trained = await run(["train", folder.path("photos"), ...plain, ...words]);
    expect(trained.error).toBe("");
    expect(parseLines(trained.output).find(({ event }) => event === "start")).toMatchObject({
      learningRate: parseLines(output).at(-1)?.["suggestion"],
    });
  });

  test("says what it saw in a table, and never writes over files", async () => {
    const out = ["--out", folder.path("digits")];
    const { code, output, error } = await run(search("--optimizer", "sgd", "--max-learning-rate", "1e3", ...out));
    expect({ code, error }).toEqual({ code: 0, error: "" });
    expect(output).toMatch(/^rate +loss +smoothed$/m);
    expect(output).toMatch(/^The loss left all bounds at /m);
    for (const name of ["steep", "valley", "minimum"]) expect(output).toMatch(new RegExp(`^${name} +[\\d.]+ `, "m"));
    expect(output).toMatch(/^Suggestion: --learning-rate [\d.]+, as --learning-rate auto takes it$/m);
    const again = await run(search(...out));
    expect(again).toMatchObject({ code: 1, output: "" });
    expect(again.error).toContain("holds learning-rates.svg already. Choose another folder with --out");
  });

  test("leaves a saved model as it is", async () => {
    const model = folder.path("run/model");
    const weights = await readFile(join(model, "weights.safetensors"));
    const { error } = await run(search("--model", model, "--steps", "5", "--out", folder.path("tuned")));
    expect(error).toBe("");
    expect(await readFile(join(model, "weights.safetensors"))).toEqual(weights);
  });

  test("Ctrl-C ends it with 130 and leaves nothing", async () => {
    const before = await readdir(folder.path());
    const { code, error } = await run(search("--json", "--out", folder.path("stopped")), {
      onOutput(printed, interrupt) {
        if (printed.includes('"step":5')) interrupt();
      },
    });
    expect(code).toBe(130);
    expect(error).toContain("Stopped before a learning rate was found.");
    expect(await readdir(folder.path())).toEqual(before);
  });

  test("wrong values and data end it before anything is made", async () => {
    for (const [words, message] of [
      [search("--min-learning-rate", "2"), "find-lr: --max-learning-rate must be above --min-learning-rate, 2"],
      [search("--learning-rate", "1"), "there is no option --learning-rate"],
      [search("--model", "smal"), "did you mean small?"],
      [["find-lr", join(folder.path(), "photo")], "data must be a folder, a file or one of"],
    ] as const) {
      const { code, error } = await run(words);
      expect({ code, error }).toEqual({ code: 2, error: expect.stringContaining(message) });
    }
    await writeFiles(folder.path(), { file: "" });
    expect(await run(search("--out", folder.path("file")))).toMatchObject({
      code: 1,
      error: expect.stringMatching(
        /^featuremap: Cannot write to .*file \(a file of that name is in the way\)\. Choose/,
      ),
    });
  });
});
