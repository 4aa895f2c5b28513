import { describe, expect, test } from "vitest";
import { resize, randomResizedCrop } from "@featuremap/images";
import { collect } from "../bytes/collect.ts";
import { countingDataset } from "../arrays/counting-dataset.test-support.ts";
import { ImageFiles } from "./image-files.ts";
import { png } from "./test-folder.test-support.ts";

const paths = ["0", "1", "2", "3", "4"];
const read = async (index: number): Promise<Uint8Array> => png(2, 2, [index, 0, 0]);
const contents = { paths, labels: [0, 1, 0, 1, 0], classNames: ["a", "b"], read };
const options = { imageSize: 1, workers: 0 } as const;

async function reds(files: ImageFiles, changes: object = {}): Promise<number[]> {
  const batches = await collect(files.batch(2, { ...options, ...changes }).batches(0));
  return batches.flatMap(({ x }) => [...x.data].filter((_, index) => index % 3 === 0));
}

describe("batches of files", () => {
  const batches = new ImageFiles(contents).batch(2, options);

  test.for([99, 3, -1, 1.5, "x", Number.NaN, null])("have none at %s", async (index) => {
    await expect(batches.at(index as never)).rejects.toMatchObject({ code: "INVALID_CONFIG", option: "index" });
  });

  test.for([-1, 1.5, Number.NaN, "1"])("do not begin at %s", (from) => {
    expect(() => batches.batches(0, from as never)).toThrow(expect.objectContaining({ option: "from" }));
  });

  test("are no more from their number on", async () => {
    expect(await collect(batches.batches(0, 2))).toHaveLength(1);
    expect(await collect(batches.batches(0, 3))).toEqual([]);
  });

  test("keep their order, paths and labels, whatever is done to those that were given out", async () => {
    const mine = { paths: [...paths], labels: Int32Array.of(0, 1, 0, 1, 0), classNames: ["a", "b"], read };
    const files = new ImageFiles(mine);
    mine.paths[0] = "other";
    mine.labels.fill(0);
    files.labels?.fill(0);
    const shuffled = files.batch(5, { ...options, seed: 1 });
    const order = [...shuffled.order(0)];
    shuffled.order(0).fill(0);
    shuffled.labels?.fill(0);
    expect([...shuffled.order(0)]).toEqual(order);
    expect(files.filePaths).toEqual(paths);
    expect(() => (files.filePaths as string[]).push("more")).toThrow(TypeError);
    const [batch] = await collect(files.batch(5, options).batches(0));
    expect([...(batch?.y.data ?? [])]).toEqual([0, 1, 0, 1, 0]);
    expect(files.at(1).label).toBe(1);
    expect([...(files.select([1, 2]).labels ?? [])]).toEqual([1, 0]);
  });
});

describe("options are not taken by truthiness", () => {
  test.for([
    ["shuffle", "false"],
    ["dropRemainder", "no"],
    ["shuffle", null],
    ["dropRemainder", 0],
  ])("%s: %j", ([option, value]) => {
    const refused = expect.objectContaining({ code: "INVALID_CONFIG", option });
    expect(() => new ImageFiles(contents).batch(2, { ...options, [option as string]: value })).toThrow(refused);
    expect(() => countingDataset(10).batch(4, { [option as string]: value })).toThrow(refused);
  });

  test("of operations and arrays", () => {
    expect(() => countingDataset(10).batch(4, { oneHot: "no" as never })).toThrow("oneHot must be true or false");
    expect(() => resize([2, 2], { antialias: "no" as never })).toThrow("antialias must be true or false");
    expect(() => resize([2, 2], { cropToAspectRatio: "no" as never })).toThrow(
      "cropToAspectRatio must be true or false",
    );
    expect(() => resize([2, 2], { padToAspectRatio: 0 as never })).toThrow("padToAspectRatio must be true or false");
    expect(() => randomResizedCrop([2, 2], { antialias: "no" as never })).toThrow("antialias must be true or false");
  });

  test.for([[["a", "a"]], ["ab"]])("classNames: %j", ([classNames]) => {
    expect(() => new ImageFiles({ ...contents, classNames: classNames as never })).toThrow(
      "classNames must be a list of distinct strings",
    );
  });
});

describe("read", () => {
  test("may give an ArrayBuffer", async () => {
    const buffers = { ...contents, read: async (index: number) => (await read(index)).slice().buffer };
    expect(await reds(new ImageFiles(buffers))).toEqual([0, 1, 2, 3, 4]);
  });

  test.for<[string, unknown]>([
    ["a Map", new Map()],
    ["a list", [1, 2, 3]],
    ["a number", 3],
    ["a text", "x"],
    ["nothing", undefined],
    ["null", null],
    ["pixels of another size", { data: new Uint8Array(5), width: 2, height: 2 }],
    ["pixels without a width", { data: new Uint8Array(4) }],
  ])("may not give %s", async ([, value]) => {
    const files = new ImageFiles({ ...contents, damagedShare: 1, read: (async () => value) as never });
    for (const cache of [undefined, false] as const) {
      await expect(reds(files, { cache })).rejects.toMatchObject({
        code: "INVALID_CONFIG",
        message: expect.stringContaining("ImageFiles: the result of read for 0 must be"),
      });
    }
    await expect(files.select([1]).at(0).contents()).rejects.toThrow("the result of read for 1 must be");
  });
});
