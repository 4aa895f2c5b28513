import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { readImageHeader } from "@featuremap/images";
import { beforeAll, describe, expect, test } from "vitest";
import { discPicture, patches, writeFiles } from "../../../testing/made-pictures.ts";
import { type Run, parseLines, run } from "../../../testing/run.ts";
import { temporaryFolder } from "../../../testing/saved-model.ts";

const last = ({ output }: Run): Record<string, unknown> | undefined => parseLines(output).at(-1);
const awkward = 'a <b>&"\n\u001B[31m';

interface Reference {
  readonly index: number;
  readonly path: string;
  readonly label: string;
  readonly suggested?: number;
}

describe("featuremap data health", () => {
  const folder = temporaryFolder();
  const photos = (): string => folder.path("photos");
  const health = (...words: string[]): Promise<Run> => run(["data", "health", photos(), "--workers", "0", ...words]);
  const names = (found: unknown): string[] =>
    (found as readonly Reference[]).map(({ path }) => path.slice(photos().length + 1));

  beforeAll(async () => {
    for (const [label, name] of ["cat", awkward].entries()) {
      for (let number = 0; number < 6; number++) {
        const picture = await patches(100 * label + number)
          .png()
          .toBuffer();
        await writeFiles(photos(), { [`${number < 4 ? "train" : "test"}/${name}/${number}.png`]: picture });
      }
    }
    const copy = patches(1, [72, 72]).jpeg({ quality: 85 });
    const dark = patches(50).linear(0.1, 0).png();
    await writeFiles(photos(), {
      // The same as a training picture, and as one of another class.
      "test/cat/leak.jpg": await copy.toBuffer(),
      [`train/${awkward}/conflict.png`]: await patches(2).png().toBuffer(),
      "train/cat/dark.png": await dark.toBuffer(),
      "train/cat/broken.png": "no picture",
      "train/cat/notes.txt": "foreign",
      "train/cat/huge.png": await patches(60, [900, 900]).png().toBuffer(),
    });
  });

  test("finds what was planted, and is not a failure without --strict", async () => {
    const result = await health("--json");
    expect({ code: result.code, error: result.error }).toEqual({ code: 0, error: "" });
    const found = last(result) ?? {};
    expect(found).toMatchObject({ event: "health", data: "photos", size: 16, classNames: [awkward, "cat"] });
    const { leaks, conflicts, exactDuplicates, dark, oddSizes, unreadable, foreign, labelSuspects } = found;
    expect((leaks as Reference[][]).map(names)).toEqual([["train/cat/1.png", "test/cat/leak.jpg"]]);
    expect((conflicts as Reference[][]).map(names)).toEqual([[`train/${awkward}/conflict.png`, "train/cat/2.png"]]);
    expect(exactDuplicates).toHaveLength(1);
    expect([names(dark), names(oddSizes), names(unreadable), names(foreign), labelSuspects]).toEqual([
      ["train/cat/dark.png"],
      ["train/cat/huge.png"],
      ["train/cat/broken.png"],
      ["train/cat/notes.txt"],
      [],
    ]);
    expect(await health("--strict", "--json")).toMatchObject({ code: 1, error: "" });
  });

  test("writes all findings, a page, a drawing and a picture, and nothing over what is there", async () => {
    const out = folder.path("health.json");
    const page = folder.path("health.html");
    expect(await health("--out", out, "--page", page)).toMatchObject({ code: 0, error: "" });
    const written = JSON.parse(await readFile(out, "utf8")) as Record<string, unknown>;
    expect(written).toMatchObject({ data: "photos", size: 16, leaks: [[{ split: "train" }, { split: "test" }]] });
    const markup = await readFile(page, "utf8");
    expect(markup).toContain("Near duplicates in several parts");
    expect(markup).toContain("a &lt;b&gt;&amp;&quot;");
    expect(markup).not.toContain("<b>");
    expect(markup).not.toMatch(/(src|href)="(?!data:)|<script/);
    expect(markup.replaceAll("\n", "")).not.toMatch(/\p{Cc}/u);
    expect(markup.split("<img ").length - 1).toBeGreaterThanOrEqual(6);
    const svg = folder.path("health.svg");
    const png = folder.path("health.PNG");
    await health("--page", svg);
    await health("--page", png);
    expect(await readFile(svg, "utf8")).toMatch(/^<svg [^]*<image/);
    expect(readImageHeader(await readFile(png))).toMatchObject({ kind: { name: "PNG" }, width: 960 });

    await writeFile(out, "mine");
    for (const words of [
      ["--out", out],
      ["--page", page],
    ]) {
      expect(await health(...words)).toMatchObject({
        code: 1,
        output: "",
        error: expect.stringMatching(/is there already/),
      });
    }
    expect(await readFile(out, "utf8")).toBe("mine");
    expect((await health("--out", out, "--force")).code).toBe(0);
    expect(await readFile(out, "utf8")).toMatch(/^\{/);
    expect(await health("--page", folder.path("health.pdf"))).toMatchObject({
      code: 2,
      error: expect.stringContaining("--page must be a file whose name ends in .html, .svg or .png"),
    });
  });

  test.for([34, 90])("is text for people in %i columns, with nothing that a terminal obeys", async (columns) => {
    const { code, output } = await run(["data", "health", photos()], { columns });
    expect(code).toBe(0);
    expect(output.replaceAll("\n", "")).not.toMatch(/\p{Cc}/u);
    const text = output.replaceAll(/\s+/g, " ");
    expect(text).toContain("photos: 17 pictures were looked at");
    expect(text).toMatch(/Near duplicates in several parts 1 group: \S*train\/cat\/1\.png = \S*test\/cat\/leak\.jpg/);
    expect(text).toMatch(/Unreadable 1: \S*broken\.png \(/);
    expect(text).toContain("1 file next to the pictures");
  });

  test(
    "finds labels that are probably wrong by a run's answers to what it did not learn from",
    { timeout: 120_000 },
    async () => {
      const data = folder.path("discs");
      for (let number = 0; number < 24; number++) {
        for (const [label, name] of ["red", "blue"].entries()) {
          const picture = await discPicture(label, number, [24, 24]).png().toBuffer();
          await writeFiles(data, { [`${name}/${number}.png`]: picture });
        }
      }
      const out = folder.path("run");
      const words = ["train", data, "--epochs", "12", "--image-size", "16", "--batch-size", "8", "--no-report"];
      const trained = await run([...words, "--out", out, "--device", "wasm", "--workers", "0"]);
      expect(trained).toMatchObject({ code: 0, output: expect.stringContaining("Validation accuracy 1.0000") });
      const rows = (await readFile(`${out}/split.csv`, "utf8")).trim().split("\n").slice(1);
      const kept = rows.filter((row) => row.endsWith("validation"));
      // Red discs that were not learned from are put among the blue ones, too.
      const red = kept.flatMap((row) => /^red\/(\d+\.png),/.exec(row)?.[1] ?? []);
      for (const name of red) await writeFiles(data, { [`blue/wrong ${name}`]: await readFile(`${data}/red/${name}`) });

      const asked = ["data", "health", data, "--model", out, "--device", "wasm", "--workers", "0"];
      const found = last(await run([...asked, "--json"]));
      expect(found).toMatchObject({ model: { asked: kept.length + red.length, isKnownApart: true } });
      const { labelSuspects, classNames } = found as { labelSuspects: Reference[]; classNames: string[] };
      // Of each class those count that the model is as sure of as of the others.
      expect(labelSuspects.length).toBeGreaterThan(0);
      for (const { path, label, suggested = -1 } of labelSuspects) {
        expect([path.slice(data.length, data.length + 12), label, classNames[suggested]]).toEqual([
          "/blue/wrong ",
          "blue",
          "red",
        ]);
      }
      const { output } = await run(asked);
      expect(output.replaceAll(/\s+/g, " ")).toMatch(
        /Labels that are probably wrong \d+: \S*blue\/wrong \d+\.png \(perhaps red\)/,
      );
      expect(output.replaceAll(/\s+/g, " ")).toContain(
        `${kept.length + red.length} pictures that it did not learn from`,
      );

      expect(await health("--model", out, "--device", "wasm")).toMatchObject({
        code: 1,
        output: "",
        error: expect.stringContaining("The model does not know the class"),
      });
      expect(await health("--model", folder.path("no-model"))).toMatchObject({
        code: 1,
        error: expect.stringMatching(/^featuremap: There is no [^\n]+\n$/),
      });
    },
  );

  test("takes a data set in memory and says where nothing is odd", async () => {
    for (let number = 0; number < 4; number++) {
      const picture = await patches(number).png().toBuffer();
      await writeFiles(folder.path("fine"), { [`${number < 2 ? "a" : "b"}/${number}.png`]: picture });
    }
    const { code, output } = await run(["data", "health", folder.path("fine"), "--strict"]);
    expect({ code, output }).toMatchObject({
      code: 0,
      output: expect.stringContaining("nothing odd was found in 4 pictures"),
    });
  });

  test("Ctrl-C ends it with 130, and leaves no file", async () => {
    const [out, page] = [folder.path("stopped.json"), folder.path("stopped.html")];
    const ended = await run(["data", "health", photos(), "--out", out, "--page", page, "--json"], {
      onOutput: (_, interrupt) => interrupt(),
    });
    expect(ended).toMatchObject({
      code: 130,
      error: expect.stringMatching(/^featuremap: data health was stopped; nothing was written[^\n]*\.\n$/),
    });
    expect([existsSync(out), existsSync(page)]).toEqual([false, false]);
  });
});
