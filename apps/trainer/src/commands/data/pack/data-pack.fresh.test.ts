import type * as Images from "@featuremap/images";
import { readdir, writeFile } from "node:fs/promises";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { discPicture, writeFiles } from "../../../testing/made-pictures.ts";
import { type Run, parseLines, run } from "../../../testing/run.ts";
import { temporaryFolder } from "../../../testing/saved-model.ts";

const decoded = vi.hoisted(() => ({ files: [] as string[] }));
vi.mock("@featuremap/images", async (load) => {
  const images = await load<typeof Images>();
  const lendImage: typeof images.lendImage = (bytes, options, use) => {
    decoded.files.push(options.name ?? "");
    return images.lendImage(bytes, options, use);
  };
  return { ...images, lendImage };
});

const last = ({ output }: Run): Record<string, unknown> | undefined => parseLines(output).at(-1);

describe("featuremap data pack", () => {
  const folder = temporaryFolder();
  const photos = (): string => folder.path("photos");
  const pack = (...words: string[]): Promise<Run> => run(["data", "pack", photos(), "--workers", "0", ...words]);
  const train = (...words: string[]): Promise<Run> =>
    run(["train", ...words, "--epochs", "2", "--no-report", "--device", "wasm", "--workers", "0", "--batch-size", "8"]);

  beforeAll(async () => {
    vi.stubEnv("FEATUREMAP_CACHE", folder.path("cache"));
    for (const [label, name] of ["red", "blue"].entries()) {
      for (let number = 0; number < 12; number++) {
        const picture = await discPicture(label, number, [20, 20]).png().toBuffer();
        await writeFiles(photos(), { [`${name}/${number}.png`]: picture });
      }
    }
    await writeFiles(photos(), { "red/broken\u001B[2J.png": "none" });
  });
  beforeEach(() => {
    decoded.files = [];
  });
  afterAll(() => vi.unstubAllEnvs());

  test("decodes ahead what train then does not decode, and does nothing twice", { timeout: 120_000 }, async () => {
    // With as many files, one that is damaged is not an error.
    for (let number = 12; number < 24; number++) {
      const picture = await discPicture(1, number, [20, 20]).png().toBuffer();
      await writeFiles(photos(), { [`blue/${number}.png`]: picture });
    }
    const first = await pack("--json");
    expect({ code: first.code, error: first.error }).toEqual({ code: 0, error: "" });
    expect(last(first)).toMatchObject({
      event: "pack",
      imageSize: [20, 20],
      imageSizeReason: "as the pictures are",
      pictures: 36,
      added: 36,
      parts: [{ name: "train", pictures: 36 }],
      leftOut: [{ path: expect.stringContaining("broken") }],
    });
    expect(decoded.files.length).toBeGreaterThanOrEqual(36);

    decoded.files = [];
    const trained = await train(photos(), "--out", folder.path("run"), "--augment", "light", "--seed", "4");
    expect(trained).toMatchObject({ code: 0, error: "" });
    expect(decoded.files.filter((name) => !name.includes("broken"))).toEqual([]);
    expect(last(await pack("--json"))).toMatchObject({ pictures: 36, added: 0 });
    const again = await run(["data", "pack", photos()], { columns: 70 });
    expect(again.output.replaceAll(/\s+/g, " ")).toContain(
      "36 pictures, 20 x 20 (as the pictures are). Nothing to do: all were there already.",
    );
    expect(again.output.replaceAll("\n", "")).not.toMatch(/\p{Cc}/u);
    expect(decoded.files.filter((name) => !name.includes("broken"))).toEqual([]);
  });

  test("takes the size that train would be told, and a table with parts", { timeout: 60_000 }, async () => {
    const rows = (label: string): string[] =>
      Array.from(
        { length: 12 },
        (_, number) => `photos/${label}/${number}.png,${label},${number < 8 ? "train" : "val"}`,
      );
    await writeFile(folder.path("split.csv"), ["path,label,part", ...rows("red"), ...rows("blue")].join("\n"));
    const words = ["data", "pack", folder.path("split.csv"), "--workers", "0", "--image-size", "12x10"];
    const result = last(await run([...words, "--json"]));
    expect(result).toMatchObject({
      imageSize: [10, 12],
      pictures: 24,
      added: 24,
      parts: [
        { name: "train", pictures: 16 },
        { name: "validation", pictures: 8 },
      ],
    });
    decoded.files = [];
    const trained = await train(folder.path("split.csv"), "--out", folder.path("other"), "--image-size", "12x10");
    expect(trained).toMatchObject({ code: 0, error: "" });
    expect(decoded.files).toEqual([]);
    const { output } = await run(words);
    // Both parts lie in one folder.
    expect(output.match(/Kept in/g)).toHaveLength(1);
  });

  test("says that there is nothing to do for pictures in memory, and what is not there", async () => {
    expect(await run(["data", "pack", "mnist"])).toMatchObject({
      code: 1,
      output: "",
      error: expect.stringContaining("train keeps them in memory"),
    });
    expect(await run(["data", "pack", folder.path("nowhere")])).toMatchObject({ code: 2 });
  });

  test("Ctrl-C ends it with 130, and what was decoded stays whole", async () => {
    const stopped = await run(["data", "pack", photos(), "--workers", "0", "--image-size", "9", "--json"], {
      onOutput: (_, interrupt) => interrupt(),
    });
    expect(stopped).toMatchObject({
      code: 130,
      error: expect.stringMatching(/^featuremap: data pack was stopped; the next one keeps[^\n]*\.\n$/),
    });
    const after = last(await pack("--image-size", "9", "--json"));
    expect(after?.["pictures"]).toBe(36);
    expect(after?.["added"]).toBeLessThan(36);
    const left = await readdir(folder.path("cache"), { recursive: true });
    expect(left.filter((name) => /\.(tmp|first)$/.test(name))).toEqual([]);
  });
});
