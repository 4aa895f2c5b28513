import { FormatError } from "@featuremap/tensor";
import { describe, expect, test } from "vitest";
import { bytesInMemory } from "../bytes/byte-source.ts";
import { collect } from "../bytes/collect.ts";
import { bytesOf, goldenFiles } from "../golden-files.test-support.ts";
import { tarEntries } from "./tar.ts";

async function unpack(file: Uint8Array): Promise<[string, Uint8Array][]> {
  const source = bytesInMemory(file, "a.tar");
  const entries = await collect(tarEntries(source));
  return Promise.all(
    entries.map(async ({ name, offset, size }): Promise<[string, Uint8Array]> => [
      name,
      await source.read(offset, size),
    ]),
  );
}

describe("tarEntries", () => {
  test.for(Object.entries(goldenFiles.tar.accepted))("finds what Python's tarfile wrote as %s", async ([, file]) => {
    const expected = Object.entries(goldenFiles.contents).map(([name, bytes]) => [name, bytesOf(bytes)]);
    expect(await unpack(bytesOf(file))).toEqual(expected);
  });

  test.for(Object.entries(goldenFiles.tar.refused))("refuses a %s", async ([, file]) => {
    await expect(unpack(bytesOf(file))).rejects.toThrow(FormatError);
  });

  test("takes one empty block for the end, and names a cut between two files", async () => {
    const file = bytesOf(goldenFiles.tar.accepted.ustar);
    // Up to the last header: the last file is empty.
    const end = Math.ceil((file.findLastIndex((byte) => byte !== 0) + 1) / 512) * 512;
    expect(await unpack(file.subarray(0, end + 512))).toHaveLength(4);
    await expect(unpack(file.subarray(0, end))).rejects.toThrow(
      `a.tar: the archive must be one that ends with empty blocks, found its end at byte ${end}: it is cut`,
    );
  });

  test("refuses a file of no bytes, as another that is cut", async () => {
    await expect(unpack(new Uint8Array(0))).rejects.toThrow("found its end at byte 0");
  });

  test.for<[string, (file: Uint8Array) => Uint8Array, string]>([
    ["a damaged header", (file) => file.with(600, 1), "checksum"],
    ["a cut header", (file) => file.subarray(0, 700), "512 bytes long"],
    ["a cut file", (file) => file.subarray(0, 1100), "bytes long"],
    ["something else", () => new Uint8Array(1024).fill(7), "a number in the header at byte 0"],
  ])("tells %s apart", async ([, change, message]) => {
    await expect(unpack(change(bytesOf(goldenFiles.tar.accepted.ustar)))).rejects.toThrow(message);
  });
});
