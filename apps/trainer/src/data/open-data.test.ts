import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { temporaryFolder, writeFiles } from "../testing/made-pictures.ts";
import { openData } from "./open-data.ts";
import { countClasses } from "./split-places.ts";
import { splitName } from "./split-table.ts";

const white = await sharp({ create: { width: 8, height: 8, channels: 3, background: "white" } })
  .png()
  .toBuffer();

/** Writes so many pictures into each folder. */
async function write(folder: string, counts: Readonly<Record<string, number>>): Promise<void> {
  for (const [name, count] of Object.entries(counts)) {
    await mkdir(join(folder, name), { recursive: true });
    const pictures = Array.from({ length: count }, (_, index) => [`${name}/${index}.png`, white] as const);
    await writeFiles(folder, Object.fromEntries(pictures));
  }
}

describe("openData", () => {
  test("keeps a share of each class of a folder for validation", async (context) => {
    const folder = await temporaryFolder(context);
    await write(folder, { cat: 10, dog: 20 });
    const data = await openData(folder, { owner: "train", seed: 1 });
    expect([data.kind, data.location, data.classNames]).toEqual(["folder", folder, ["cat", "dog"]]);
    expect([data.train.size, data.validation?.size, data.test]).toEqual([24, 6, undefined]);
    expect(countClasses(data.validation?.labels ?? [], 2)).toEqual([2, 4]);
    const again = await openData(folder, { owner: "train", seed: 1 });
    expect(again.validation?.names).toEqual(data.validation?.names);
    const other = await openData(folder, { owner: "train", seed: 2, valFraction: 0.5, fraction: 0.4 });
    expect([other.train.size, other.validation?.size]).toEqual([6, 15]);
  });

  test("takes the parts of a folder that has such, and splits off what is missing", async (context) => {
    const folder = await temporaryFolder(context);
    await write(folder, { "train/cat": 20, "train/dog": 20, "test/cat": 3, "test/dog": 3 });
    const data = await openData(folder, { owner: "train", seed: 1 });
    expect([data.train.size, data.validation?.size, data.test?.size]).toEqual([36, 4, 6]);
    await write(folder, { "val/cat": 2, "val/dog": 2 });
    const whole = await openData(folder, { owner: "train", seed: 1 });
    expect([whole.train.size, whole.validation?.size, whole.test?.size]).toEqual([40, 4, 6]);
    await expect(openData(folder, { owner: "train", seed: 1, valFraction: 0.3 })).rejects.toThrow(
      "--val-fraction must be left out",
    );
    const few = await openData(folder, { owner: "train", seed: 1, limit: 5 });
    expect([few.train.size, few.validation?.size, few.test?.size]).toEqual([5, 4, 5]);
    expect(countClasses(few.train.labels, 2)).not.toContain(0);
  });

  test("takes a table, and a data set by its name", async (context) => {
    const folder = await temporaryFolder(context);
    await write(folder, { pictures: 4 });
    const rows = ["path,label", ...[0, 1, 2, 3].map((index) => `pictures/${index}.png,${index % 2 ? "odd" : "even"}`)];
    await writeFile(join(folder, "labels.csv"), rows.join("\n"));
    const table = await openData(join(folder, "labels.csv"), { owner: "train", seed: 1 });
    expect([table.name, table.kind, table.classNames, table.validation?.size]).toEqual([
      "labels",
      "file",
      ["even", "odd"],
      2,
    ]);
    const called = [table.train, table.validation].flatMap((part) => part?.names ?? []);
    expect(called.map((name) => splitName(table, name)).toSorted()).toEqual(
      [0, 1, 2, 3].map((index) => `pictures/${index}.png`),
    );
    const digits = await openData("mnist", { owner: "train", seed: 1, limit: 30 });
    expect([digits.kind, digits.train.size, digits.validation, digits.test?.size]).toEqual([
      "dataset",
      30,
      undefined,
      30,
    ]);
    expect(digits.train.names[3]).toBe("mnist train 3");
    const split = await openData("mnist", { owner: "train", seed: 1, valFraction: 0.1 });
    expect([split.train.size + (split.validation?.size ?? 0), split.test?.size]).toEqual([60_000, 10_000]);
  });

  test.for<[string, Readonly<Record<string, number>>, RegExp]>([
    ["an empty folder", {}, /is empty\. Put the pictures of each class into a folder of its name there\.$/],
    ["a class with one picture", { cat: 1, dog: 4 }, /there is only one picture of cat, .*\. Add pictures of it/],
    ["a class without pictures", { cat: 2, dog: 0 }, /there is no picture of dog\. Add pictures there, or remove/],
    ["a single class", { cat: 4 }, /there is only one class, cat\. .* add a folder for each\.$/],
  ])("tells in one line what to do with %s", async ([, counts, message], context) => {
    const folder = await temporaryFolder(context);
    await write(folder, counts);
    const error: unknown = await openData(folder, { owner: "train", seed: 1 }).catch((each: unknown) => each);
    expect(error).toMatchObject({ code: "UNAVAILABLE", message: expect.stringMatching(message) });
    expect(String(error)).not.toContain("\n");
  });

  test("tells of a class that a table has in another part than train, and train does not", async (context) => {
    const folder = await temporaryFolder(context);
    await write(folder, { cat: 2, dog: 2, zebra: 1 });
    const lines = [0, 1].flatMap((number) => [`cat/${number}.png,cat,train`, `dog/${number}.png,dog,train`]);
    const table = ["path,label,part", ...lines, "zebra/0.png,zebra,validation", ""].join("\n");
    await writeFiles(folder, { "split.csv": table });
    await expect(openData(join(folder, "split.csv"), { owner: "train", seed: 1 })).rejects.toThrow(
      /split\.csv: the part train has no picture of zebra\. Move pictures there from another part, or take the class out/,
    );
  });

  test("tells of a folder without classes, a file of another kind, and names that are none", async (context) => {
    const folder = await temporaryFolder(context);
    await writeFiles(folder, { "a.png": white, "notes.txt": "" });
    await expect(openData(folder, { owner: "train", seed: 1 })).rejects.toThrow(
      "has no folders of classes. Put the pictures",
    );
    await expect(openData(join(folder, "notes.txt"), { owner: "train", seed: 1 })).rejects.toThrow(
      "not data that can be trained on",
    );
    await expect(openData("cifar1O", { owner: "train", seed: 1 })).rejects.toThrow("(did you mean cifar10?)");
    await expect(openData(folder, { owner: "train", seed: 1, dataFolder: "x" })).rejects.toThrow(
      "--data-folder must be left out",
    );
  });

  test.for(["celeba-gender", "cats-and-dogs"])("says which files %s needs, and where", async (name) => {
    await expect(openData(name, { owner: "train", seed: 1 })).rejects.toThrow(
      /on the disk.*https:\/\/.*--data-folder\.$/,
    );
  });

  test("reads CelebA's own parts", async (context) => {
    const folder = await temporaryFolder(context);
    const names = ["1.png", "2.png", "3.png", "4.png"];
    await writeFiles(folder, {
      ...Object.fromEntries(names.map((name) => [`img_align_celeba/${name}`, white])),
      "list_attr_celeba.txt": `4\nMale\n${names.map((name, index) => `${name} ${index % 2 ? 1 : -1}`).join("\n")}\n`,
      "list_eval_partition.txt": `${names.map((name, index) => `${name} ${Math.max(0, index - 1)}`).join("\n")}\n`,
    });
    const data = await openData("celeba-gender", { owner: "train", seed: 1, dataFolder: folder });
    expect([data.train.size, data.validation?.size, data.test?.size]).toEqual([2, 1, 1]);
    expect(data.classNames).toEqual(["not Male", "Male"]);
  });
});
