import { mkdtemp, readFile, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type ScriptProcess, buildProcessScript, startProcess } from "@featuremap/testing/processes";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { lockFolder } from "./write/lock-folder.ts";
import { writeFileWhole } from "./write/write-file.ts";

let root = "";
let script = "";
const started: ScriptProcess[] = [];

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "featuremap-processes-"));
  const entry = fileURLToPath(new URL("testing/process-script.ts", import.meta.url));
  script = await buildProcessScript(entry, join(root, "script"));
}, 60_000);

afterAll(async () => {
  for (const { child } of started) child.kill("SIGKILL");
  await Promise.all(started.map(({ ended }) => ended));
  await rm(root, { recursive: true, force: true });
});

function start(...task: readonly string[]): ScriptProcess {
  const process = startProcess(script, ...task);
  started.push(process);
  return process;
}

async function kill({ child, ended }: ScriptProcess): Promise<void> {
  child.kill("SIGKILL");
  await ended;
}

/** The document belongs to the file that it names. */
async function expectWhole(folder: string): Promise<void> {
  const { weights, file } = JSON.parse(await readFile(join(folder, "model.json"), "utf8"));
  expect(await readFile(join(folder, file), "utf8")).toBe(weights);
}

describe("several processes", { timeout: 120_000 }, () => {
  test("that write one folder at once all succeed, and leave one of their bundles whole", async () => {
    for (let round = 0; round < 2; round++) {
      const folder = join(root, `shared-${round}`);
      const writers = ["a", "b", "c"].map((label) => start("save", folder, label, "8"));
      expect(await Promise.all(writers.map(({ ended }) => ended))).toEqual([0, 0, 0]);
      expect((await readdir(folder)).toSorted()).toEqual(["model.json", "w.safetensors"]);
      await expectWhole(folder);
    }
  });

  test("that are killed while they write leave a folder whole, and do not stand in the way of the next", async () => {
    const folder = join(root, "killed");
    expect(await start("save", folder, "first", "1").ended).toBe(0);
    for (let round = 0; round < 12; round++) {
      const writer = start("save", folder, `killed-${round}`, "1000");
      await new Promise((resolve) => setTimeout(resolve, 120 + 13 * round));
      await kill(writer);
      await expectWhole(folder);
    }
    expect(await start("save", folder, "last", "1").ended).toBe(0);
    expect((await readdir(folder)).toSorted()).toEqual(["model.json", "w.safetensors"]);
    await expectWhole(folder);
  });

  test("hold a lock one after the other", async () => {
    const folder = join(root, "counted");
    const log = join(root, "counted.log");
    const counters = Array.from({ length: 4 }, () => start("count", folder, log, "10"));
    expect(await Promise.all(counters.map(({ ended }) => ended))).toEqual([0, 0, 0, 0]);
    const steps = (await readFile(log, "utf8")).trim().split("\n");
    expect(steps).toHaveLength(80);
    expect(steps.filter((step, index) => step !== (index % 2 === 0 ? "in" : "out"))).toEqual([]);
    expect(await readdir(folder)).toEqual([]);
  });

  test("leave no lock behind when they are killed, and keep it while they live", async () => {
    const folder = join(root, "locked");
    const holder = start("lock", folder, "training");
    await holder.hears("locked");
    await expect(lockFolder(folder, "training", { patience: 0 })).rejects.toMatchObject({
      code: "UNAVAILABLE",
      message: expect.stringContaining(`${folder} is in use: process ${holder.child.pid} uses it for training`),
    });
    const other = await lockFolder(folder, "saving", { patience: 0 });
    await other();
    await kill(holder);
    const release = await lockFolder(folder, "training", { patience: 0 });
    await release();
    expect(await readdir(folder)).toEqual([]);
  });

  test("leave temporary files that go at the next write, and only when they are killed", async () => {
    const folder = join(root, "temporary");
    const target = join(folder, "weights");
    for (let attempt = 0; ; attempt++) {
      const writer = start("write", target);
      await writer.hears("written");
      await new Promise((resolve) => setTimeout(resolve, 7 * attempt));
      await kill(writer);
      if ((await readdir(folder)).length > 1) break;
      expect(attempt).toBeLessThan(30);
    }
    const writer = start("write", target);
    await writer.hears("written");
    await writeFileWhole(join(folder, "other"), "text");
    writer.lines.length = 0;
    await writer.hears("written");
    await kill(writer);
    await writeFileWhole(target, "text");
    expect((await readdir(folder)).toSorted()).toEqual(["other", "weights"]);
    expect(await readFile(target, "utf8")).toBe("text");
  });
});
