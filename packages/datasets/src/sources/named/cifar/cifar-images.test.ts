import { FormatError } from "@featuremap/tensor";
import { describe, expect, test } from "vitest";
import { bytesOf, goldenFiles } from "../../golden-files.test-support.ts";
import { parseCifarBinary, parseCifarNames, parseCifarPython } from "./cifar-images.ts";

const { cifar } = goldenFiles;
const images = bytesOf(cifar.images);

describe("the binary version", () => {
  test("gives pictures of CIFAR-10 with their channels together", () => {
    const found = parseCifarBinary(bytesOf(cifar.binary), "data_batch_1.bin", "cifar10");
    expect(found.images.shape).toEqual([3, 32, 32, 3]);
    expect(Buffer.from(found.images.data).equals(Buffer.from(images))).toBe(true);
    expect([...found.labels.data]).toEqual(cifar.labels);
  });

  test("gives either label of CIFAR-100", () => {
    const fine = parseCifarBinary(bytesOf(cifar.binary100), "train.bin", "cifar100-fine");
    expect([...fine.labels.data]).toEqual(cifar.fine);
    expect(Buffer.from(fine.images.data).equals(Buffer.from(images))).toBe(true);
    const coarse = parseCifarBinary(bytesOf(cifar.binary100), "train.bin", "cifar100-coarse");
    expect([...coarse.labels.data]).toEqual(cifar.coarse);
  });

  test.for<[string, Uint8Array, string]>([
    ["nothing", new Uint8Array(0), "one or more images of 3073 bytes each, found 0 bytes"],
    ["a cut file", bytesOf(cifar.binary).subarray(1), "one or more images of 3073 bytes each, found 9218 bytes"],
    ["a class too high", bytesOf(cifar.binary).with(3073, 10), "label 1 must be a class from 0 to 9, found 10"],
  ])("refuses %s", ([, bytes, message]) => {
    expect(() => parseCifarBinary(bytes, "a.bin", "cifar10")).toThrow(message);
  });
});

describe("the Python version", () => {
  test.for(Object.entries(cifar.python))("is read as Python pickled it: %s", ([, file]) => {
    const found = parseCifarPython(bytesOf(file), "data_batch_1", "cifar10");
    expect(Buffer.from(found.images.data).equals(Buffer.from(images))).toBe(true);
    expect([...found.labels.data]).toEqual(cifar.labels);
  });

  test("has both labels of CIFAR-100", () => {
    const file = bytesOf(cifar.python100);
    expect([...parseCifarPython(file, "train", "cifar100-fine").labels.data]).toEqual(cifar.fine);
    expect([...parseCifarPython(file, "train", "cifar100-coarse").labels.data]).toEqual(cifar.coarse);
    expect(() => parseCifarPython(file, "train", "cifar10")).toThrow("labels must be a list of 3 classes");
  });

  test("has the names of classes beside it", () => {
    expect(parseCifarNames(bytesOf(cifar.names), "batches.meta", "cifar10")).toContain("class 9");
    expect(() => parseCifarNames(bytesOf(cifar.names), "meta", "cifar100-fine")).toThrow("a list of 100 names");
  });

  test.for(Object.entries(cifar.refused))("is refused, and nothing runs, if it holds %s", ([, file]) => {
    expect(() => parseCifarPython(bytesOf(file), "data_batch_1", "cifar10")).toThrow(FormatError);
  });
});
