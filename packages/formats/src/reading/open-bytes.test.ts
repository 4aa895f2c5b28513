import { writeFile } from "node:fs/promises";
import { pathToFileURL } from "node:url";
import { temporaryFolder } from "@featuremap/testing/temporary-folder";
import { expect, test } from "vitest";
import { type FileLocation, openBytes } from "./open-bytes.ts";

const folder = temporaryFolder();
const content = new TextEncoder().encode("abcdef");

const locations: readonly (readonly [string, (path: string) => FileLocation, string])[] = [
  ["a path", (path) => path, "letters"],
  ["an address of a file", (path) => pathToFileURL(path), "letters"],
  ["bytes", () => content, "the bytes given"],
  ["a File", () => new File([content], "letters.bin"), "letters.bin"],
  ["a Blob", () => new Blob([content]), "the Blob given"],
];

test.for(locations)("reads parts of %s, within a limit", async ([, locate, name]) => {
  const path = folder.path("letters");
  await writeFile(path, content);
  const source = await openBytes("test", locate(path));
  expect(source.name.endsWith(name)).toBe(true);
  expect(source.size).toBe(6);
  expect(new TextDecoder().decode(await source.read(1, 4))).toBe("bcd");
  await source.close();
  await expect(openBytes("test", locate(path), { limit: 5 })).rejects.toMatchObject({ code: "INVALID_FORMAT" });
  const aborted = openBytes("test", locate(path), { signal: AbortSignal.abort() });
  await expect(aborted).rejects.toMatchObject({ code: "ABORTED" });
});

test.for([null, undefined, 1, {}, [], "ftp://example.org/a"])("refuses %s", async (location) => {
  await expect(Reflect.apply(openBytes, undefined, ["test", location])).rejects.toMatchObject({
    code: "INVALID_CONFIG",
  });
});
