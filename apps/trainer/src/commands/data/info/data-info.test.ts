import { execFileSync } from "node:child_process";
import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import sharp from "sharp";
import { beforeAll, describe, expect, test } from "vitest";
import { discPicture, writeFiles } from "../../../testing/made-pictures.ts";
import { type Run, parseLines, run } from "../../../testing/run.ts";
import { temporaryFolder } from "../../../testing/saved-model.ts";

const last = ({ output }: Run): Record<string, unknown> | undefined => parseLines(output).at(-1);
const awkward = 'we"ird\n\u001B[31m, cläss';

describe("featuremap data info", () => {
  const folder = temporaryFolder();
  const photos = (): string => folder.path("photos");

  beforeAll(async () => {
    for (const [label, name] of ["cat", awkward].entries()) {
      for (let index = 0; index < 6 - 2 * label; index++) {
        const size = index === 0 ? ([40, 20] as const) : ([16, 16] as const);
        const picture = discPicture(label, index, size);
        const file = await (index < 2 ? picture.jpeg() : picture.png()).toBuffer();
        await writeFiles(photos(), { [`${name}/${index}.${index < 2 ? "jpg" : "png"}`]: file });
      }
    }
    const grey = sharp({ create: { width: 16, height: 16, channels: 3, background: "grey" } }).toColourspace("b-w");
    await writeFiles(photos(), {
      "cat/grey.png": await grey.png().toBuffer(),
      "cat/empty.png": "",
      "cat/text.jpg": "no picture at all",
      "cat/notes\u001B[2J.txt": "foreign",
    });
  });

  test("tells classes, formats, sizes, colours and faults, and what train would choose", async () => {
    const { code, output, error } = await run(["data", "info", photos(), "--json"]);
    expect({ code, error }).toEqual({ code: 0, error: "" });
    const [progress, info, ...more] = parseLines(output);
    expect([progress, ...more]).toEqual([{ event: "progress", what: "files", done: 1, total: 13 }]);
    expect(info).toMatchObject({
      event: "info",
      data: "photos",
      kind: "folder",
      location: photos(),
      files: 13,
      parts: { train: 13 },
      classes: [
        { name: "cat", train: 9 },
        { name: awkward, train: 4 },
      ],
      formats: { PNG: 7, JPEG: 4 },
      colours: { colour: 10, grey: 1 },
      sizes: {
        width: { least: 16, median: 16, most: 20 },
        height: { least: 16, median: 16, most: 40 },
        different: 2,
        commonest: { width: 16, height: 16, files: 9 },
      },
      damaged: [
        { path: join(photos(), "cat/empty.png"), reason: "It is empty." },
        { path: join(photos(), "cat/text.jpg"), reason: expect.stringContaining("not a picture") },
      ],
      foreign: [{ path: join(photos(), "cat/notes\u001B[2J.txt"), reason: expect.stringContaining("does not end in") }],
      training: { imageSize: [64, 64], network: "small", trainImages: 10, validationImages: 3, testImages: 0 },
    });
  });

  test("does what train does", async () => {
    const info = last(await run(["data", "info", photos(), "--json", "--image-size", "24x16"]));
    const words = [
      "train",
      photos(),
      "--json",
      "--dry-run",
      "--image-size",
      "24x16",
      "--device",
      "wasm",
      "--workers",
      "0",
    ];
    const [start] = parseLines((await run(words)).output);
    const { imageSize, imageSizeReason, network, trainImages, validationImages, batchSize } = start ?? {};
    expect(info?.["training"]).toMatchObject({
      imageSize,
      imageSizeReason,
      network,
      trainImages,
      validationImages,
      batchSize,
    });
  });

  test.for([30, 64, 200])("is text for people in %i columns, with nothing that a terminal obeys", async (columns) => {
    const { code, output } = await run(["data", "info", photos()], { columns });
    expect(code).toBe(0);
    expect(output.replaceAll("\n", "")).not.toMatch(/\p{Cc}/u);
    expect(output).toContain("13 pictures");
    expect(output.replaceAll(/\s+/g, " ")).toContain("JPEG 4");
    const bars = output.split("\n").filter((line) => line.includes("█"));
    expect(bars).toHaveLength(columns === 30 ? 0 : 2);
    const table = output.split("\n").filter((line) => /^(cat|we)/.test(line));
    expect(table.filter((line) => line.length > Math.max(columns, 40))).toEqual([]);
  });

  test("takes tables, archives and data sets, and tells what keeps train from beginning", async () => {
    await writeFile(
      folder.path("some.csv"),
      `path,label\nphotos/cat/0.jpg,cat\nphotos/cat/2.png,dog\nphotos/gone.png,dog\n`,
    );
    const table = last(await run(["data", "info", folder.path("some.csv"), "--json"]));
    expect(table).toMatchObject({
      kind: "file",
      files: 3,
      formats: { JPEG: 1, PNG: 1 },
      damaged: [{ reason: "It is not there." }],
      training: { problem: expect.stringContaining("only one picture of cat") },
    });
    const digits = last(await run(["data", "info", "mnist", "--json"]));
    expect(digits).toMatchObject({
      kind: "dataset",
      location: "mnist",
      parts: { train: 60_000, test: 10_000 },
      formats: { pixels: 70_000 },
      bytes: 70_000 * 28 * 28,
      training: { network: "n1", imageSize: [28, 28], testImages: 10_000 },
    });
    await mkdir(folder.path("single/only"), { recursive: true });
    await writeFile(folder.path("single/only/a.png"), "");
    const { code, output } = await run(["data", "info", folder.path("single")]);
    expect({ code, output: output.replaceAll(/\s+/g, " ") }).toMatchObject({
      code: 0,
      output: expect.stringContaining("Training cannot begin:"),
    });
  });

  test("refuses what is not there, and options that do not fit, in one line", async () => {
    const nowhere = await run(["data", "info", folder.path("nowhere")]);
    expect(nowhere).toMatchObject({ code: 2, output: "" });
    expect(nowhere.error).toMatch(
      /^featuremap: data info: data must be a folder, a file or one of mnist, .*nowhere"\.\n$/,
    );
    expect(await run(["data", "info", photos(), "--data-folder", "x"])).toMatchObject({
      code: 2,
      error: expect.stringContaining("data info: --data-folder must be left out"),
    });
    expect(await run(["data", "info"])).toMatchObject({
      code: 2,
      error: expect.stringContaining("data info: <data> is missing, a folder of class folders"),
    });
  });

  test("takes its options from the config file's data.info, and tells a wrong name there", async () => {
    const configured = { data: { info: { data: photos(), imageSize: "32" } } };
    await writeFile(folder.path("featuremap.config.json"), JSON.stringify(configured));
    const { output } = await run(["data", "info", "--json"], { folder: folder.path() });
    expect(parseLines(output).at(-1)).toMatchObject({ training: { imageSize: [32, 32] } });
    const printed = await run(["data", "info", "--print-config"], { folder: folder.path() });
    expect(printed.output).toMatch(/^data +.*data\.info\.data in featuremap\.config\.json$/m);
    expect(printed.output).toMatch(/^image-size +32 +data\.info\.imageSize in featuremap\.config\.json$/m);
    await writeFile(folder.path("featuremap.config.json"), JSON.stringify({ data: { inof: {} } }));
    expect(await run(["data", "info", "x"], { folder: folder.path() })).toMatchObject({
      code: 2,
      error: expect.stringMatching(/data has no command "inof" \(did you mean info\?\); it has info/),
    });
    await writeFile(folder.path("featuremap.config.json"), JSON.stringify({ data: { info: { imagesize: 3 } } }));
    expect(await run(["data", "info", "x"], { folder: folder.path() })).toMatchObject({
      code: 2,
      error: expect.stringMatching(/data info has no option "imagesize"/),
    });
  });

  test("Ctrl-C ends it with 130", async () => {
    const ended = await run(["data", "info", "mnist", "--json"], { onOutput: (_, interrupt) => interrupt() });
    expect(ended).toMatchObject({
      code: 130,
      error: expect.stringMatching(/^featuremap: data info was stopped[^\n]*\.\n$/),
    });
    expect(parseLines(ended.output).map(({ event }) => event)).toEqual(["progress"]);
  });

  test.runIf(process.platform !== "win32")("waits for no pipe that lies among the pictures", async () => {
    const piped = folder.path("piped");
    for (const label of [0, 1]) {
      const picture = await discPicture(label, 0, [16, 16]).png().toBuffer();
      await writeFiles(piped, { [`${label}/0.png`]: picture, [`${label}/1.png`]: picture });
    }
    execFileSync("mkfifo", [join(piped, "0/pipe.png")]);
    await symlink("/dev/zero", join(piped, "1/zero.png"));
    await writeFiles(folder.path("."), {
      "table.csv": "path,label\npiped/0/0.png,a\npiped/1/0.png,b\npiped/1,b\n",
    });
    const reason = "It is a device, a pipe or a socket. Put a picture in its place.";
    expect(last(await run(["data", "info", piped, "--json"]))).toMatchObject({
      damaged: [
        { path: join(piped, "0/pipe.png"), reason },
        { path: join(piped, "1/zero.png"), reason },
      ],
      sizes: { commonest: { width: 16, height: 16, files: 4 } },
    });
    expect(last(await run(["data", "info", folder.path("table.csv"), "--json"]))).toMatchObject({
      damaged: [{ reason: "It is a folder. Put a picture in its place." }],
    });
  });
});
