import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { writeEnvironment } from "./run-environment.ts";
import { clearRun, takeRunFolder } from "./run-folder.ts";
import { folderName } from "./run-names.ts";

const before = process.cwd();
let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "featuremap-runs-"));
  process.chdir(folder);
});
afterEach(async () => {
  process.chdir(before);
  await rm(folder, { recursive: true });
});

describe("takeRunFolder", () => {
  test("gives each run a number of its own, also at the same moment", async () => {
    await mkdir("runs/photos-7", { recursive: true });
    await mkdir("runs/photos-old");
    const taken = await Promise.all([1, 2, 3].map(() => takeRunFolder({ name: "photos" })));
    expect(taken.map(({ path }) => path).toSorted()).toEqual(
      [8, 9, 10].map((n) => join(folder, `runs/photos-${n}`)).toSorted(),
    );
    for (const each of taken) await each.release();
  });

  test("leaves nothing of a run that came to nothing", async () => {
    const run = await takeRunFolder({ name: "photos" });
    await writeFile(run.config, "{}");
    await run.release();
    expect(await readdir(folder)).toEqual([]);
  });

  test("keeps what can be gone on from", async () => {
    const run = await takeRunFolder({ name: "photos" });
    await mkdir(run.last, { recursive: true });
    await writeFile(run.backup, "");
    await run.release();
    expect(await readdir("runs/photos-1")).toEqual(["checkpoints"]);
  });

  test("takes a folder of that name only if nobody else has files there that it would write", async () => {
    await writeFile("README.md", "# Mine");
    await expect(takeRunFolder({ out: ".", name: "" })).rejects.toThrow(
      /holds README\.md, which no run wrote\. Choose another folder with --out\.$/,
    );
    await mkdir("run");
    const device = { name: "cpu", description: "", reason: "" } as const;
    await writeEnvironment("run/environment.json", { version: "1.0.0", device, threads: undefined });
    await writeFile("run/README.md", "");
    const run = await takeRunFolder({ out: "run", name: "" });
    await expect(takeRunFolder({ out: "run", name: "" })).rejects.toThrow("is in use");
    await run.release();
    expect(await readdir("run")).toEqual(["README.md", "environment.json"]);
  });
});

test("clearRun leaves an older run's model, and nothing that tells of it", async () => {
  const run = await takeRunFolder({ out: "run", name: "" });
  await mkdir(join(run.model), { recursive: true });
  await writeFile(join(run.model, "model.json"), "{}");
  await mkdir("run/inspect");
  await writeFile("run/inspect/filters-conv2d.png", "");
  await writeFile(run.history, "");
  await writeFile("run/notes.txt", "mine");
  await clearRun(run);
  expect((await readdir("run")).filter((name) => !name.startsWith("."))).toEqual(["model", "notes.txt"]);
  await run.release();
});

test.for([
  ["my photos", "my photos"],
  ["größer 図", "größer 図"],
  ["a/b\\c:d", "a-b-c-d"],
  ["..", "run"],
  [" .hidden\n", "hidden-"],
])("%j makes the folder name %j", ([name = "", expected]) => {
  expect(folderName(name)).toBe(expected);
});
