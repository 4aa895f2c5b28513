import { FormatError } from "@featuremap/tensor";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { goldenFiles } from "../golden-files.test-support.ts";
import { parseCelebAttributes, parseCelebPartitions } from "./celeb-a-tables.ts";
import { parseCsv } from "./csv.ts";
import { parseJsonLines } from "./json-lines.ts";

describe("parseCsv", () => {
  test.for(goldenFiles.csv)("reads what Python's csv wrote: $text", ({ text, rows }) => {
    expect([...parseCsv(text, "a.csv")]).toEqual(rows);
    expect([...parseCsv(`\uFEFF${text}`, "a.csv")]).toEqual(rows);
  });

  test("reads any table back", () => {
    const field = fc.string({ unit: fc.constantFrom("a", '"', ",", "\n", "\r", " ", "é") });
    fc.assert(
      fc.property(fc.array(fc.array(field, { minLength: 2, maxLength: 3 }), { minLength: 1 }), (rows) => {
        const text = rows.map((row) => row.map((each) => `"${each.replaceAll('"', '""')}"`).join(",")).join("\r\n");
        expect([...parseCsv(text, "a.csv")]).toEqual(rows);
      }),
    );
  });

  test("takes tabs, passes over empty lines, and keeps empty fields", () => {
    expect([...parseCsv("a\tb\n\n\t\n", "a.tsv", { separator: "\t" })]).toEqual([
      ["a", "b"],
      ["", ""],
    ]);
  });

  test("names the line of a fault", () => {
    expect(() => [...parseCsv('a,b\n"c\nd",e\nf,"g', "a.csv")]).toThrow(
      "a.csv: line 4 must be one whose quotes are closed",
    );
    expect(() => [...parseCsv(`a\n"${"b".repeat(1_000_001)}"`, "a.csv")]).toThrow(
      "a.csv: line 2 must be one of fields of at most 1000000 characters (or a quote is not closed), found a longer one.",
    );
    expect(() => [...parseCsv('a,"b"c', "a.csv")]).toThrow(
      "a.csv: line 1 must be a separator after a quoted field, found c",
    );
  });
});

describe("parseJsonLines", () => {
  test("gives an object a line", () => {
    expect([...parseJsonLines('\uFEFF{"path":"a"}\r\n\n{"path":"b"}', "a.jsonl")]).toEqual([
      { path: "a" },
      { path: "b" },
    ]);
  });

  test.for(["[1]", "1", "{", "null"])("refuses %s, and names the line", (line) => {
    expect(() => [...parseJsonLines(`{}\n${line}\n`, "a.jsonl")]).toThrow("a.jsonl: line 2 must be a JSON object");
  });
});

describe("CelebA's tables", () => {
  const table = "2\nBald Smiling \n000001.jpg -1  1\n000002.jpg  1 -1\n";

  test("give an attribute as labels, and the partitions", () => {
    expect(parseCelebAttributes(table, "a.txt", "Smiling")).toEqual({
      fileNames: ["000001.jpg", "000002.jpg"],
      labels: Int32Array.of(1, 0),
    });
    expect(parseCelebPartitions("a.jpg 0\r\nb.jpg 2\n", "b.txt")).toEqual(
      new Map([
        ["a.jpg", 0],
        ["b.jpg", 2],
      ]),
    );
  });

  test.for<[string, string]>([
    [table.replace("2\n", "3\n"), "the pictures must be 3, as line 1 says, found 2"],
    [table.replace("-1  1", "-1"), "line 3 must be a file name and 2 values of 1 or -1"],
    [table.replace("Smiling", "Young"), 'attribute "Smiling" must be one of its attributes, found Bald Young'],
    [table.replace("000002", "000001"), "line 4 must be a file name that no earlier line has, found 000001.jpg"],
    [table.replace("000002", "../x"), "line 4 must be the plain name of a file, found ../x.jpg"],
    ["path,label", "line 1 must be the number of pictures"],
  ])("refuse %j", ([text, message]) => {
    expect(() => parseCelebAttributes(text, "a.txt", "Smiling")).toThrow(message);
    expect(() => parseCelebAttributes(text, "a.txt", "Smiling")).toThrow(FormatError);
  });

  test("refuse a picture in two parts", () => {
    expect(() => parseCelebPartitions("a.jpg 0\nb.jpg 1\na.jpg 2\n", "b.txt")).toThrow(
      "b.txt: line 3 must be a file name that no earlier line has, found a.jpg",
    );
  });
});
