import { mkdir, mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type ScriptProcess, buildProcessScript, startProcess } from "@featuremap/testing/processes";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { keptCount, readKept } from "./cache-script.test-support.ts";

let root = "";
let script = "";
const started: ScriptProcess[] = [];

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "featuremap-cache-processes-"));
  const entry = fileURLToPath(new URL("cache-script.test-support.ts", import.meta.url));
  script = await buildProcessScript(entry, join(root, "script"));
}, 60_000);

afterAll(async () => {
  for (const { child } of started) child.kill("SIGKILL");
  await Promise.all(started.map(({ ended }) => ended));
  await rm(root, { recursive: true, force: true });
});

async function folder(name: string): Promise<string> {
  await mkdir(join(root, name));
  return join(root, name);
}

function start(...task: readonly string[]): ScriptProcess {
  const process = startProcess(script, ...task);
  started.push(process);
  return process;
}

const ending = async (directory: string, end: string): Promise<string[]> =>
  (await readdir(directory)).filter((name) => name.endsWith(end));

describe("a cache on the disk", { timeout: 120_000 }, () => {
  test("whose writer was killed in the middle of a pack has the packs before it, and nothing of that one", async () => {
    const directory = await folder("killed");
    const { ended } = start("killed", directory);
    // By a signal.
    expect(await ended).toBe(null);
    const [half = ""] = await ending(directory, ".tmp");
    const [whole = ""] = await ending(directory, ".pack");
    const sizeOf = async (name: string): Promise<number> => (await stat(join(directory, name))).size;
    expect(await sizeOf(half)).toBeGreaterThan(0);
    const { right, made } = await readKept(directory);
    expect(right).toBe(keptCount);
    expect(made).toBe(keptCount - Math.floor((await sizeOf(whole)) / 2 ** 18));
    expect(await ending(directory, ".tmp")).toEqual([]);
    expect(await readKept(directory)).toEqual({ right: keptCount, made: 0 });
  });

  test("that several processes write at once gives each what it asks for, then and later", async () => {
    const directory = await folder("shared");
    const writers = [start("read", directory), start("read", directory), start("read", directory)];
    expect(await Promise.all(writers.map(({ ended }) => ended))).toEqual([0, 0, 0]);
    for (const { lines } of writers) expect(JSON.parse(lines.join(""))).toMatchObject({ right: keptCount });
    expect(await ending(directory, ".tmp")).toEqual([]);
    expect(await readKept(directory)).toEqual({ right: keptCount, made: 0 });
  });
});
