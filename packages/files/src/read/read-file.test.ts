import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { appendFile, mkdtemp, rm, symlink, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { readFileIfAny, readFileWhole, readFileWholeSync } from "./read-file.ts";

const isPosix = existsSync("/dev/zero");
let folder = "";
let path = "";

const inOneGo: typeof readFileWhole = async (...given) => readFileWholeSync(...given);

describe.each([
  ["readFileWhole", readFileWhole],
  ["readFileWholeSync", inOneGo],
] as const)("%s", (_, read) => {
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "featuremap-read-"));
    path = join(folder, "seven");
    await writeFile(path, "content");
  });

  afterAll(() => rm(folder, { recursive: true }));

  test("reads a file, also behind a link, and tells how far it is", async () => {
    await symlink(path, join(folder, "link"));
    const onProgress = vi.fn<(loaded: number, total: number | undefined) => void>();
    const bytes = await read(join(folder, "link"), { limit: 7, onProgress });
    expect(new TextDecoder().decode(bytes)).toBe("content");
    expect(onProgress.mock.lastCall).toEqual([7, 7]);
    await writeFile(join(folder, "empty"), "");
    expect(await read(join(folder, "empty"))).toEqual(new Uint8Array(0));
  });

  test("refuses what is longer than the limit before it reads it", async () => {
    const large = join(folder, "large");
    await writeFile(large, "");
    // A file with a hole: three gigabytes long, and none on the disk.
    await truncate(large, 3 * 2 ** 30);
    const before = process.memoryUsage().rss;
    await expect(read(large)).rejects.toMatchObject({
      code: "INVALID_FORMAT",
      message: `${large}: size must be at most 1073741824 bytes (limit), found 3221225472 or more.`,
    });
    await expect(read(path, { limit: 6, limitName: "limits.documentBytes" })).rejects.toThrow(
      "size must be at most 6 bytes (limits.documentBytes), found 7 or more",
    );
    expect(process.memoryUsage().rss - before).toBeLessThan(2 ** 27);
  });

  test.runIf(isPosix)("refuses devices, pipes and folders at once, also behind links", { timeout: 5000 }, async () => {
    await symlink("/dev/zero", join(folder, "zero"));
    execFileSync("mkfifo", [join(folder, "pipe")]);
    for (const [name, what] of [
      ["zero", "a device, a pipe or a socket"],
      ["pipe", "a device, a pipe or a socket"],
      [".", "a folder"],
    ] as const) {
      await expect(read(join(folder, name))).rejects.toMatchObject({
        code: "UNAVAILABLE",
        message: expect.stringContaining(`it is ${what}`),
      });
    }
  });

  test("says why it cannot read, and stops when asked", async () => {
    await expect(read(join(folder, "none"))).rejects.toThrow(`Cannot read ${join(folder, "none")}: no such file`);
    await expect(read(path, { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: "ABORTED" });
    expect(await readFileIfAny(join(folder, "none"))).toBeUndefined();
    await expect(readFileIfAny(folder)).rejects.toMatchObject({ code: "UNAVAILABLE" });
  });
});

test("a file that grows or shrinks while it is read in parts is refused", async (context) => {
  const place = await mkdtemp(join(tmpdir(), "featuremap-read-"));
  context.onTestFinished(() => rm(place, { recursive: true }));
  const changing = join(place, "changing");
  for (const change of [() => appendFile(changing, "more"), () => truncate(changing, 2 ** 23)]) {
    await writeFile(changing, "");
    await truncate(changing, 3 * 2 ** 24);
    let work: Promise<void> | undefined;
    const reading = readFileWhole(changing, { onProgress: () => (work ??= change()) });
    await expect(reading).rejects.toThrow("it changed while being read");
    await work;
  }
});
