import { join, relative } from "node:path";
import { describe, expect, test } from "vitest";
import { testFolder } from "../pictures/test-folder.test-support.ts";
import { imageFilesFromTable } from "./image-files-from-table.ts";

describe("imageFilesFromTable", () => {
  test("reads comma-separated values, with paths from the table's folder on", async (context) => {
    const folder = await testFolder(context, {
      "labels.csv": '\uFEFFpath,breed,label\r\na/1.jpg,"x, y",dog\r\n/2.jpg,z,cat\r\n',
    });
    const found = await imageFilesFromTable(join(folder, "labels.csv"));
    expect(found.filePaths).toEqual([join(folder, "a/1.jpg"), "/2.jpg"]);
    expect([found.classNames, [...(found.labels ?? [])]]).toEqual([
      ["cat", "dog"],
      [1, 0],
    ]);
    const other = await imageFilesFromTable(join(folder, "labels.csv"), { labelColumn: "breed", directory: "/data" });
    expect([other.classNames, other.filePaths[0]]).toEqual([["x, y", "z"], join("/data", "a/1.jpg")]);
  });

  test("reads JSON lines and tabs", async (context) => {
    const folder = await testFolder(context, {
      "a.jsonl": '{"image":"1.jpg","label":10}\n{"image":"2.jpg","label":9}\n',
      "b.tsv": "path\tlabel\n1.jpg\t1\n2.jpg\t0\n",
    });
    const json = await imageFilesFromTable(join(folder, "a.jsonl"), { pathColumn: "image" });
    expect([json.classNames, [...(json.labels ?? [])]]).toEqual([
      ["9", "10"],
      [1, 0],
    ]);
    const tabs = await imageFilesFromTable(join(folder, "b.tsv"), { classNames: ["0", "1", "2"] });
    expect([tabs.classNames.length, [...(tabs.labels ?? [])]]).toEqual([3, [1, 0]]);
    expect(tabs.filePaths.map((path) => relative(folder, path))).toEqual(["1.jpg", "2.jpg"]);
  });

  test.for(["a.csv", "a.jsonl"])("refuses %s that is not written in UTF-8", async (name, context) => {
    const text = name.endsWith("csv") ? "path,label\na.jpg,caf\xe9\n" : '{"path":"a.jpg","label":"caf\xe9"}\n';
    const folder = await testFolder(context, { [name]: Buffer.from(text, "latin1") });
    await expect(imageFilesFromTable(join(folder, name))).rejects.toThrow(
      `${name}: its text must be UTF-8 (convert it, for example with iconv -f LATIN1 -t UTF-8), found other bytes`,
    );
  });

  test("takes a row twice, and columns of one name that nobody asks for", async (context) => {
    const folder = await testFolder(context, { "a.csv": "path,label,,\na.jpg,a,,\na.jpg,a\n" });
    expect((await imageFilesFromTable(join(folder, "a.csv"))).size).toBe(2);
  });

  test.for<[string, string, string]>([
    ["a.csv", "file,label\n", 'pathColumn "path" must be one of its columns, found file, label.'],
    ["a.csv", "path,breed\n", 'labelColumn "label" must be one of its columns, found path, breed.'],
    [
      "a.csv",
      "path;label\na;b\n",
      'must be one of its columns, found path;label (with separator: ";" it has several).',
    ],
    ["a.csv", "photos/\0\0ustar\n", "the table must be text, found bytes of another kind of file."],
    ["a.csv", "path,label\n", "the table must be one or more rows"],
    ["a.csv", "path,label\na.jpg\n", "label of row 1 must be a class, found nothing"],
    ["a.csv", "path,label\na.jpg,\n", 'label of row 1 must be a class, found ""'],
    ["a.csv", "path,label\n,cat\n", "path of row 1 must be a path"],
    ["a.csv", "path,label\na.jpg,a\nb,c.jpg,a\n", "a.csv: line 3 must be at most 2 fields, like line 1, found 3"],
    ["a.csv", "path,label\na.jpg,a\nb.jpg,b\na.jpg,b\n", "label of row 3 must be a, as in row 1 for a.jpg, found b"],
    [
      "a.csv",
      "path,label,label\na.jpg,a,b\n",
      'labelColumn "label" must be the name of one column, found path, label, label',
    ],
    ["a.jsonl", '{"path":1,"label":"a"}', "path of row 1 must be a path, found 1"],
    ["a.jsonl", '{"path":"a","label":null}', "label of row 1 must be a class, found null"],
  ])("refuses %s with %j", async ([name, text, message], context) => {
    const folder = await testFolder(context, { [name]: text });
    await expect(imageFilesFromTable(join(folder, name))).rejects.toThrow(message);
  });
});
