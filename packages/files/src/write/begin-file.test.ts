import { lstat, mkdir, mkdtemp, readFile, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { devNull, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { beginFileWhole } from "./begin-file.ts";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "featuremap-begin-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe("beginFileWhole", () => {
  test("has the old file until the new one is whole", async () => {
    const path = join(folder, "answers.csv");
    await writeFile(path, "old");
    const file = await beginFileWhole(path);
    const long = "größe,1\n".repeat(20_000);
    await file.write(long);
    await file.write(Uint8Array.of(49, 50, 10));
    expect(await readFile(path, "utf8")).toBe("old");
    await file.write("end\n");
    await file.finish();
    await file.discard();
    expect(await readFile(path, "utf8")).toBe(`${long}12\nend\n`);
    expect(await readdir(folder)).toEqual(["answers.csv"]);
  });

  test("writes pieces in their order, and as they were when they were given", async () => {
    const path = join(folder, "pieces");
    const file = await beginFileWhole(path);
    const bytes = new Uint8Array(40_000);
    const writes = Array.from({ length: 9 }, (_, index) => file.write(bytes.fill(index)));
    await file.finish();
    await Promise.all(writes);
    const written = await readFile(path);
    expect(written).toHaveLength(9 * bytes.length);
    expect(written.every((value, index) => value === Math.floor(index / bytes.length))).toBe(true);
  });

  test("leaves nothing of what is discarded, folders that were made for it included", async () => {
    const path = join(folder, "made", "none.csv");
    const file = await beginFileWhole(path);
    const written = file.write("a".repeat(100_000));
    await file.discard();
    await file.discard();
    await written;
    expect(await readdir(folder)).toEqual([]);
  });

  test("goes alone: another that writes the same file leaves this one whole", async () => {
    const path = join(folder, "file");
    const [one, other] = [await beginFileWhole(path), await beginFileWhole(path)];
    await one.write("one");
    await other.write("other");
    await one.finish();
    expect(await readFile(path, "utf8")).toBe("one");
    await other.finish();
    expect(await readFile(path, "utf8")).toBe("other");
    expect(await readdir(folder)).toEqual(["file"]);
  });

  test("says what is done with, and what is neither text nor bytes", async () => {
    const file = await beginFileWhole(join(folder, "file"));
    await expect(Reflect.apply(file.write.bind(file), undefined, [3])).rejects.toMatchObject({
      code: "INVALID_CONFIG",
    });
    await file.finish();
    await expect(file.write("more")).rejects.toMatchObject({ code: "NOT_READY" });
    await expect(file.finish()).rejects.toThrow("is finished");
    const other = await beginFileWhole(join(folder, "other"));
    await other.discard();
    await expect(other.write("more")).rejects.toThrow("is discarded");
    expect(await readdir(folder)).toEqual(["file"]);
  });

  test("where its place is taken meanwhile it fails, and can be discarded", async () => {
    const path = join(folder, "place");
    const file = await beginFileWhole(path);
    await mkdir(path);
    await expect(file.finish()).rejects.toMatchObject({ code: "UNAVAILABLE" });
    await file.discard();
    expect(await readdir(folder)).toEqual(["place"]);
  });

  test("writes what a link leads to, and puts no file in the place of a folder or a device", async () => {
    await writeFile(join(folder, "real"), "old");
    await symlink(join(folder, "real"), join(folder, "link"));
    const file = await beginFileWhole(join(folder, "link"));
    await file.write("new");
    await file.finish();
    expect(await readFile(join(folder, "real"), "utf8")).toBe("new");
    expect((await lstat(join(folder, "link"))).isSymbolicLink()).toBe(true);
    await expect(beginFileWhole(folder)).rejects.toThrow("it is not a regular file");
    await expect(beginFileWhole(devNull)).rejects.toMatchObject({ code: "UNAVAILABLE" });
    await expect(beginFileWhole(join(devNull, "a"))).rejects.toMatchObject({ code: "UNAVAILABLE" });
  });
});
