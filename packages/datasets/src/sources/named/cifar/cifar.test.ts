import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import { bytesOf, goldenFiles } from "../../golden-files.test-support.ts";
import { testFolder } from "../../pictures/test-folder.test-support.ts";
import { cifar10, cifar100 } from "./cifar.ts";

const { cifar } = goldenFiles;
const batches = [1, 2, 3, 4, 5];

describe("cifar10", () => {
  test.for([
    ["binary", "cifar-10-batches-bin/", ".bin", cifar.binary],
    ["Python", "", "", cifar.python["python 2"]],
  ] as const)("reads a folder of the %s version", async ([, folder, ending, file], context) => {
    const names = [...batches.map((number) => `data_batch_${number}`), "test_batch"];
    const root = await testFolder(
      context,
      Object.fromEntries(names.map((name) => [`${folder}${name}${ending}`, bytesOf(file)])),
    );
    const { train, test: judged } = await cifar10({ directory: root });
    expect([train.size, judged.size]).toEqual([15, 3]);
    expect([...train.labels.data].slice(3, 6)).toEqual(cifar.labels);
    expect(Buffer.from(judged.images.data).equals(Buffer.from(bytesOf(cifar.images)))).toBe(true);
    expect(train.classNames[9]).toBe("truck");
    expect(train.batch(4, { seed: 1 }).batchCount).toBe(4);
  });

  test("says which file to put where, in one line, where it cannot be downloaded", async (context) => {
    const folder = await testFolder(context, {});
    vi.stubGlobal("fetch", () => Promise.reject(new TypeError("no network")));
    context.onTestFinished(() => void vi.unstubAllGlobals());
    const opened = cifar10({ cacheDirectory: folder });
    await expect(opened).rejects.toThrow(/cifar-10-binary\.tar\.gz/);
    await expect(opened).rejects.toThrow(folder);
    await expect(opened).rejects.not.toThrow("\n");
  });

  test("says what a folder lacks", async (context) => {
    const root = await testFolder(context, { "test_batch.bin": bytesOf(cifar.binary) });
    await expect(cifar10({ directory: root })).rejects.toThrow("lacks data_batch_1.bin");
    await expect(cifar10({ directory: await testFolder(context, {}) })).rejects.toThrow(
      "holds no test_batch.bin or test_batch",
    );
  });
});

describe("cifar100", () => {
  test("gives the classes or their groups", async (context) => {
    const root = await testFolder(context, {
      "cifar-100-binary/train.bin": bytesOf(cifar.binary100),
      "cifar-100-binary/test.bin": bytesOf(cifar.binary100),
    });
    const fine = await cifar100({ directory: root });
    expect([fine.train.classNames.length, fine.train.classNames[99], [...fine.test.labels.data]]).toEqual([
      100,
      "worm",
      cifar.fine,
    ]);
    const coarse = await cifar100({ directory: join(root, "cifar-100-binary"), labelMode: "coarse" });
    expect([coarse.train.classNames.length, [...coarse.train.labels.data]]).toEqual([20, cifar.coarse]);
  });
});
