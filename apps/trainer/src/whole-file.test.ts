import { readFile, readdir, writeFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { temporaryFolder } from "./testing/saved-model.ts";
import { beginWholeFile } from "./whole-file.ts";

const folder = temporaryFolder();

test("a file is there once it is whole, and the old one until then", async () => {
  const path = folder.path("answers.csv");
  await writeFile(path, "old");
  const file = await beginWholeFile(path);
  const long = "größe,1\n".repeat(20_000);
  await file.write(long);
  expect(await readFile(path, "utf8")).toBe("old");
  await file.write("end\n");
  await file.finish();
  await file.discard();
  expect(await readFile(path, "utf8")).toBe(`${long}end\n`);
  expect(await readdir(folder.path())).toEqual(["answers.csv"]);
});

test("what is discarded leaves nothing", async () => {
  const file = await beginWholeFile(folder.path("none.csv"));
  await file.write("a");
  await file.discard();
  await file.discard();
  expect(await readdir(folder.path())).not.toContain("none.csv");
  expect((await readdir(folder.path())).filter((name) => name.startsWith("."))).toEqual([]);
});

test("a folder that is not there is told before anything is written", async () => {
  await expect(beginWholeFile(folder.path("absent/a.csv"))).rejects.toThrow(
    /^Cannot write .*a\.csv \(no such file or folder\)\. Choose another place with --out\.$/,
  );
});
