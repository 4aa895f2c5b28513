import { execFileSync } from "node:child_process";
import { lstat, mkdir, mkdtemp, readFile, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { removeEmptyFolder, removeFile } from "./remove-file.ts";
import { appendToFile, writeFileWhole } from "./write-file.ts";

/** The call that fails, of those that change the disk. */
const disk = vi.hoisted(() => ({ calls: [] as string[], failAt: 0 }));

vi.mock(import("node:fs/promises"), async (importOriginal) => {
  const original = await importOriginal();
  const step = async <Result>(name: string, work: () => Promise<Result>): Promise<Result> => {
    disk.calls.push(name);
    if (disk.calls.length === disk.failAt) throw Object.assign(new Error("full"), { code: "ENOSPC" });
    return work();
  };
  return {
    ...original,
    rename: (...args) => step("rename", () => original.rename(...args)),
    open: async (...args) => {
      const file = await step("open", () => original.open(...args));
      const [write, sync] = [file.writeFile.bind(file), file.sync.bind(file)];
      file.writeFile = (data, options) =>
        step("write", () => write(data, options)).catch(async (error: unknown) => {
          await write((data as Uint8Array).subarray(0, 3), options);
          throw error;
        });
      file.sync = () => step("sync", sync);
      return file;
    },
  };
});

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "featuremap-write-"));
  Object.assign(disk, { calls: [], failAt: 0 });
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe("writeFileWhole", () => {
  test("writes text and bytes, flushes file and folder, and makes the folders", async () => {
    await mkdir(join(folder, "a"));
    await writeFileWhole(join(folder, "a", "file"), "text");
    expect(disk.calls).toEqual(["open", "write", "sync", "rename", "open", "sync"]);
    await writeFileWhole(join(folder, "a", "b", "c", "file"), Uint8Array.of(1, 2));
    expect(await readFile(join(folder, "a", "file"), "utf8")).toBe("text");
    expect(Array.from(await readFile(join(folder, "a", "b", "c", "file")))).toEqual([1, 2]);
  });

  test("leaves the old file alone, and nothing else, on a full disk", async () => {
    const path = join(folder, "file");
    await writeFileWhole(path, "old");
    for (let failAt = 1; failAt <= 4; failAt++) {
      Object.assign(disk, { calls: [], failAt });
      await expect(writeFileWhole(path, "longer than before")).rejects.toMatchObject({
        code: "UNAVAILABLE",
        message: `Cannot write ${path}: no space is left on the disk. Choose a place that can be written.`,
      });
      expect(await readdir(folder)).toEqual(["file"]);
      expect(await readFile(path, "utf8")).toBe("old");
    }
  });

  test("writes what a link leads to", async () => {
    await writeFile(join(folder, "real"), "old");
    await symlink(join(folder, "real"), join(folder, "link"));
    await writeFileWhole(join(folder, "link"), "new");
    expect(await readFile(join(folder, "real"), "utf8")).toBe("new");
    expect((await lstat(join(folder, "link"))).isSymbolicLink()).toBe(true);
  });

  test.runIf(process.platform !== "win32")("puts no file in the place of a pipe, a device or a folder", async () => {
    const pipe = join(folder, "pipe");
    execFileSync("mkfifo", [pipe]);
    await expect(writeFileWhole(pipe, "text")).rejects.toThrow("it is not a regular file");
    expect((await lstat(pipe)).isFIFO()).toBe(true);
    await expect(writeFileWhole(folder, "text")).rejects.toThrow("it is not a regular file");
  });
});

describe("appendToFile, removeFile and removeEmptyFolder", () => {
  test("make, extend and remove", async () => {
    const path = join(folder, "deep", "log");
    await appendToFile(path, "a\n");
    await appendToFile(path, new TextEncoder().encode("b\n"));
    expect(await readFile(path, "utf8")).toBe("a\nb\n");
    await removeEmptyFolder(join(folder, "deep"));
    await removeFile(path);
    await removeFile(path);
    await removeEmptyFolder(join(folder, "deep"));
    await removeEmptyFolder(join(folder, "deep"));
    expect(await readdir(folder)).toEqual([]);
    await expect(removeFile(folder)).rejects.toMatchObject({ code: "UNAVAILABLE" });
  });
});
