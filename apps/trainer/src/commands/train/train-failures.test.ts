import { execFile } from "node:child_process";
import { chmod, mkdir, readdir, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { discPicture, writeFiles } from "../../testing/made-pictures.ts";
import { type Run, parseLines, run } from "../../testing/run.ts";
import { temporaryFolder } from "../../testing/saved-model.ts";

const plainly = "--device wasm --threads 1 --workers 0 --batch-size 8 --no-report --seed 2".split(" ");

/** What went wrong, on the one line that there may be. */
function lineOf({ error }: Run): string {
  expect(error.endsWith("\n")).toBe(true);
  expect(error.trimEnd()).not.toContain("\n");
  return error.trimEnd();
}

describe("featuremap train says what went wrong, and what to do", () => {
  const folder = temporaryFolder();
  const train = (data: string, ...words: string[]): Promise<Run> =>
    run(["train", folder.path(data), ...plainly, ...words]);
  const photos = async (data: string, counts: Readonly<Record<string, number>>): Promise<void> => {
    for (const [place, [name, count]] of Object.entries(counts).entries()) {
      for (let index = 0; index < count; index++) {
        const picture = await discPicture(place, index, [12, 12]).png().toBuffer();
        await writeFiles(folder.path(data), { [`${name}/${index}.png`]: picture });
      }
    }
  };
  beforeAll(() => photos("photos", { a: 10, b: 10 }));

  test("a loss that is no longer a number", async () => {
    const out = folder.path("nan");
    const failed = await train(
      "photos",
      "--optimizer",
      "sgd",
      "--learning-rate",
      "1e30",
      "--out",
      out,
      "--epochs",
      "3",
    );
    expect(failed.code).toBe(1);
    expect(lineOf(failed)).toMatch(
      /^featuremap: The loss became \S+ in epoch \d of 3, step \d of 2\. .* train again with --learning-rate 1e\+29 instead of 1e\+30/,
    );
  });

  test.for([
    [["--threads", "1000"], /^featuremap: train: --threads must be an integer in \[1, 64\], received 1000\.$/],
    [
      ["--image-size", "1", "--model", "small"],
      /--image-size must be larger, since small halves .*, received "1x1"\.$/,
    ],
    [
      ["--image-size", "3000"],
      /--image-size must be a size in pixels, .* 4194304 of them at most, .* received 3000\.$/,
    ],
  ] as const)("%j is told by its own name", async ([words, message]) => {
    const [data, kept] = [folder.path("photos"), plainly.slice(0, 2)];
    const failed = await run(["train", data, ...kept, "--dry-run", ...words]);
    expect(failed.code).toBe(2);
    expect(lineOf(failed)).toMatch(message);
  });

  test("more threads to read than there may be, by the name of the option", async () => {
    const failed = await run(["train", folder.path("photos"), "--dry-run", "--workers", "100000", "--device", "cpu"]);
    expect(failed.code).toBe(2);
    expect(lineOf(failed)).toBe("featuremap: train: --workers must be an integer in [0, 256], received 100000.");
  });

  test("a run among the classes, which would be one the next time; the usual folder of runs is none", async () => {
    await photos("around", { a: 6, b: 6 });
    for (const out of ["around", "around/a/run", "around/new"]) {
      const failed = await train("around", "--out", folder.path(out), "--epochs", "1");
      expect(failed.code).toBe(2);
      expect(lineOf(failed)).toContain("train: --out must be outside the data");
    }
    expect((await readdir(folder.path("around"))).toSorted()).toEqual(["a", "b"]);
    const inside = folder.path("around/runs/around-1");
    expect(await train("around", "--out", inside, "--epochs", "1")).toMatchObject({ code: 0, error: "" });
    await writeFiles(inside, { "pictures/drawn.png": await discPicture(0, 0, [12, 12]).png().toBuffer() });
    const again = await train("around", "--out", folder.path("around/runs/around-2"), "--epochs", "1");
    expect(again).toMatchObject({ code: 0, error: "" });
    expect(again.output).toContain(
      `Passing over ${folder.path("around/runs")}: It holds runs, and is not a class.\nTraining around`,
    );
    expect(again.output).toContain("Data: 2 classes;");
    const info = parseLines((await run(["data", "info", folder.path("around"), "--json"])).output).at(-1);
    expect(info).toMatchObject({
      classes: [{ name: "a" }, { name: "b" }],
      foreign: [{ path: folder.path("around/runs"), reason: "It holds runs, and is not a class." }],
    });
    await photos("class", { a: 4, runs: 4 });
    expect(parseLines((await run(["data", "info", folder.path("class"), "--json"])).output).at(-1)).toMatchObject({
      classes: [{ name: "a" }, { name: "runs" }],
    });
  });

  test("classes of almost the same name, which are told", async () => {
    await photos("alike", { fish: 6, "\ufb01sh": 6 });
    const { code, output } = await run(["train", folder.path("alike"), ...plainly.slice(0, 2), "--dry-run"]);
    expect(code).toBe(0);
    expect(output).toContain('Classes of almost the same name count as 2: "fish", "\ufb01sh"\n');
  });

  test("a class with one picture, with none, only one class, and none at all", async () => {
    await photos("alone", { a: 4, b: 1 });
    await photos("single", { a: 4 });
    await mkdir(folder.path("empty"));
    await photos("hollow", { a: 4, b: 4 });
    await mkdir(folder.path("hollow/c"));
    await writeFiles(folder.path("loose"), { "1.png": await discPicture(0, 1, [8, 8]).png().toBuffer() });
    const told = async (data: string): Promise<string> => {
      const failed = await train(data);
      expect(failed.code).toBe(1);
      return lineOf(failed);
    };
    expect(await told("alone")).toMatch(/there is only one picture of b, and validation needs one too\. Add pictures/);
    expect(await told("single")).toMatch(/there is only one class, a\. .*add a folder for each/);
    expect(await told("empty")).toMatch(/is empty\. Put the pictures of each class into a folder/);
    expect(await told("loose")).toMatch(/has no folders of classes\. Put the pictures of each class into a folder/);
    expect(await told("hollow")).toMatch(/there is no picture of c\. Add pictures there, or remove the folder/);
  });

  test("files among the photos that cannot be read are left out, and told of", async () => {
    await photos("mixed", { a: 40, b: 40 });
    const at = (name: string): string => join(folder.path("mixed"), name);
    await writeFile(at("a/torn.jpg"), "no picture");
    await symlink(at("a/nowhere.png"), at("b/broken link.png"));
    await writeFile(at("b/secret.png"), await discPicture(1, 50, [12, 12]).png().toBuffer());
    await chmod(at("b/secret.png"), 0);
    const out = ["--out", folder.path("mixed-run"), "--epochs", "1"];
    const { code, output, error } = await train("mixed", ...out, "--json");
    expect({ code, error }).toEqual({ code: 0, error: "" });
    const leftOut = JSON.stringify(parseLines(output).at(-1)?.["leftOut"]);
    expect(leftOut).toContain("torn.jpg");
    expect(leftOut).toContain("broken link.png");
    // Who may do everything may read it.
    const isReadable = process.getuid?.() === 0 || process.platform === "win32";
    expect(leftOut.includes("secret.png")).toBe(!isReadable);
  });
});

const isRoot = process.platform === "linux" && process.getuid?.() === 0;

/** Only who may mount file systems can make a disk that is full; elsewhere `explain-failure.test.ts` stands alone. */
describe.runIf(isRoot)("on a disk that becomes full", () => {
  const folder = temporaryFolder();
  const execute = promisify(execFile);
  const disk = (): string => folder.path("disk");
  const photos = (): string => folder.path("photos");
  let isMounted = false;

  beforeAll(async () => {
    for (let index = 0; index < 20; index++) {
      const picture = await discPicture(index % 2, index, [12, 12])
        .png()
        .toBuffer();
      await writeFiles(photos(), { [`${index % 2}/${index}.png`]: picture });
    }
    await mkdir(disk());
    isMounted = await execute("mount", ["-t", "tmpfs", "-o", "size=1m", "tmpfs", disk()]).then(
      () => true,
      () => false,
    );
  });
  afterAll(async () => {
    if (isMounted) await execute("umount", [disk()]);
  });

  test("ends in one line, keeps the checkpoint, and goes on when there is room", async (context) => {
    // A disk that is really full has to be made, which takes Linux and its root; a made error would try less.
    if (!isMounted) context.skip("file systems cannot be mounted here");
    const out = join(disk(), "run");
    const words = [photos(), ...plainly, "--model", "small", "--epochs", "3"];
    const whole = await run(["train", ...words, "--json", "--out", folder.path("whole")]);
    const bytesOf = async (name: string): Promise<number> => (await stat(folder.path(`whole/${name}`))).size;
    const checkpoint = await bytesOf("checkpoints/last/backup.safetensors");
    // There is room for what the first epoch saves, and not for the second checkpoint beside the first.
    const room = (await bytesOf("checkpoints/best/weights.safetensors")) + Math.round(1.7 * checkpoint);
    await execute("mount", ["-o", `remount,size=${room}`, disk()]);
    const failed = await run(["train", ...words, "--json", "--out", out]);
    expect(failed.code).toBe(1);
    expect(lineOf(failed)).toMatch(
      /no space is left on the disk\. Make room there, or choose another place\. Then resume from the last checkpoint with: featuremap train --resume \S*run$/,
    );
    expect(await readdir(join(out, "checkpoints/last"))).toContain("backup.safetensors");
    await execute("mount", ["-o", "remount,size=64m", disk()]);
    const resumed = await run(["train", "--resume", out, "--json"]);
    expect(resumed.error).toBe("");
    const losses = ({ output }: Run): unknown => parseLines(output).at(-1)?.["history"];
    expect(losses(resumed)).toEqual(losses(whole));
  });
});
