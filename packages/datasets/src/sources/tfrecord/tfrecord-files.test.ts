import { FormatError } from "@featuremap/tensor";
import { describe, expect, test } from "vitest";
import { bytesInMemory } from "../bytes/byte-source.ts";
import { bytesOf, goldenFiles } from "../golden-files.test-support.ts";
import { type TfFeature, parseTfExample } from "./tf-example.ts";
import { readTfRecord, tfRecords } from "./tf-records.ts";

const file = bytesOf(goldenFiles.tfrecord);

async function read(bytes: Uint8Array, limit = 1000): Promise<Map<string, TfFeature>[]> {
  const source = bytesInMemory(bytes, "a.tfrecord");
  const examples: Map<string, TfFeature>[] = [];
  for await (const record of tfRecords(source)) {
    examples.push(parseTfExample(await readTfRecord(source, record, limit), source.name));
  }
  return examples;
}

describe("a file of TFRecordWriter", () => {
  test("holds its examples", async () => {
    const examples = await read(file);
    expect(examples).toHaveLength(3);
    examples.forEach((example, index) => {
      const pictures = example.get("image/encoded")?.map((bytes) => Buffer.from(bytes as Uint8Array).toString());
      expect(pictures).toEqual(["not a picture", "another"]);
      expect(example.get("image/class/label")).toEqual([index, -5, 2 ** 53 - 1, 300]);
      expect(example.get("weight")).toEqual([0.5, Math.fround(-1.25e10)]);
      expect(example.get("none")).toEqual([]);
    });
  });

  test.for<[string, Uint8Array, string]>([
    ["a damaged length", file.with(0, 1), "the length of record 0 must be one with its checksum"],
    ["damaged data", file.with(20, 1), "the record at byte 12 must be data with their checksum"],
    ["a cut file", file.subarray(0, -1), "bytes long, found the file's end"],
    ["a cut header", file.subarray(0, 8), "the header of record 0 must be 12 bytes long"],
    ["gzip", Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0), "unpack it with gunzip"],
    ["zlib", Uint8Array.of(0x78, 0x9c, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0), 'without compression_type="ZLIB"'],
  ])("is refused where it has %s", async ([, bytes, message]) => {
    await expect(read(bytes)).rejects.toThrow(message);
    await expect(read(bytes)).rejects.toThrow(FormatError);
  });

  test("is read within a limit", async () => {
    await expect(read(file, 10)).rejects.toThrow("at most 10 bytes");
  });
});
