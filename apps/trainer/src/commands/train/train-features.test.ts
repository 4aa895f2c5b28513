import { readFile, readdir } from "node:fs/promises";
import { GlobalAveragePooling2D } from "@featuremap/layers";
import { afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { writeDiscs } from "../../testing/made-pictures.ts";
import { parseLines, run } from "../../testing/run.ts";
import { saveTunableModel, temporaryFolder } from "../../testing/saved-model.ts";

const plainly = "--device wasm --threads 1 --workers 0 --json --no-report --batch-size 4".split(" ");
const frozen = "--freeze-epochs 3 --augment none --label-smoothing 0.1 --class-weight balanced".split(" ");

describe("featuremap train --freeze-epochs", () => {
  const folder = temporaryFolder();
  const path = (name: string): string => folder.path(name);
  const tune = (out: string, ...words: string[]): ReturnType<typeof run> =>
    run(["train", path("photos"), "--model", path("base"), "--out", path(out), ...plainly, ...words]);
  const weightsOf = (out: string): Promise<Buffer> => readFile(path(`${out}/model/weights.safetensors`));
  const rowsOf = async (out: string): Promise<Record<string, number>[]> =>
    parseLines(await readFile(path(`${out}/history.jsonl`), "utf8")) as Record<string, number>[];
  const notesOf = (output: string): unknown[] =>
    parseLines(output)
      .filter(({ event }) => event === "note")
      .map(({ text }) => text);

  beforeAll(async () => {
    await writeDiscs(path("photos"), [16, 16], { x: [3, 12], y: [4, 8] });
    await saveTunableModel({ [path("base")]: ["a", "b", "c"] });
  });

  afterEach(() => void vi.restoreAllMocks());

  test("what frozen layers make of a picture is computed once, and gives the same losses", async () => {
    const pooling = vi.spyOn(GlobalAveragePooling2D.prototype, "call");
    const picturesSeen = (): number => {
      const seen = pooling.mock.calls.reduce((sum, [{ shape }]) => sum + (shape[0] ?? 0), 0);
      pooling.mockClear();
      return seen;
    };
    const all = [...frozen, "--epochs", "3"];
    const kept = await tune("kept", ...all);
    expect(kept.error).toBe("");
    expect(picturesSeen()).toBe(20);
    const computed = await tune("computed", ...all, "--frozen-features", "compute");
    expect(computed.error).toBe("");
    expect(picturesSeen()).toBe(3 * 20);

    const [start] = parseLines(kept.output);
    expect(start).toMatchObject({ frozenFeatures: "keep", freezeEpochs: 3 });
    expect(notesOf(kept.output)).toEqual([
      expect.stringContaining("features of 20 pictures are computed once and kept as float32, 4 numbers each"),
    ]);
    expect(notesOf(computed.output)).toEqual([]);
    const features = parseLines(kept.output).filter(({ event }) => event === "features");
    expect(features.at(-1)).toEqual({ event: "features", done: 20, total: 20 });
    const [one, other] = [await rowsOf("kept"), await rowsOf("computed")];
    expect(one).toHaveLength(3);
    for (const [epoch, row] of one.entries()) {
      for (const name of ["loss", "accuracy", "val_loss", "val_accuracy"]) {
        expect(Math.abs((row[name] ?? Number.NaN) - (other[epoch]?.[name] ?? 0))).toBeLessThan(1e-5);
      }
    }
  });

  test("on the disk they give the same weights, also where the run goes on, and nothing is left there", async () => {
    const inMemory = await tune("memory", "--epochs", "4", ...frozen);
    expect(inMemory.error).toBe("");
    const stopped = await run(
      ["train", path("photos"), "--model", path("base"), "--out", path("disk"), ...plainly, ...frozen].concat([
        "--epochs",
        "4",
        "--feature-memory",
        "0",
        "--save-steps",
        "1",
      ]),
      { onOutput: (printed, interrupt) => void (/"epoch","epoch":2,/.test(printed) && interrupt()) },
    );
    expect(stopped.code).toBe(130);
    expect(notesOf(stopped.output)[0]).toContain("kept on the disk");
    const leftOvers = async (): Promise<string[]> =>
      (await readdir(path("disk"))).filter((name) => name.startsWith("."));
    expect(await leftOvers()).toEqual([]);
    const resumed = await run(["train", "--resume", path("disk"), "--no-report", "--json", "--feature-memory", "1"]);
    expect(resumed.error).toBe("");
    expect(notesOf(resumed.output)[0]).toContain("as float32");
    expect(await leftOvers()).toEqual([]);
    expect(await weightsOf("disk")).toEqual(await weightsOf("memory"));
    expect((await rowsOf("disk")).map(({ epoch }) => epoch)).toEqual([1, 2, 3, 4]);
  });

  test("pictures vary once all layers learn, or all along where that is asked for", async () => {
    const varied = ["--epochs", "2", "--freeze-epochs", "1"];
    const words = ["train", path("photos"), "--model", path("base"), "--no-report", "--device", "wasm"];
    const usual = await run([...words, "--out", path("usual"), ...varied]);
    expect(usual.output).toContain(
      "\nFeatures of the other layers: computed once, of pictures as they are; pictures vary (light) from epoch 2 on\n",
    );
    const asked = await run([...words, "--out", path("asked"), ...varied, "--augment", "light"]);
    expect(asked.output).toContain("\nFeatures of the other layers: computed in every epoch, of pictures that vary\n");
    expect(asked.output).not.toContain("computed once");
    const both = await tune("both", ...varied, "--augment", "light", "--frozen-features", "keep");
    expect(both.error).toBe("");
    expect(parseLines(both.output)[0]).toMatchObject({ frozenFeatures: "keep", augment: "light" });
  });

  test("early stopping and the time limit end it as they do else", async () => {
    const early = await tune(
      "early",
      "--epochs",
      "12",
      "--freeze-epochs",
      "2",
      "--patience",
      "1",
      "--learning-rate",
      "0.3",
    );
    expect(early.error).toBe("");
    expect((await rowsOf("early")).length).toBeLessThan(12);
    expect((await rowsOf("early")).length).toBeGreaterThan(2);
    const late = await tune(
      "late",
      "--epochs",
      "5000",
      "--freeze-epochs",
      "5000",
      "--time",
      "1s",
      "--save-every",
      "60s",
    );
    expect(late).toMatchObject({ code: 0, error: "" });
    expect(parseLines(late.output).at(-1)).toMatchObject({ event: "end", stopped: true });
  });
});
