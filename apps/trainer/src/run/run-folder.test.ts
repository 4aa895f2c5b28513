import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { saveSmallModel } from "../testing/saved-model.ts";
import { writeEnvironment } from "./run-environment.ts";
import { takeRunFolder } from "./run-folder.ts";
import { folderName } from "./run-names.ts";

const made = { version: "1.0.0", device: { name: "cpu", description: "", reason: "" }, threads: undefined } as const;
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
    await writeEnvironment("run/environment.json", made);
    await writeFile("run/README.md", "");
    const run = await takeRunFolder({ out: "run", name: "" });
    await expect(takeRunFolder({ out: "run", name: "" })).rejects.toThrow("is in use");
    await run.release();
    expect(await readdir("run")).toEqual(["README.md", "environment.json"]);
  });
});

describe("the folder of an older run", () => {
  const shown = async (path: string): Promise<string[]> =>
    (await readdir(path)).filter((name) => !name.startsWith(".")).toSorted();
  const older = ["checkpoints", "environment.json", "evaluation-2", "history.jsonl", "inspect", "model"];

  beforeEach(async () => {
    await writeEnvironment("run/environment.json", made);
    for (const path of ["inspect", "evaluation-2", "evaluation-of-mine", "checkpoints/last"])
      await mkdir(join("run", path), { recursive: true });
    for (const file of ["evaluation-2/report.html", "history.jsonl", "notes.txt"])
      await writeFile(join("run", file), "old");
    await writeFile("run/checkpoints/last/backup.safetensors", "");
    await saveSmallModel("run/model");
  });

  test("has room for another, and nothing is lost; its model stays until there is another", async () => {
    const run = await takeRunFolder({ out: "run", name: "" });
    expect(await run.begin()).toBe(join(folder, "run-before-1"));
    expect(await shown("run")).toEqual(["evaluation-of-mine", "model", "notes.txt"]);
    expect(await shown("run-before-1")).toEqual(older);
    const model = await readFile("run/model/model.json", "utf8");
    expect(await readFile("run-before-1/model/model.json", "utf8")).toBe(model);
    await mkdir(run.last, { recursive: true });
    await writeFile(run.backup, "");
    await writeEnvironment(run.environment, made);
    await run.release();
    const newer = ["checkpoints", "environment.json", "evaluation-of-mine", "model", "notes.txt"];
    expect(await shown("run")).toEqual(newer);
    const next = await takeRunFolder({ out: "run", name: "" });
    expect(await next.begin()).toBe(join(folder, "run-before-2"));
    await next.release();
    expect(await shown("run")).toEqual(newer);
    expect(await readdir(folder)).toEqual(["run", "run-before-1"]);
  });

  test("is as it was where the new run came to nothing", async () => {
    const run = await takeRunFolder({ out: "run", name: "" });
    const entries = await shown("run");
    await run.begin();
    await writeFile(run.config, "new");
    await writeFile(run.history, "new");
    await run.release();
    expect(await readdir(folder)).toEqual(["run"]);
    expect(await shown("run")).toEqual(entries);
    expect(await readFile("run/history.jsonl", "utf8")).toBe("old");
  });

  test("is simply taken where the older one came to nothing", async () => {
    await rm("run/model", { recursive: true });
    await rm("run/checkpoints", { recursive: true });
    const run = await takeRunFolder({ out: "run", name: "" });
    expect(await run.begin()).toBeUndefined();
    expect(await shown("run")).toEqual(["evaluation-of-mine", "notes.txt"]);
    await run.release();
    expect(await readdir(folder)).toEqual(["run"]);
  });
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
