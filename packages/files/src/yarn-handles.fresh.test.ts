import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { hashFile } from "./read/hash-file.ts";
import {
  appendToFile,
  beginFileWhole,
  openFile,
  readFileWhole,
  temporaryFile,
  writeFileIfNone,
  writeFileWhole,
} from "./index.ts";

interface ReadOptions {
  readonly buffer: Uint8Array;
  readonly offset?: number;
  readonly length?: number;
  readonly position?: number | null;
}

// As the handles of Yarn 4.9.2 with Plug'n'Play are.
vi.mock(import("node:fs/promises"), async (importOriginal) => {
  const original = await importOriginal();
  const open: typeof original.open = async (...parameters) => {
    const file = await original.open(...parameters);
    const read = file.read.bind(file);
    return Object.assign(file, {
      sync: () => {
        throw new Error("Method not implemented.");
      },
      read: ({ buffer, offset = 0, length = buffer.byteLength, position = null }: ReadOptions) =>
        read(buffer, offset, length, position),
    }) as typeof file;
  };
  return { ...original, open };
});

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "featuremap-yarn-"));
});
afterAll(() => rm(folder, { recursive: true }));

test("files are written where handles cannot flush", async () => {
  const path = (name: string): string => join(folder, name);
  await writeFileWhole(path("whole"), "a");
  expect(await writeFileIfNone(path("new"), "b")).toBe(true);
  const begun = await beginFileWhole(path("begun"));
  await begun.write("c");
  await begun.finish();
  await appendToFile(path("whole"), "d");
  const texts = ["whole", "new", "begun"].map(async (name) => String(Buffer.from(await readFileWhole(path(name)))));
  expect(await Promise.all(texts)).toEqual(["ad", "b", "c"]);
});

test("parts of files are read where a typed array is taken for options", async () => {
  const path = join(folder, "parts");
  await writeFile(path, Uint8Array.of(1, 2, 3, 4));
  const file = await openFile(path);
  expect(await file.read(1, 3)).toEqual(Uint8Array.of(2, 3));
  await file.close();
  expect(await hashFile(path, "md5", undefined)).toBe("08d6c05a21512a79a1dfeb9d2a8f262f");
  const kept = await temporaryFile(folder);
  await kept.append(Uint8Array.of(5, 6, 7));
  expect(await kept.read(1, 3)).toEqual(Uint8Array.of(6, 7));
  await kept.close();
});
