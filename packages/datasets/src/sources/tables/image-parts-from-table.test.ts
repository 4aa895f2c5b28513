import { join, relative } from "node:path";
import { describe, expect, test } from "vitest";
import { testFolder } from "../pictures/test-folder.test-support.ts";
import { imagePartsFromTable } from "./image-parts-from-table.ts";

describe("imagePartsFromTable", () => {
  test("gives the parts that a column names, all with the classes of the whole table", async (context) => {
    const folder = await testFolder(context, {
      "a.csv": 'path,label,part\n"a\n""1"".jpg",cat,train\n2.jpg,dog, Validation \n3.jpg,dog,train\n4.jpg,emu,TEST\n',
      "b.jsonl":
        '{"path":"1.jpg","label":1,"fold":"training"}\n{"path":"2.jpg","label":0,"fold":"dev"}\n{"path":"2.jpg","label":0,"fold":"val"}\n',
    });
    const { train, validation, test: judged } = await imagePartsFromTable(join(folder, "a.csv"));
    expect(train.filePaths.map((path) => relative(folder, path))).toEqual(['a\n"1".jpg', "3.jpg"]);
    expect([train, validation, judged].map((part) => part?.classNames)).toEqual(
      [0, 1, 2].map(() => ["cat", "dog", "emu"]),
    );
    expect([train, validation, judged].map((part) => [...(part?.labels ?? [])])).toEqual([[0, 1], [1], [2]]);
    const json = await imagePartsFromTable(join(folder, "b.jsonl"), { partColumn: "fold" });
    expect([json.train.size, json.validation?.size, "test" in json]).toEqual([1, 2, false]);
  });

  test("gives all to train on where no column tells parts, or one that tells of something else", async (context) => {
    const folder = await testFolder(context, {
      "a.csv": "path,label\n1.jpg,a\n2.jpg,b\n",
      "b.csv": "path,label,part\n1.jpg,a,hand\n2.jpg,b,foot\n",
    });
    for (const name of ["a.csv", "b.csv"]) {
      const parts = await imagePartsFromTable(join(folder, name));
      expect([Object.keys(parts), parts.train.size]).toEqual([["train"], 2]);
    }
  });

  test.for<[string, string, string | undefined]>([
    ["1.jpg,a,train\n2.jpg,b,tset\n", "part of row 2 must be train, validation or test, found tset.", undefined],
    ["1.jpg,a,train\n2.jpg,b\n", "part of row 2 must be train, validation or test, found .", undefined],
    ["1.jpg,a,val\n2.jpg,b,test\n", "column part must be one or more rows of train, found none.", undefined],
    [
      "1.jpg,a,train\n1.jpg,a,test\n",
      "part of row 2 must be train, as in row 1 for the same picture, found test.",
      undefined,
    ],
    ["1.jpg,a,train\n", 'partColumn "fold" must be one of its columns, found none of that name.', "fold"],
    ["1.jpg,a,hand\n", "part of row 1 must be train, validation or test, found hand.", "part"],
  ])("refuses %j: %s", async ([rows, message, partColumn], context) => {
    const folder = await testFolder(context, { "a.csv": `path,label,part\n${rows}` });
    const options = partColumn === undefined ? {} : { partColumn };
    await expect(imagePartsFromTable(join(folder, "a.csv"), options)).rejects.toThrow(message);
  });

  test("names itself where an option is wrong", async () => {
    await expect(imagePartsFromTable("a.csv", { partColumn: "" })).rejects.toThrow("imagePartsFromTable: partColumn");
    await expect(imagePartsFromTable("a.csv", { column: "a" } as never)).rejects.toThrow("imagePartsFromTable");
  });
});
