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

  test("takes an archive that ends without its empty blocks", async () => {
    const file = bytesOf(goldenFiles.tar.accepted.ustar);
    const end = file.findLastIndex((byte) => byte !== 0) + 1;
    // Up to the last header: the last file is empty.
    expect(await unpack(file.subarray(0, Math.ceil(end / 512) * 512))).toHaveLength(4);
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
