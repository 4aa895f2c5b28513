import { join, relative } from "node:path";
import { describe, expect, test } from "vitest";
import { testFolder } from "../pictures/test-folder.test-support.ts";
import { imageDatasetFromDirectory } from "./image-dataset-from-directory.ts";
import { imageFilesByName } from "./image-files-by-name.ts";
import { imageFolders } from "./image-folders.ts";

const parts = {
  "train/cat/1.jpg": "",
  "train/cat/2.jpg": "",
  "train/dog/3.jpg": "",
  "Val/dog/4.jpg": "",
  "Val/cat/notes.txt": "",
  "test/cat/5.png": "",
  "test/dog/6.webp": "",
};

describe("imageFolders", () => {
  test("finds the parts by their usual names, with the classes of the training part", async (context) => {
    const folder = await testFolder(context, parts);
    const { train, validation, test: judged } = await imageFolders(folder);
    expect([train.size, validation?.size, judged?.size]).toEqual([3, 1, 2]);
    expect(train.classNames).toEqual(["cat", "dog"]);
    expect([...(validation?.labels ?? [])]).toEqual([1]);
    expect(validation?.skipped.map(({ path }) => relative(folder, path))).toEqual([join("Val", "cat", "notes.txt")]);
    expect(judged?.filePaths.map((path) => relative(folder, path))).toEqual(["test/cat/5.png", "test/dog/6.webp"]);
  });

  test("finds the parts where other folders lie beside them", async (context) => {
    const folder = await testFolder(context, { ...parts, "single_prediction/x.jpg": "", "runs/1/curve.png": "" });
    const { train, test: judged } = await imageFolders(folder);
    expect([train.size, train.classNames, judged?.size]).toEqual([3, ["cat", "dog"], 2]);
    await expect(imageDatasetFromDirectory(folder)).rejects.toThrow(/a folder of classes, not of parts/);
  });

  test.for(["__MACOSX/train/._1.jpg", ".git/x.jpg"])("passes over %s, which nobody made", async (odd, context) => {
    const folder = await testFolder(context, { "cat/1.jpg": "", "dog/2.jpg": "", [odd]: "" });
    expect((await imageFolders(folder)).train.classNames).toEqual(["cat", "dog"]);
    expect((await imageDatasetFromDirectory(folder)).classNames).toEqual(["cat", "dog"]);
    // Keras enters hidden folders where there are no classes.
    const all = odd.startsWith(".") ? 3 : 2;
    expect((await imageDatasetFromDirectory(folder, { labels: null, labelMode: null })).size).toBe(all);
  });

  test("says which folders are of one part, rather than to take them for classes", async (context) => {
    const folder = await testFolder(context, { "train/a/1.jpg": "", "val/a/2.jpg": "", "valid/a/3.jpg": "" });
    const message = /directory must be a folder with one folder for each part, received .*val, valid/;
    await expect(imageFolders(folder)).rejects.toThrow(message);
    await expect(imageDatasetFromDirectory(folder)).rejects.toThrow(message);
  });

  test("takes a folder of classes as one part", async (context) => {
    const { train, ...others } = await imageFolders(await testFolder(context, { "train/1.jpg": "", "bus/2.jpg": "" }));
    expect([train.classNames, others]).toEqual([["bus", "train"], {}]);
  });

  test("says which class a part lacks, and which it has besides", async (context) => {
    const lacking = await testFolder(context, { ...parts, "train/bird/7.jpg": "" });
    await expect(imageFolders(lacking)).rejects.toThrow(
      /Val has no folder bird, which is a class in train\. Put pictures of it there, or remove the class\.$/,
    );
    const misspelt = await testFolder(context, { ...parts, "train/birds/7.jpg": "", "Val/bird/8.jpg": "" });
    await expect(imageFolders(misspelt)).rejects.toThrow(/no folder birds, .* If you mean its folder bird, rename it/);
    const besides = await testFolder(context, { ...parts, "Val/bird/8.jpg": "" });
    await expect(imageFolders(besides)).rejects.toThrow(
      /Val has a folder bird, which is not a class in train\. Add pictures to learn it from, or remove the folder\.$/,
    );
    const { train } = await imageFolders(besides, { classNames: ["dog", "cat"] });
    expect(train.classNames).toEqual(["dog", "cat"]);
  });

  test("is what imageDatasetFromDirectory tells of where it would take parts for classes", async (context) => {
    const folder = await testFolder(context, parts);
    await expect(imageDatasetFromDirectory(folder)).rejects.toThrow("or use imageFolders");
    expect((await imageDatasetFromDirectory(folder, { classNames: ["train", "Val"] })).classNames).toEqual([
      "train",
      "Val",
    ]);
  });
});

describe("imageFilesByName", () => {
  const files = { "cat.0.jpg": "", "cat.1.jpg": "", "big dog (3).png": "", "sub/cat_12.png": "", "cover.png": "" };

  test("reads classes out of names as people number files", async (context) => {
    const found = await imageFilesByName(await testFolder(context, files));
    expect(found.classNames).toEqual(["big dog", "cat"]);
    expect([...(found.labels ?? [])]).toEqual([0, 1, 1, 1]);
    expect(found.skipped).toEqual([
      { path: expect.stringContaining("cover.png"), reason: "Its name does not give a class." },
    ]);
  });

  test("takes an expression, a function, and a list of paths", async (context) => {
    const byExpression = await imageFilesByName(await testFolder(context, files), {
      classOf: /\.(jpg|png)$/,
      classNames: ["png", "jpg"],
    });
    expect([...(byExpression.labels ?? [])]).toEqual([0, 1, 1, 0, 0]);
    const paths = ["/a/10.jpg", "/a/2.jpg", "/b/2.jpg"];
    const byFunction = await imageFilesByName(paths, { classOf: (path) => Number(/(\d+)\.jpg/.exec(path)?.[1]) });
    expect(byFunction.classNames).toEqual(["2", "10"]);
    expect([...(byFunction.labels ?? [])]).toEqual([1, 0, 0]);
    expect(byFunction.filePaths).toEqual(paths);
  });

  test("says what is wrong", async (context) => {
    await expect(imageFilesByName(await testFolder(context, { "a.png": "" }))).rejects.toThrow(
      "ones that give classes (classOf)",
    );
    await expect(imageFilesByName(await testFolder(context, { "a.txt": "" }))).rejects.toThrow(
      "There are no pictures in",
    );
    await expect(imageFilesByName(await testFolder(context, files), { classNames: ["cat"] })).rejects.toThrow(
      "a class must be one of cat, found big dog",
    );
  });
});
