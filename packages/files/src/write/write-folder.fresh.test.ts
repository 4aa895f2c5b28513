import { mkdir, mkdtemp, readFile, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FeaturemapError } from "@featuremap/tensor";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type FolderDocument, writeFolder } from "./write-folder.ts";

/** Counts the calls that change the disk; from call `failAt` on, each fails, as after a power cut. */
const disk = vi.hoisted(() => ({
  calls: 0,
  failAt: Number.POSITIVE_INFINITY,
  code: "EIO",
  once: false,
  hasLinks: true,
}));

vi.mock(import("node:fs/promises"), async (importOriginal) => {
  const original = await importOriginal();
  const refuses = (): boolean => {
    const call = ++disk.calls;
    return disk.once ? call === disk.failAt : call >= disk.failAt;
  };
  const failure = (): Error => Object.assign(new Error("the system's own words"), { code: disk.code });
  const step = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    if (refuses()) throw failure();
    return work();
  };
  return {
    ...original,
    mkdir: ((...args: Parameters<typeof original.mkdir>) =>
      step(() => original.mkdir(...args))) as typeof original.mkdir,
    rename: (...args) => step(() => original.rename(...args)),
    link: (...args) => (disk.hasLinks ? step(() => original.link(...args)) : Promise.reject(failure())),
    rm: (...args) => step(() => original.rm(...args)),
    open: async (...args) => {
      const file = await step(() => original.open(...args));
      const write = file.writeFile.bind(file);
      const sync = file.sync.bind(file);
      file.writeFile = async (data, options) => {
        if (!refuses()) return write(data, options);
        await write((data as Uint8Array).subarray(0, 5), options);
        throw failure();
      };
      file.sync = () => step(sync);
      return file;
    },
  };
});

let root = "";
let folder = "";

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "featuremap-write-"));
  folder = join(root, "runs", "model");
});

afterEach(async () => {
  restoreDisk();
  await rm(root, { recursive: true, force: true });
});

function restoreDisk(): void {
  Object.assign(disk, { calls: 0, failAt: Number.POSITIVE_INFINITY, code: "EIO", once: false, hasLinks: true });
}

type Arguments = [files: ReadonlyMap<string, Uint8Array>, document: FolderDocument];

/** A file of weights, and a document that says which label they have and where they are. */
function contentOf(label: string): Arguments {
  const bytes = new TextEncoder().encode(`weights of ${label}`);
  const text = (file: string): string => JSON.stringify({ label, file });
  const contents: FolderDocument["contents"] = (nameOf) => new TextEncoder().encode(text(nameOf("w.safetensors")));
  return [new Map([["w.safetensors", bytes]]), { name: "model.json", contents }];
}

/** The label in the folder, or "none"; fails where document and weights do not belong together. */
async function labelInFolder(): Promise<string> {
  const names = await readdir(folder).catch((): string[] => []);
  if (!names.includes("model.json")) return "none";
  const { label, file } = JSON.parse(await readFile(join(folder, "model.json"), "utf8"));
  expect(await readFile(join(folder, file), "utf8")).toBe(`weights of ${label}`);
  return label;
}

async function countCalls(work: () => Promise<unknown>): Promise<number> {
  disk.calls = 0;
  await work();
  return disk.calls;
}

describe("writeFolder", () => {
  test("makes the folder and those above it, with two files", async () => {
    await writeFolder(folder, ...contentOf("new"));
    expect((await readdir(folder)).toSorted()).toEqual(["model.json", "w.safetensors"]);
    expect(await readdir(join(root, "runs"))).toEqual(["model"]);
    expect(await labelInFolder()).toBe("new");
  });

  test("replaces a bundle and leaves the folder's other files alone", async () => {
    await writeFolder(folder, ...contentOf("old"));
    await writeFile(join(folder, "notes.txt"), "mine");
    await writeFolder(folder, ...contentOf("new"));
    expect((await readdir(folder)).toSorted()).toEqual(["model.json", "notes.txt", "w.safetensors"]);
    expect(await labelInFolder()).toBe("new");
  });

  test("fills an empty folder, also one that is a link", async () => {
    await mkdir(join(root, "real"));
    await mkdir(join(root, "runs"));
    await symlink(join(root, "real"), folder, "dir");
    await writeFolder(folder, ...contentOf("new"));
    expect((await readdir(join(root, "real"))).toSorted()).toEqual(["model.json", "w.safetensors"]);
  });

  test.runIf(existsSync("/proc/self"))("says so where the system makes no folder", async () => {
    await expect(writeFolder("/proc/runs/mnist/model", ...contentOf("new"))).rejects.toThrow(
      "Cannot write /proc/runs/mnist/model: the system does not create a folder in /proc. Choose a writable place",
    );
  });

  test("lets saves to one folder wait for each other", async () => {
    const labels = ["a", "b", "c", "d"];
    const contents = labels.map(contentOf);
    await Promise.all(contents.map((content) => writeFolder(folder, ...content)));
    expect(await labelInFolder()).toBe("d");
  });

  test.for([
    ["no bundle", "with links"],
    ["an old bundle", "with links"],
    ["an old bundle", "without links"],
  ])("leaves the old or the new bundle wherever it crashes, over %s, %s", async ([before, links]) => {
    const [oldContent, newContent] = [contentOf("old"), contentOf("new")];
    const prepare = async (): Promise<void> => {
      restoreDisk();
      disk.hasLinks = links === "with links";
      await rm(join(root, "runs"), { recursive: true, force: true });
      if (before === "an old bundle") await writeFolder(folder, ...oldContent);
    };
    await prepare();
    const calls = await countCalls(() => writeFolder(folder, ...newContent));
    expect(calls).toBeGreaterThan(8);
    const found: string[] = [];
    for (let failAt = 1; failAt <= calls; failAt++) {
      await prepare();
      Object.assign(disk, { calls: 0, failAt });
      const failure = await writeFolder(folder, ...newContent).catch((error: unknown) => error);
      const label = await labelInFolder();
      found.push(label);
      // Giving the folder free is the last step, and need not succeed.
      const outcome = failure === undefined ? label : (failure as FeaturemapError).code;
      expect(["UNAVAILABLE", "new"]).toContain(outcome);
      restoreDisk();
      await writeFolder(folder, ...newContent);
      expect((await readdir(folder)).toSorted()).toEqual(["model.json", "w.safetensors"]);
    }
    const isNew = found.indexOf("new");
    expect(new Set(found.slice(0, isNew))).toEqual(new Set([before === "no bundle" ? "none" : "old"]));
    expect(new Set(found.slice(isNew))).toEqual(new Set(["new"]));
  });

  test("leaves the old bundle and nothing more where one step fails, as on a full disk", async () => {
    await writeFolder(folder, ...contentOf("old"));
    const calls = await countCalls(() => writeFolder(folder, ...contentOf("old")));
    const kept: string[] = [];
    for (let failAt = 1; failAt <= calls; failAt++) {
      Object.assign(disk, { calls: 0, failAt, code: "ENOSPC", once: true });
      const failure = await writeFolder(folder, ...contentOf("new")).catch((error: unknown) => error);
      restoreDisk();
      if ((await labelInFolder()) === "new") break;
      expect(failure).toMatchObject({ message: expect.stringContaining("no space is left on the disk") });
      kept.push((await readdir(folder)).toSorted().join());
    }
    expect(kept.length).toBeGreaterThan(8);
    expect(new Set(kept)).toEqual(new Set(["model.json,w.safetensors"]));
  });

  test.for([
    ["EACCES", "permission denied"],
    ["ENOSPC", "no space is left on the disk"],
    ["EROFS", "the disk is read-only"],
    ["ERARE", "the system's own words"],
  ] as const)("says %s in words and leaves no half-written file", async ([code, words]) => {
    const content = contentOf("new");
    const calls = await countCalls(() => writeFolder(folder, ...content));
    for (let failAt = 1; failAt < calls; failAt++) {
      await rm(join(root, "runs"), { recursive: true, force: true });
      Object.assign(disk, { calls: 0, failAt, code, once: true });
      const failure = await writeFolder(folder, ...content).catch((error: unknown) => error);
      if (failure === undefined) continue;
      expect(failure).toMatchObject({ code: "UNAVAILABLE", message: expect.stringContaining(`${folder}: ${words}`) });
      expect(await readdir(root)).toEqual([]);
    }
  });

  test.for([
    ["an empty folder", {}],
    ["a folder with other files", { "notes.txt": "mine" }],
    ["a folder with weights of its own", { "w.safetensors": "mine" }],
  ] as const)("a first save that fails, as on a full disk, adds nothing to %s", async ([, before]) => {
    const prepare = async (): Promise<void> => {
      await rm(folder, { recursive: true, force: true });
      await mkdir(folder, { recursive: true });
      for (const [name, text] of Object.entries(before)) await writeFile(join(folder, name), text);
    };
    await prepare();
    const calls = await countCalls(() => writeFolder(folder, ...contentOf("new")));
    let failures = 0;
    for (let failAt = 1; failAt <= calls; failAt++) {
      await prepare();
      Object.assign(disk, { calls: 0, failAt, code: "ENOSPC", once: true });
      const failure = await writeFolder(folder, ...contentOf("new")).catch((error: unknown) => error);
      restoreDisk();
      if (failure === undefined) continue;
      failures++;
      expect(await readdir(folder)).toEqual(Object.keys(before));
    }
    expect(failures).toBeGreaterThan(8);
  });

  test("refuses a path through a file", async () => {
    await writeFile(join(root, "runs"), "a file");
    await expect(writeFolder(folder, ...contentOf("new"))).rejects.toThrow("a part of the path is a file");
    await expect(writeFolder(join(root, "runs"), ...contentOf("new"))).rejects.toThrow("a part of the path is a file");
    expect(await readFile(join(root, "runs"), "utf8")).toBe("a file");
  });
});
