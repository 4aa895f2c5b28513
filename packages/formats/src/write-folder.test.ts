import { mkdir, mkdtemp, readFile, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { plainPreprocessing } from "@featuremap/tensor";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type BundleContent, bundleContent } from "./bundle-content.ts";
import { parseModelDocument } from "./model-document.ts";
import { sha256 } from "./sha256.ts";
import { writeFolder } from "./write-folder.ts";

/** Counts the calls that change the disk; from call `failAt` on, each fails, as after a power cut. */
const disk = vi.hoisted(() => ({ calls: 0, failAt: Number.POSITIVE_INFINITY, code: "EIO", once: false }));

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
  Object.assign(disk, { calls: 0, failAt: Number.POSITIVE_INFINITY, code: "EIO", once: false });
}

function contentOf(label: string): Promise<BundleContent> {
  const preprocessing = plainPreprocessing([2, 2], "grayscale");
  const document = { model: {}, preprocessing, labels: [label], metrics: {}, provenance: {} };
  return bundleContent(document, new TextEncoder().encode(`weights of ${label}`));
}

/** The label of the bundle in the folder, or "none"; fails where document and weights do not belong together. */
async function bundleInFolder(): Promise<string> {
  const names = await readdir(folder).catch((): string[] => []);
  if (!names.includes("model.json")) return "none";
  const { labels, weights } = parseModelDocument(await readFile(join(folder, "model.json")), "model.json");
  const [file] = weights;
  expect(await sha256(await readFile(join(folder, file?.file ?? "")))).toBe(file?.sha256);
  return labels.join();
}

async function countCalls(work: () => Promise<unknown>): Promise<number> {
  disk.calls = 0;
  await work();
  return disk.calls;
}

describe("writeFolder", () => {
  test("makes the folder and those above it, with two files", async () => {
    await writeFolder(folder, await contentOf("new"));
    expect((await readdir(folder)).toSorted()).toEqual(["model.json", "weights.safetensors"]);
    expect(await readdir(join(root, "runs"))).toEqual(["model"]);
    expect(await bundleInFolder()).toBe("new");
  });

  test("replaces a bundle and leaves the folder's other files alone", async () => {
    await writeFolder(folder, await contentOf("old"));
    await writeFile(join(folder, "notes.txt"), "mine");
    await writeFolder(folder, await contentOf("new"));
    expect((await readdir(folder)).toSorted()).toEqual(["model.json", "notes.txt", "weights.safetensors"]);
    expect(await bundleInFolder()).toBe("new");
  });

  test("fills an empty folder, also one that is a link", async () => {
    await mkdir(join(root, "real"));
    await mkdir(join(root, "runs"));
    await symlink(join(root, "real"), folder, "dir");
    await writeFolder(folder, await contentOf("new"));
    expect((await readdir(join(root, "real"))).toSorted()).toEqual(["model.json", "weights.safetensors"]);
  });

  test.runIf(existsSync("/proc/self"))("says so where the system makes no folder", async () => {
    await expect(writeFolder("/proc/runs/mnist/model", await contentOf("new"))).rejects.toThrow(
      "Cannot save the bundle to /proc/runs/mnist/model: the system makes no folder in /proc. Choose a folder",
    );
  });

  test("lets saves to one folder wait for each other", async () => {
    const labels = ["a", "b", "c", "d"];
    const contents = await Promise.all(labels.map(contentOf));
    await Promise.all(contents.map((content) => writeFolder(folder, content)));
    expect(await bundleInFolder()).toBe("d");
  });

  test.for(["no bundle", "an old bundle"])(
    "leaves the old or the new bundle wherever it crashes, over %s",
    async (before) => {
      const [oldContent, newContent] = [await contentOf("old"), await contentOf("new")];
      const prepare = async (): Promise<void> => {
        restoreDisk();
        await rm(join(root, "runs"), { recursive: true, force: true });
        if (before === "an old bundle") await writeFolder(folder, oldContent);
      };
      await prepare();
      const calls = await countCalls(() => writeFolder(folder, newContent));
      expect(calls).toBeGreaterThan(8);
      const found: string[] = [];
      for (let failAt = 1; failAt <= calls; failAt++) {
        await prepare();
        Object.assign(disk, { calls: 0, failAt });
        await expect(writeFolder(folder, newContent)).rejects.toThrow(expect.objectContaining({ code: "UNAVAILABLE" }));
        found.push(await bundleInFolder());
        restoreDisk();
        await writeFolder(folder, newContent);
        expect((await readdir(folder)).toSorted()).toEqual(["model.json", "weights.safetensors"]);
      }
      const isNew = found.indexOf("new");
      expect(new Set(found.slice(0, isNew))).toEqual(new Set([before === "no bundle" ? "none" : "old"]));
      expect(new Set(found.slice(isNew))).toEqual(new Set(["new"]));
    },
  );

  test("removes what a crashed save left beside a new folder", async () => {
    Object.assign(disk, { failAt: 4 });
    await expect(writeFolder(folder, await contentOf("lost"))).rejects.toThrow("Cannot save");
    expect(await readdir(join(root, "runs"))).toEqual([expect.stringMatching(/^\.model\.[0-9a-f]{12}\.tmp$/)]);
    restoreDisk();
    await writeFolder(folder, await contentOf("new"));
    expect(await readdir(join(root, "runs"))).toEqual(["model"]);
  });

  test.for([
    ["EACCES", "permission denied"],
    ["ENOSPC", "no space is left on the disk"],
    ["EROFS", "the disk is read-only"],
    ["ERARE", "the system's own words"],
  ] as const)("says %s in words and leaves no half-written file", async ([code, words]) => {
    const content = await contentOf("new");
    const calls = await countCalls(() => writeFolder(folder, content));
    for (let failAt = 1; failAt < calls; failAt++) {
      await rm(join(root, "runs"), { recursive: true, force: true });
      Object.assign(disk, { calls: 0, failAt, code, once: true });
      const failure = await writeFolder(folder, content).catch((error: unknown) => error);
      if (failure === undefined) continue;
      expect(failure).toMatchObject({ code: "UNAVAILABLE", message: expect.stringContaining(`${folder}: ${words}`) });
      const left = await readdir(join(root, "runs")).catch((): string[] => []);
      expect(left.filter((name) => name !== "model")).toEqual([]);
    }
  });

  test("refuses a path through a file", async () => {
    await writeFile(join(root, "runs"), "a file");
    await expect(writeFolder(folder, await contentOf("new"))).rejects.toThrow("a part of the path is a file");
    await expect(writeFolder(join(root, "runs"), await contentOf("new"))).rejects.toThrow(
      "a part of the path is a file",
    );
    expect(await readFile(join(root, "runs"), "utf8")).toBe("a file");
  });
});
