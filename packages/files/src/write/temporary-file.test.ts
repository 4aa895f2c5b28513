import { mkdir, readdir } from "node:fs/promises";
import { temporaryFolder } from "@featuremap/testing/temporary-folder";
import { expect, test } from "vitest";
import { temporaryFile } from "./temporary-file.ts";

const folder = temporaryFolder();

test("gives back what was written, and nobody sees it", async () => {
  await mkdir(folder.path("made/here"), { recursive: true });
  const file = await temporaryFile(folder.path("made/here"));
  await file.append(Uint8Array.of(1, 2, 3));
  await file.append(Uint8Array.of(4, 5));
  expect(file.size).toBe(5);
  expect([...(await file.read(1, 4))]).toEqual([2, 3, 4]);
  // Windows lets go of the name when the file is closed.
  const names = process.platform === "win32" ? [] : await readdir(folder.path("made/here"));
  expect(names).toEqual([]);
  for (const [begin, end] of [
    [2, 1],
    [-1, 1],
    [0, 6],
  ] as const) {
    await expect(file.read(begin, end)).rejects.toMatchObject({ code: "INVALID_CONFIG" });
  }
  await file.close();
  expect(await readdir(folder.path("made/here"))).toEqual([]);
});

test("leaves no folder that was made for it, and those that were there", async () => {
  await mkdir(folder.path("there"));
  const file = await temporaryFile(folder.path("there/made/here"));
  await file.append(Uint8Array.of(1));
  expect([...(await file.read(0, 1))]).toEqual([1]);
  await file.close();
  expect(await readdir(folder.path("there"))).toEqual([]);
  await expect(temporaryFile(folder.path(`there/made/${"x".repeat(300)}`))).rejects.toMatchObject({
    code: "UNAVAILABLE",
  });
  expect(await readdir(folder.path("there"))).toEqual([]);
});

test("says where it cannot be", async () => {
  await expect(temporaryFile("/dev/null/none")).rejects.toMatchObject({ code: "UNAVAILABLE" });
});
