import { gzipSync } from "node:zlib";
import { expect, test, vi } from "vitest";
import { fashionMnist } from "./fashion-mnist.ts";
import { testFolder } from "../pictures/test-folder.test-support.ts";

function idx(shape: readonly number[], value: number): Uint8Array {
  const header = new DataView(new ArrayBuffer(4 + 4 * shape.length));
  header.setUint32(0, 0x0800 + shape.length);
  shape.forEach((length, axis) => header.setUint32(4 + 4 * axis, length));
  const size = shape.reduce((product, length) => product * length, 1);
  return Uint8Array.from([...new Uint8Array(header.buffer), ...new Uint8Array(size).fill(value)]);
}

test("fashionMnist reads its four files, plain or packed", async (context) => {
  const directory = await testFolder(context, {
    "train-images-idx3-ubyte": idx([3, 28, 28], 5),
    "train-labels-idx1-ubyte.gz": gzipSync(idx([3], 9)),
    "t10k-images-idx3-ubyte.gz": gzipSync(idx([2, 28, 28], 6)),
    "t10k-labels-idx1-ubyte": idx([2], 0),
  });
  const { train, test: judged } = await fashionMnist({ directory });
  expect([train.size, judged.size, train.classNames[train.labels.at(0)]]).toEqual([3, 2, "Ankle boot"]);
  expect(judged.images.at(1, 27, 27, 0)).toBe(6);
});

test("fashionMnist says which file to put where without a network", async (context) => {
  const folder = await testFolder(context, {});
  vi.stubGlobal("fetch", () => Promise.reject(new TypeError("no network")));
  context.onTestFinished(() => void vi.unstubAllGlobals());
  await expect(fashionMnist({ cacheDirectory: folder })).rejects.toThrow(/t10k-labels-idx1-ubyte\.gz.*fashion-mnist/);
});
