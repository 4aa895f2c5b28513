import { existsSync } from "node:fs";
import { mkdtemp, readdir, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { lockFolder } from "./lock-folder.ts";
import { dropMark, makeMark } from "./mark.ts";

let folder = "";
beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), "featuremap-lock-"))));
afterEach(() => rm(folder, { recursive: true, force: true }));

/** The parts of this process's mark, to make those of others. */
async function ownMark(): Promise<{ place: string; pid: string; start: string }> {
  const mark = await makeMark();
  dropMark(mark);
  const [place = "", pid = "", start = ""] = mark.split("-");
  return { place, pid, start };
}

/** Puts a claim into the folder that was last touched so many seconds ago. */
async function putClaim(place: string, pid: string, start: string, secondsAgo = 0): Promise<void> {
  const path = join(folder, `.featuremap-training-${place}-${pid}-${start}-00000000-00000000.lock`);
  await writeFile(path, "");
  const touched = new Date(Date.now() - secondsAgo * 1000);
  await utimes(path, touched, touched);
}

function lock(): Promise<() => Promise<void>> {
  return lockFolder(folder, "training", { patience: 0 });
}

describe("lockFolder", () => {
  test("keeps this process out too, until it is released", async () => {
    const release = await lock();
    await expect(lock()).rejects.toThrow(`${folder} is in use: process ${process.pid} uses it for training`);
    await release();
    const again = await lock();
    await again();
    expect(await readdir(folder)).toEqual([]);
  });

  test("makes the folder, and gives it to one of many at once", async () => {
    folder = join(folder, "new");
    const tries = await Promise.allSettled(Array.from({ length: 8 }, () => lockFolder(folder, "training")));
    const releases = tries.flatMap((tried) => (tried.status === "fulfilled" ? [tried.value] : []));
    expect(releases).toHaveLength(1);
    await releases[0]?.();
  });

  test("waits as long as it may", async () => {
    const release = await lock();
    const waiting = lockFolder(folder, "training", { patience: 10 });
    setTimeout(() => void release(), 200);
    const second = await waiting;
    await expect(lock()).rejects.toThrow("in use");
    await second();
  });

  test.runIf(existsSync("/proc/self/stat"))("sees that a process number was given anew", async () => {
    const { place, pid, start } = await ownMark();
    await putClaim(place, pid, start);
    await expect(lock()).rejects.toThrow("in use");
    await rm(folder, { recursive: true });
    await lock().then((release) => release());
    await putClaim(place, pid, String(Number(start) - 1));
    await lock().then((release) => release());
    expect(await readdir(folder)).toEqual([]);
  });

  test("sees that a process has ended", async () => {
    const { place } = await ownMark();
    // Above the largest number that Linux gives.
    await putClaim(place, "4194305", "1");
    await lock().then((release) => release());
    expect(await readdir(folder)).toEqual([]);
  });

  test("believes another machine for two minutes", async () => {
    await putClaim("00000000", "1", "1", 60);
    await expect(lock()).rejects.toThrow(`${folder} is in use: a process on another machine uses it for training`);
    await putClaim("00000000", "1", "1", 130);
    await lock().then((release) => release());
    expect(await readdir(folder)).toEqual([]);
  });
});
