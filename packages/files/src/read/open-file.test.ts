import { truncate, writeFile } from "node:fs/promises";
import { temporaryFolder } from "@featuremap/testing/temporary-folder";
import { expect, test } from "vitest";
import { openFile } from "./open-file.ts";

const folder = temporaryFolder();

test("reads parts of a file larger than memory would be given for it", async () => {
  const path = folder.path("large");
  await writeFile(path, "abcdef");
  await truncate(path, 5 * 2 ** 30);
  const file = await openFile(path);
  expect(file.size).toBe(5 * 2 ** 30);
  expect(new TextDecoder().decode(await file.read(2, 5))).toBe("cde");
  expect(await file.read(file.size - 1, file.size)).toEqual(new Uint8Array(1));
  for (const [begin, end] of [
    [2, 1],
    [-1, 1],
    [0, file.size + 1],
    [0.5, 1],
  ] as const) {
    await expect(file.read(begin, end)).rejects.toMatchObject({ code: "INVALID_CONFIG" });
  }
  await truncate(path, 3);
  await expect(file.read(2, 5)).rejects.toThrow("it changed while being read");
  await file.close();
});

test("refuses a folder, and says what is missing", async () => {
  await expect(openFile(folder.path())).rejects.toThrow("it is a folder");
  await expect(openFile(folder.path("none"))).rejects.toMatchObject({ code: "UNAVAILABLE" });
});
