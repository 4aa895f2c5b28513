import { FormatError } from "@featuremap/tensor";
import { describe, expect, test } from "vitest";
import { bytesInMemory } from "../bytes/byte-source.ts";
import { collect } from "../bytes/collect.ts";
import * as page from "../bytes/inflate.browser.ts";
import * as node from "../bytes/inflate.node.ts";
import { bytesOf, goldenFiles } from "../golden-files.test-support.ts";
import { readZipEntry, zipEntries } from "./zip.ts";

async function unpack(file: Uint8Array, limit = 2 ** 20): Promise<[string, Uint8Array][]> {
  const source = bytesInMemory(file, "a.zip");
  const entries = await zipEntries(source);
  return Promise.all(
    entries.map(async (entry): Promise<[string, Uint8Array]> => [entry.name, await readZipEntry(source, entry, limit)]),
  );
}

const expected = Object.entries(goldenFiles.contents).map(([name, bytes]) => [name, bytesOf(bytes)]);

describe("zipEntries", () => {
  test.for(Object.entries(goldenFiles.zip.accepted))("finds what Python's zipfile wrote as %s", async ([, file]) => {
    expect(await unpack(bytesOf(file))).toEqual(expected);
  });

  test.for(Object.entries(goldenFiles.zip.refused))("refuses a %s", async ([, file]) => {
    await expect(unpack(bytesOf(file))).rejects.toThrow(FormatError);
  });

  test("unpacks no more than the limit", async () => {
    await expect(unpack(bytesOf(goldenFiles.zip.accepted.deflated), 100)).rejects.toThrow(
      "at most 100 bytes, found 360",
    );
  });

  test("refuses bytes whose checksum is another", async () => {
    const file = bytesOf(goldenFiles.zip.accepted.stored);
    const at = Buffer.from(file).indexOf("cat/a.txtcat/a.txt") + 20;
    await expect(unpack(file.with(at, 1))).rejects.toThrow("a.zip: cat/a.txt: its CRC-32 must be");
  });

  test("tells a file that is not an archive", async () => {
    await expect(unpack(new Uint8Array(100))).rejects.toThrow("a zip archive with its directory at the end");
    await expect(unpack(new Uint8Array(0))).rejects.toThrow(FormatError);
  });
});

describe.for([
  ["Node", node],
  ["a page", page],
] as const)("inflate in %s", ([, { inflate, gunzip }]) => {
  const zeros = Uint8Array.from(Buffer.from("YwAAAAD//w==", "base64"));
  // Deflate's end of the third zero, as zlib writes three zeros.
  const packed = Uint8Array.of(0x63, 0x60, 0x60, 0, 0);

  test("unpacks to the promised length, and to nothing else", async () => {
    expect(await inflate(packed, 3, "a")).toEqual(new Uint8Array(3));
    for (const [bytes, size] of [
      [packed, 2],
      [packed, 4],
      [packed.subarray(0, 3), 3],
      [zeros, 100],
      [Uint8Array.of(7, 7), 3],
    ] as const) {
      await expect(inflate(bytes, size, "a")).rejects.toThrow(FormatError);
    }
  });

  test("unpacks gzip as it comes", async () => {
    const file = bytesOf(goldenFiles.tar.packed);
    async function* pieces(length: number): AsyncGenerator<Uint8Array> {
      for (let at = 0; at < length; at += 100) yield file.subarray(at, Math.min(length, at + 100));
    }
    const parts = await collect(gunzip(pieces(file.length), "a.gz"));
    expect(Buffer.concat(parts).equals(Buffer.from(bytesOf(goldenFiles.tar.accepted.pax)))).toBe(true);
    await expect(collect(gunzip(pieces(file.length - 20), "a.gz"))).rejects.toThrow("a.gz: the file must be a whole");
  });
});
