import { existsSync } from "node:fs";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { beforeAll, describe, expect, test } from "vitest";
import { readSplit } from "../../../data/split-table.ts";
import { patches, writeFiles } from "../../../testing/made-pictures.ts";
import { type Run, parseLines, run } from "../../../testing/run.ts";
import { temporaryFolder } from "../../../testing/saved-model.ts";
import { shownPath } from "../../../terminal/shown-path.ts";

const last = ({ output }: Run): Record<string, unknown> | undefined => parseLines(output).at(-1);
const awkward = 'we"ird\n, cläss';

describe("featuremap data split", () => {
  const folder = temporaryFolder();
  const photos = (): string => folder.path("photos");
  const split = (...words: string[]): Promise<Run> => run(["data", "split", photos(), "--workers", "0", ...words]);

  beforeAll(async () => {
    for (const [label, name] of ["cat", awkward].entries()) {
      for (let number = 0; number < 10; number++) {
        const picture = patches(100 * label + number);
        await writeFiles(photos(), { [`${name}/${number}.png`]: await picture.png().toBuffer() });
        // Of three pictures of each class there is another, smaller one.
        if (number > 2) continue;
        const copy = patches(100 * label + number, [64, 64]);
        await writeFiles(photos(), { [`${name}/${number}, small.jpg`]: await copy.jpeg({ quality: 80 }).toBuffer() });
      }
    }
    await writeFiles(photos(), { "cat/broken.png": "no picture" });
  });

  test(
    "keeps near duplicates together, leaves damaged files out, and train takes what it writes",
    { timeout: 180_000 },
    async () => {
      const out = folder.path("split.csv");
      const result = await split(
        "--out",
        out,
        "--val-fraction",
        "0.3",
        "--test-fraction",
        "0.2",
        "--seed",
        "3",
        "--json",
      );
      expect({ code: result.code, error: result.error }).toEqual({ code: 0, error: "" });
      expect(last(result)).toMatchObject({
        event: "split",
        file: out,
        nearDuplicates: { groups: 6, pictures: 12 },
        unreadable: [{ path: expect.stringContaining("broken.png"), reason: expect.any(String) }],
        lacking: [],
      });
      const parts = await readSplit(out);
      expect(parts?.size).toBe(26);
      const placed = (name: string): string | undefined => parts?.get(`photos/${name}`);
      for (const name of ["cat", awkward]) {
        for (const number of [0, 1, 2])
          expect(placed(`${name}/${number}, small.jpg`)).toBe(placed(`${name}/${number}.png`));
      }
      const counts = last(result)?.["parts"] as Record<string, number>;
      expect(counts["train"]).toBeLessThan(26);
      expect(Object.values(counts).reduce((sum, count) => sum + count)).toBe(26);

      const [start] = parseLines(
        (await run(["train", out, "--dry-run", "--json", "--device", "wasm", "--workers", "0"])).output,
      );
      expect(start).toMatchObject({
        classes: 2,
        trainImages: counts["train"],
        validationImages: counts["validation"],
        testImages: counts["test"],
      });
      expect(await run(["train", out, "--dry-run", "--val-fraction", "0.5"])).toMatchObject({
        code: 2,
        error: expect.stringContaining("--val-fraction must be left out"),
      });
    },
  );

  test("the same seed gives the same table, wherever folder and table lie together", async () => {
    const [one, other] = [folder.path("one.csv"), folder.path("other.csv")];
    const third = folder.path("inner/third.csv");
    await split("--out", one);
    await split("--out", other, "--seed", "1", "--val-fraction", "0.2");
    await split("--out", third);
    expect(await readFile(other, "utf8")).toBe(await readFile(one, "utf8"));
    expect((await readFile(third, "utf8")).replaceAll("../photos", "photos")).toBe(await readFile(one, "utf8"));
    await mkdir(folder.path("moved"));
    await rename(one, folder.path("moved/one.csv"));
    await rename(photos(), folder.path("moved/photos"));
    const info = last(await run(["data", "info", folder.path("moved/one.csv"), "--json"]));
    await rename(folder.path("moved/photos"), photos());
    expect(info).toMatchObject({
      files: 26,
      damaged: [],
      parts: { train: expect.any(Number), validation: expect.any(Number) },
    });
  });

  test("without looking at pictures it divides as train does by itself", { timeout: 60_000 }, async () => {
    const out = folder.path("plain.csv");
    const result = await split("--out", out, "--no-near-duplicates", "--seed", "5", "--json");
    expect(parseLines(result.output)).toHaveLength(1);
    expect(last(result)).not.toHaveProperty("nearDuplicates");
    const words = ["train", photos(), "--epochs", "1", "--seed", "5", "--no-report", "--image-size", "8"];
    const { code } = await run([...words, "--out", folder.path("run"), "--device", "wasm", "--workers", "0"]);
    expect(code).toBe(0);
    const [ours, theirs] = [await readSplit(out), await readSplit(folder.path("run/split.csv"))];
    const named = Array.from(ours ?? [], ([path, part]) => [path.replace("photos/", ""), part]);
    expect(Object.fromEntries(named)).toEqual(Object.fromEntries(theirs ?? []));
  });

  test("never writes over a file without --force", async () => {
    const out = folder.path("mine.csv");
    await writeFile(out, "mine");
    expect(await split("--out", out)).toEqual({
      code: 1,
      output: "",
      error: `featuremap: ${out} is there already. Give --force to write over it, or another --out.\n`,
    });
    expect(await readFile(out, "utf8")).toBe("mine");
    expect(await split("--out", out, "--force", "--no-near-duplicates")).toMatchObject({ code: 0, error: "" });
    expect(await readFile(out, "utf8")).toMatch(/^path,label,part\n/);
    expect(await split("--out", folder.path(), "--force")).toMatchObject({
      code: 2,
      error: expect.stringContaining("--out"),
    });
  });

  test("is text for people, with the line that trains on it, and nothing that a terminal obeys", async () => {
    const out = folder.path("it's.csv");
    const { code, output } = await run(["data", "split", photos(), "--out", out], { columns: 60 });
    expect(code).toBe(0);
    expect(output).toContain("6 groups of near duplicates");
    expect(output).toContain(`featuremap train '${shownPath(out).replace("'", String.raw`'\''`)}'\n`);
    expect(output.replaceAll("\n", "")).not.toMatch(/\p{Cc}/u);
  });

  test("does not recommend to train on a table without pictures of a class to train on", async () => {
    const alike = folder.path("alike");
    for (let number = 0; number < 4; number++) {
      const picture = await patches(number).png().toBuffer();
      await writeFiles(alike, { [`cat/${number}.png`]: picture });
      // The only zebra goes where the cat goes that is the same picture.
      if (number === 0) await writeFiles(alike, { "zebra/0.png": picture });
    }
    const words = ["--workers", "0", "--val-fraction", "0.4", "--test-fraction", "0.4"];
    const out = folder.path("alike.csv");
    const { code, output } = await run(["data", "split", alike, ...words, "--out", out], { columns: 200 });
    expect(code).toBe(0);
    expect(output).toContain("train has no zebra");
    expect(output).not.toContain("featuremap train");
    expect(output).toContain("add pictures of zebra and divide again, or move some to train there.");
    expect(await run(["train", out, "--dry-run"])).toMatchObject({
      code: 1,
      error: expect.stringMatching(/alike\.csv: the part train has no picture of zebra\. Move pictures there/),
    });
  });

  test.for<[string, readonly string[], number, string]>([
    [
      "shares that leave nothing",
      ["--val-fraction", "0.6", "--test-fraction", "0.4"],
      2,
      "--test-fraction must be less than 1 together",
    ],
    ["a share of all", ["--val-fraction", "1"], 2, "--val-fraction must be a number in (0, 1)"],
  ])("refuses %s", async ([, words, code, message]) => {
    const { error, ...rest } = await split("--out", folder.path("none.csv"), ...words);
    expect({ ...rest, error: error.includes(message) }).toEqual({ code, output: "", error: true });
    expect(existsSync(folder.path("none.csv"))).toBe(false);
  });

  test("refuses pictures that are not files, and data that are divided already", async () => {
    const out = ["--out", folder.path("none.csv")];
    expect(await run(["data", "split", "mnist", ...out])).toMatchObject({
      code: 1,
      error: expect.stringContaining("mnist is a data set with parts of its own"),
    });
    await split("--out", folder.path("again.csv"), "--no-near-duplicates");
    expect(await run(["data", "split", folder.path("again.csv"), ...out])).toMatchObject({
      code: 1,
      error: expect.stringContaining("again.csv is already split"),
    });
    const more = [
      "data",
      "split",
      folder.path("again.csv"),
      "--test-fraction",
      "0.2",
      "--no-near-duplicates",
      "--json",
    ];
    const divided = last(await run([...more, "--out", folder.path("more.csv")]));
    expect(divided?.["parts"]).toEqual({ train: 17, validation: 6, test: 4 });
  });

  test("Ctrl-C ends it with 130, and leaves no table", async () => {
    const out = folder.path("stopped.csv");
    const words = ["data", "split", photos(), "--out", out, "--json"];
    const ended = await run(words, { onOutput: (_, interrupt) => interrupt() });
    expect(ended).toMatchObject({
      code: 130,
      error: expect.stringMatching(/^featuremap: data split was stopped; nothing was written[^\n]*\.\n$/),
    });
    expect(existsSync(out)).toBe(false);
  });
});
