import { execFileSync } from "node:child_process";
import { constants } from "node:fs";
import { link, lstat, mkdir, mkdtemp, open, readFile, readdir, rename, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { removeEmptyFolder, removeFile } from "./remove-file.ts";
import { appendToFile, writeFileIfNone, writeFileWhole } from "./write-file.ts";

/** The call that fails, of those that change the disk. */
const disk = vi.hoisted(() => ({ calls: [] as string[], failAt: 0, links: true, after: async () => {} }));

vi.mock(import("node:fs/promises"), async (importOriginal) => {
  const original = await importOriginal();
  const step = async <Result>(name: string, work: () => Promise<Result>): Promise<Result> => {
    disk.calls.push(name);
    if (disk.calls.length === disk.failAt) throw Object.assign(new Error("full"), { code: "ENOSPC" });
    const result = await work();
    await disk.after();
    return result;
  };
  return {
    ...original,
    link: (...args) =>
      step("link", () => {
        if (!disk.links) throw Object.assign(new Error("one name only"), { code: "EPERM" });
        return original.link(...args);
      }),
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
  Object.assign(disk, { calls: [], failAt: 0, links: true, after: async () => {} });
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
        message: `Cannot write ${path}: no space is left on the disk. Make room there, or choose another place.`,
      });
      expect(await readdir(folder)).toEqual(["file"]);
      expect(await readFile(path, "utf8")).toBe("old");
    }
  });

  describe.each([true, false])("with the old file kept, on a disk with several names for a file: %s", (links) => {
    const [path, kept] = ["file", "kept"];
    const contents = async (): Promise<readonly (string | undefined)[]> =>
      Promise.all([path, kept].map((name) => readFile(join(folder, name), "utf8").catch(() => undefined)));
    const write = (text: string): Promise<void> => writeFileWhole(join(folder, path), text, { previous: kept });
    beforeEach(() => {
      disk.links = links;
    });

    test("has the last two, and nothing else", async () => {
      for (const text of ["one", "two", "three"]) await write(text);
      expect(await contents()).toEqual(["three", "two"]);
      expect((await readdir(folder)).toSorted()).toEqual([path, kept]);
    });

    test("has the old one or the new one whole at every moment, and both names where the disk can", async () => {
      await write("one");
      await write("two");
      const seen: (readonly (string | undefined)[])[] = [];
      disk.after = async () => void seen.push(await contents());
      await write("three");
      expect(seen.at(-1)).toEqual(["three", "two"]);
      for (const [now, before] of seen) {
        expect(["two", "three", links ? "two" : undefined]).toContain(now);
        expect(now ?? before).toMatch(/^(two|three)$/);
      }
      expect(seen.some(([now]) => now === undefined)).toBe(!links);
    });

    test("leaves the last one readable, and nothing else, wherever a full disk fails it", async () => {
      for (let failAt = 1; failAt <= 7; failAt++) {
        Object.assign(disk, { failAt: 0 });
        await write("one");
        await write("two");
        Object.assign(disk, { calls: [], failAt });
        // Where linking fails, the old file is renamed instead, and nothing fails.
        const failure = await write("three").then(
          () => ({ code: "UNAVAILABLE" }),
          (error: unknown) => error,
        );
        expect(failure).toMatchObject({ code: "UNAVAILABLE" });
        const [now, before] = await contents();
        expect(now ?? before).toMatch(/^(two|three)$/);
        expect((await readdir(folder)).filter((name) => name.startsWith("."))).toEqual([]);
      }
    });

    test("goes on after a crash between the two renames", async () => {
      await write("one");
      if (links) await link(join(folder, path), join(folder, kept));
      else await rename(join(folder, path), join(folder, kept));
      await write("two");
      expect(await contents()).toEqual(["two", "one"]);
      expect(await readdir(folder)).toHaveLength(2);
    });
  });

  test.for(["", "a/b", "../c", 3])("refuses to keep the old file as %s", async (previous) => {
    const wrong = Reflect.apply(writeFileWhole, undefined, [join(folder, "file"), "text", { previous }]);
    await expect(wrong).rejects.toMatchObject({ code: "INVALID_CONFIG", option: "previous" });
    expect(await readdir(folder)).toEqual([]);
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

  test.runIf(process.platform === "linux")(
    "nor of a link to a pipe that has no path, as /dev/stdout may be",
    async () => {
      const [pipe, out] = [join(folder, "pipe"), join(folder, "out")];
      execFileSync("mkfifo", [pipe]);
      const handle = await open(pipe, constants.O_RDWR);
      try {
        await rm(pipe);
        await symlink(`/proc/self/fd/${handle.fd}`, out);
        await expect(writeFileWhole(out, "text")).rejects.toThrow("it is not a regular file");
        expect((await lstat(out)).isSymbolicLink()).toBe(true);
        expect(await readdir(folder)).toEqual(["out"]);
      } finally {
        await handle.close();
      }
    },
  );
});

describe("writeFileIfNone", () => {
  test("writes a file where none is, flushes it and its folder, and leaves one that is there", async () => {
    const file = join(folder, "config.ts");
    expect(await writeFileIfNone(file, "first")).toBe(true);
    expect(disk.calls).toEqual(["open", "write", "sync", "open", "sync"]);
    expect(await writeFileIfNone(file, "second")).toBe(false);
    expect(await readFile(file, "utf8")).toBe("first");
  });

  test.for([1, 2, 3])("leaves nothing on a disk that is full at step %i", async (failAt) => {
    disk.failAt = failAt;
    await expect(writeFileIfNone(join(folder, "config.ts"), "text")).rejects.toThrow("no space is left on the disk");
    expect(await readdir(folder)).toEqual([]);
  });

  test("makes no folder", async () => {
    await expect(writeFileIfNone(join(folder, "none", "config.ts"), "")).rejects.toMatchObject({ code: "UNAVAILABLE" });
    expect(await readdir(folder)).toEqual([]);
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
