import { mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { PassThrough } from "node:stream";
import { setTimeout } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { findClassFolders } from "./find-class-folders.ts";
import { type Run, parseLines, run } from "../../testing/run.ts";
import { temporaryFolder } from "../../testing/saved-model.ts";

const temporary = temporaryFolder();
const enter = "\r";
const down = "\u001B[B";
const ctrlC = "\u0003";

async function emptyFolder(name: string): Promise<string> {
  const folder = temporary.path(name);
  await mkdir(folder);
  return folder;
}

async function emptyFile(folder: string, path: string): Promise<void> {
  await mkdir(dirname(join(folder, path)), { recursive: true });
  await writeFile(join(folder, path), "");
}

type Answers = readonly (readonly [question: string, keys: string])[];

/** Runs `featuremap init` for someone who answers each question, as a terminal passes it on, when it is asked. */
async function answer(folder: string, answers: Answers): Promise<Run> {
  const input = new PassThrough();
  const output = new PassThrough();
  let shown = "";
  output.on("data", (part: Buffer) => (shown += part.toString()));
  const ended = run(["init"], { folder, dialogue: { input, output } });
  for (const [question, keys] of answers) {
    await expect.poll(() => shown, { timeout: 5000 }).toContain(question);
    shown = "";
    input.write(keys);
    await setTimeout(20);
  }
  return ended;
}

describe("featuremap init", () => {
  test("asks, and writes a config that train takes", async () => {
    const folder = await emptyFolder("asked");
    const { code, output, error } = await answer(folder, [
      ["What is to be trained?", `${down}${enter}`],
      ["How many passes over the training images? (empty: the network's)", `3${enter}`],
      ["How many images per step?", enter],
      ["What computes?", `${down}${down}${down}${enter}`],
    ]);
    expect({ code, error }).toEqual({ code: 0, error: "" });
    expect(output).toBe("Wrote featuremap.config.ts. Now run: featuremap train\n");
    expect(await readFile(join(folder, "featuremap.config.ts"), "utf8")).toBe(
      `import type { FeaturemapConfig } from "featuremap";

export default {
  device: "wasm",
  train: {
    data: "mnist",
    epochs: 3,
  },
} satisfies FeaturemapConfig;
`,
    );
    const printed = await run(["train", "--print-config", "--json"], { folder });
    expect(parseLines(printed.output)).toMatchObject([
      { values: { data: { value: "mnist" }, epochs: { value: 3, origin: "file" }, device: { value: "wasm" } } },
    ]);
  });

  test("offers the folders of pictures that are there, and asks where others are", async () => {
    const folder = await emptyFolder("pictures here");
    for (const path of ["photos/cat/1.jpg", "photos/dog/2.PNG", "parts/train/a/1.jpg", "parts/train/b/1.jpg"])
      await emptyFile(folder, path);
    // One class, no pictures, what is hidden and what belongs to others are none of it.
    for (const path of ["one/cat/1.jpg", "src/a/1.ts", "src/b/2.ts", ".git/a/1.jpg", ".git/b/1.jpg"])
      await emptyFile(folder, path);
    for (const path of ["node_modules/a/1.png", "node_modules/b/1.png", "runs/a/1.png", "runs/b/1.png"])
      await emptyFile(folder, path);
    expect(await findClassFolders(folder)).toEqual(["parts", "photos"]);
    const rest: Answers = [
      ["How many passes", enter],
      ["How many images per step?", enter],
      ["What computes?", enter],
    ];
    await answer(folder, [["./photos", `${down}${enter}`], ...rest]);
    const file = join(folder, "featuremap.config.ts");
    expect(await readFile(file, "utf8")).toContain('data: "./photos",');
    await rm(file);
    await emptyFile(folder, "mnist/a/1.jpg");
    const where = "Where are your pictures?";
    await answer(folder, [
      ["What is to be trained?", `${down}${down}${enter}`],
      [where, `phots${enter}`],
      ["There is no phots in", `\u0015mnist${enter}`],
      ...rest,
    ]);
    expect(await readFile(file, "utf8")).toContain('data: "./mnist",');
    await rm(file);
    expect(await run(["init", "--yes"], { folder })).toMatchObject({ code: 0 });
    expect(await readFile(file, "utf8")).toContain('data: "./parts",');
  });

  test("asks again after an answer that cannot be", async () => {
    const folder = await emptyFolder("again");
    const { code } = await answer(folder, [
      ["What is to be trained?", `${down}${enter}`],
      ["How many passes", `0${enter}`],
      ["It must be an integer of at least 1.", `\u007F4${enter}`],
      ["How many images per step?", enter],
      ["What computes?", enter],
    ]);
    expect(code).toBe(0);
    expect(await readFile(join(folder, "featuremap.config.ts"), "utf8")).toContain("epochs: 4,");
  });

  test("Ctrl-C writes nothing", async () => {
    const folder = await emptyFolder("stopped");
    const { code, error } = await answer(folder, [
      ["What is to be trained?", `${down}${enter}`],
      ["How many passes", ctrlC],
    ]);
    expect({ code, error }).toEqual({ code: 130, error: "featuremap: Stopped; nothing was written.\n" });
    expect(await readdir(folder)).toEqual([]);
  });

  test("--yes asks nothing, and imports the package where it is installed", async () => {
    const folder = await emptyFolder("installed");
    const installed = join(folder, "node_modules/featuremap");
    await mkdir(installed, { recursive: true });
    await writeFile(
      join(installed, "package.json"),
      '{ "name": "featuremap", "exports": "./index.js", "type": "module" }',
    );
    await writeFile(join(installed, "index.js"), "export const defineConfig = (config) => config;");
    const { code, output } = await run(["init", "--yes", "--json"], { folder });
    expect(code).toBe(0);
    expect(parseLines(output)).toEqual([{ event: "init", file: join(folder, "featuremap.config.ts") }]);
    expect(await readFile(join(folder, "featuremap.config.ts"), "utf8")).toBe(
      `import { defineConfig } from "featuremap";

export default defineConfig({
  train: {
    data: "mnist",
  },
});
`,
    );
    expect(await run(["train", "--print-config"], { folder })).toMatchObject({ code: 0, error: "" });
  });

  test.for(["featuremap.config.ts", "featuremap.config.yaml"])("never writes beside or over %s", async (name) => {
    const folder = await emptyFolder(`there ${name}`);
    await writeFile(join(folder, name), name.endsWith("ts") ? "export default {};" : "threads: 1\n");
    const { code, error } = await run(["init", "--yes"], { folder });
    expect({ code, error }).toEqual({ code: 2, error: expect.stringContaining(`init: ${name} already exists`) });
    expect(await readdir(folder)).toEqual([name]);
  });

  test("without a terminal, or with --json, it asks for --yes", async () => {
    const folder = await emptyFolder("piped");
    const [piped, json] = [await run(["init"], { folder }), await run(["init", "--json"], { folder })];
    expect(piped).toMatchObject({ code: 2, error: expect.stringContaining("no terminal to ask in; give --yes") });
    expect(json).toMatchObject({ code: 2, output: "", error: expect.stringContaining("give --yes") });
    expect(await readdir(folder)).toEqual([]);
  });

  test("a folder that is not there is told", async () => {
    const { code, error } = await run(["init", "--yes"], { folder: temporary.path("nowhere") });
    expect({ code, error }).toEqual({
      code: 1,
      error: expect.stringMatching(/Cannot write .*: no such file or folder/),
    });
  });
});
