import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { readImageHeader } from "@featuremap/images";
import { beforeAll, describe, expect, test } from "vitest";
import { discPicture, writeFiles } from "../../../testing/made-pictures.ts";
import { type Run, parseLines, run } from "../../../testing/run.ts";
import { temporaryFolder } from "../../../testing/saved-model.ts";
import { shownPath } from "../../../terminal/shown-path.ts";

const last = ({ output }: Run): Record<string, unknown> | undefined => parseLines(output).at(-1);

describe("featuremap data preview", () => {
  const folder = temporaryFolder();
  const photos = (): string => folder.path("photos");
  const preview = (...words: string[]): Promise<Run> => run(["data", "preview", photos(), "--workers", "0", ...words]);
  /** The pictures in a drawing. */
  const tilesOf = async (name: string): Promise<string[]> =>
    Array.from(
      (await readFile(folder.path(name), "utf8")).matchAll(/href="(data:[^"]+)"/g),
      ([, address]) => address ?? "",
    );

  beforeAll(async () => {
    for (const [label, name] of ["red", "blue <b>", "green"].entries()) {
      for (let number = 0; number < 6; number++) {
        const picture = await discPicture(label, number, [16, 16]).png().toBuffer();
        await writeFiles(photos(), { [`${name}/${number}.png`]: picture });
      }
    }
  });

  test("draws some pictures of each class with their names, the same for the same seed", async () => {
    const out = folder.path("a.svg");
    const result = await preview("--out", out, "--count", "3", "--json");
    expect({ code: result.code, error: result.error }).toEqual({ code: 0, error: "" });
    expect(last(result)).toMatchObject({
      event: "preview",
      data: "photos",
      file: out,
      imageSize: [16, 16],
      classes: 3,
      allClasses: 3,
      draws: 0,
    });
    const pictures = last(result)?.["pictures"] as readonly string[];
    expect(
      ["blue <b>", "green", "red"].map((name) => pictures.filter((path) => path.includes(`/${name}/`)).length),
    ).toEqual([3, 3, 3]);
    expect(await readFile(out, "utf8")).toContain("blue &lt;b&gt;");
    expect(await tilesOf("a.svg")).toHaveLength(9);
    await preview("--out", folder.path("b.svg"), "--count", "3");
    await preview("--out", folder.path("c.svg"), "--count", "3", "--seed", "2");
    expect(await readFile(folder.path("b.svg"), "utf8")).toBe(await readFile(out, "utf8"));
    expect(await tilesOf("c.svg")).not.toEqual(await tilesOf("a.svg"));
  });

  test.for(["light", "strong", "randaugment", "trivial"])("varies each picture several times by %s", async (policy) => {
    const out = folder.path(`${policy}.svg`);
    const result = await preview("--out", out, "--count", "1", "--augment", policy, "--draws", "4", "--json");
    expect(last(result)).toMatchObject({
      draws: 4,
      pictures: [expect.any(String), expect.any(String), expect.any(String)],
    });
    const tiles = await tilesOf(`${policy}.svg`);
    expect(tiles).toHaveLength(15);
    // The first of a row is the picture as it is, and hardly two of the others are alike.
    expect(new Set(tiles).size).toBeGreaterThan(10);
    await preview("--out", folder.path(`${policy} again.svg`), "--count", "1", "--augment", policy, "--draws", "4");
    expect(await tilesOf(`${policy} again.svg`)).toEqual(tiles);
  });

  test("erases boxes alone, too, and writes a PNG file in the size that is asked for", async () => {
    const out = folder.path("erased.png");
    const { code, output } = await preview("--out", out, "--erasing", "1", "--image-size", "24x12", "--draws", "2");
    expect({ code, output }).toEqual({
      code: 0,
      output: `Drew 12 pictures of 3 classes in 24 x 12, each as it is and varied 2 times: ${shownPath(out)}\n`,
    });
    const { kind, width, height } = readImageHeader(await readFile(out));
    expect([kind?.name, (width ?? 0) > 200, (height ?? 0) > 200]).toEqual(["PNG", true, true]);
  });

  test("takes digits in memory", async () => {
    const out = folder.path("digits.svg");
    const words = [
      "data",
      "preview",
      "mnist",
      "--count",
      "2",
      "--out",
      out,
      "--augment",
      "light",
      "--draws",
      "1",
      "--json",
    ];
    expect(last(await run(words))).toMatchObject({ data: "mnist", classes: 10, imageSize: [28, 28] });
    expect(await tilesOf("digits.svg")).toHaveLength(40);
  });

  test("refuses other files, and to write over one without --force", async () => {
    await writeFile(folder.path("mine.png"), "mine");
    expect(await preview("--out", folder.path("mine.png"))).toMatchObject({
      code: 1,
      output: "",
      error: expect.stringContaining("mine.png is there already. Give --force"),
    });
    expect(await readFile(folder.path("mine.png"), "utf8")).toBe("mine");
    expect(await preview("--out", folder.path("mine.png"), "--force")).toMatchObject({ code: 0, error: "" });
    expect(await preview("--out", folder.path("a.jpg"))).toMatchObject({
      code: 2,
      error: expect.stringContaining("--out must be a file whose name ends in .png or .svg"),
    });
    expect(existsSync(folder.path("a.jpg"))).toBe(false);
    expect(await run(["data", "preview", folder.path("nowhere")])).toMatchObject({
      code: 2,
      error: expect.stringMatching(/^featuremap: data preview: data must be a folder/),
    });
  });
});
