import { describe, expect, test } from "vitest";
import { encodeZip } from "../zip/encode-zip.ts";
import { describeKind, fileKind, isArchive } from "./file-kind.ts";

const ascii = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.codePointAt(0) ?? 0);
const archive = (name: string): Promise<Uint8Array> =>
  encodeZip(new Map([[name, new Uint8Array(4)]]), { stored: true });

describe("the kind of a file is told by its first bytes", () => {
  test.for<[string, string]>([
    ["\x80\x02\x8A\x0A\x6C\xFC\x9C\x46\xF9\x20\x6A\xA8\x50\x19.", "a pickle of PyTorch; it can run code when opened."],
    ["\x80\x04\x95", "a pickle of Python; it can run code"],
    ["\x89HDF\r\n\x1A\n", "an HDF5 file"],
    ["\x93NUMPY\x01\x00", "an array of NumPy"],
    ["\x1F\x8B\x08", "gzip"],
    ["version https://git-lfs.github.com/spec/v1", "git lfs pull"],
    ["<!DOCTYPE html>", "HTML"],
    [' {"a": 1234}', "a JSON document"],
    ['\x10\0\0\0\0\0\0\0{"a"', "a safetensors file"],
    ['\x80\x02\0\0\0\0\0\0{"a"', "a safetensors file"],
    ['PK\0\0\0\0\0\0{"a"', "a safetensors file"],
  ])("%j", ([start, expected]) => {
    expect(describeKind(fileKind(ascii(start)))).toContain(expected);
  });

  test.for<[string, string, boolean]>([
    ["m/data.pkl", "a pickle of PyTorch", false],
    ["archive/.data/serialization_id", "a pickle of PyTorch", false],
    ["kernel.npy", "arrays of NumPy (.npz)", false],
    ["metadata.json", "a .keras file", true],
    ["other.txt", "a zip archive", true],
  ])("an archive that begins with %s", async ([name, expected, mayBeKeras]) => {
    const start = (await archive(name)).subarray(0, 128);
    expect(describeKind(fileKind(start))).toContain(expected);
    expect(isArchive(fileKind(start))).toBe(mayBeKeras);
  });

  test.for(["", "\x08\x08\x12\x07pytorch", "abc"])("%j is of none", (start) => {
    expect(fileKind(ascii(start))).toBeUndefined();
  });
});
