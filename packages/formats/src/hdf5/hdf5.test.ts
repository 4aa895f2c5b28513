import { readFile } from "node:fs/promises";
import { FeaturemapError } from "@featuremap/tensor";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bytesSource } from "../reading/byte-source.ts";
import { type Hdf5File, openHdf5 } from "./open-hdf5.ts";

const fixture = (name: string): Promise<Uint8Array> => readFile(new URL(`fixtures/${name}.h5`, import.meta.url));
const open = (bytes: Uint8Array): Promise<Hdf5File> => openHdf5(bytesSource(bytes, "a.h5"));

async function values(file: Hdf5File, path: string): Promise<number[] | undefined> {
  const tensor = await file.tensor(path);
  return tensor && [...(await tensor.read())];
}

const counting = (length: number): number[] => Array.from({ length }, (_, index) => index);

describe("HDF5 files of h5py", () => {
  test("hold numbers of every type", async () => {
    const file = await open(await fixture("kinds"));
    const types = await file.keys("types");
    expect(types?.toSorted()).toEqual(
      ["f2", "f4", "f8", ">f4", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", ">i2", "bool", "bf16"].toSorted(),
    );
    for (const type of types ?? []) {
      expect((await file.tensor(`types/${type}`))?.shape).toEqual([2, 3]);
      expect([type, await values(file, `types/${type}`)]).toEqual([
        type,
        type === "bool" ? [0, 1, 1, 1, 1, 1] : counting(6),
      ]);
    }
    expect((await file.tensor("types/bf16"))?.type).toBe("bfloat16");
    expect(await file.attribute("types/bf16", "dtype")).toBe("bfloat16");
  });

  test("hold tensors of any shape, whole and in chunks", async () => {
    const file = await open(await fixture("kinds"));
    expect((await file.tensor("shapes/scalar"))?.shape).toEqual([]);
    expect(await values(file, "shapes/scalar")).toEqual([7]);
    expect(await values(file, "shapes/none")).toEqual([]);
    expect(await values(file, "chunks/packed")).toEqual(counting(35));
    expect(await values(file, "chunks/plain")).toEqual(counting(35));
    expect(await values(file, "chunks/checked")).toEqual(counting(70));
    expect(await values(file, "chunks/cube")).toEqual(counting(60));
  });

  test("are refused where a chunk is another than its checksum tells", async () => {
    const bytes = await fixture("kinds");
    // The chunk of 12, 13 and 14, of four bytes each.
    const place = Buffer.from(bytes).indexOf(Buffer.from(Int32Array.of(12, 13, 14).buffer));
    bytes[place] = 11;
    await expect(values(await open(bytes), "chunks/checked")).rejects.toThrow("chunks that their checksums fit");
  });

  test("hold groups of many names, and attributes of text", async () => {
    const file = await open(await fixture("kinds"));
    expect(await file.keys("many")).toHaveLength(60);
    expect(await values(file, "many/59")).toEqual([59]);
    expect(await file.keys("absent")).toBeUndefined();
    expect(await file.keys("many/1")).toBeUndefined();
    expect(await file.tensor("many/60")).toBeUndefined();
    expect(await file.tensor("many/1/1")).toBeUndefined();
    expect(await file.attribute("", "text")).toBe("größer");
    expect(await file.attribute("", "bytes")).toBe("fixed");
    expect(await file.attribute("", "texts")).toEqual(["a", "bc", ""]);
    expect(await file.attribute("", "names")).toEqual(["conv", "dense_1"]);
    expect(await file.attribute("", "long")).toBe("x".repeat(5000));
    expect(await file.attribute("", "absent")).toBeUndefined();
    await expect(file.attribute("", "number")).rejects.toThrow('attribute "number" of the root must be text');
    await expect(file.tensor("many")).rejects.toThrow('"many" must be a dataset, found a group');
  });

  test("of the newest kind are read as far as their groups are small", async () => {
    const file = await open(await fixture("newer"));
    expect(await values(file, "group/a")).toEqual(counting(6));
    expect(await file.attribute("group", "text")).toBe("newer");
    await expect(file.tensor("chunks")).rejects.toThrow("h5py's own settings");
    await expect(file.keys("many")).rejects.toThrow("h5py's own settings");
  });

  test.for([
    ["links/external", "in the file itself, found an external link"],
    ["links/soft", "in the file itself, found a soft link"],
    ["elsewhere", "values in other files"],
    ["virtual", "values in other files"],
    ["lzf", "gzip and shuffle only, found filter 32000"],
    ["objects", "of numbers, found texts"],
    ["records", "of numbers, found records"],
  ])("lead nowhere else: %s", async ([path = "", message]) => {
    const file = await open(await fixture("hostile"));
    await expect(file.tensor(path)).rejects.toThrow(message);
    expect(await values(file, "down/up/down/up/inside")).toEqual([0, 1, 2, 3]);
  });

  test("are given no memory for what they only claim to have", async () => {
    const file = await open(await fixture("hostile"));
    await expect(values(file, "bomb")).rejects.toThrow("of 1024 chunks, found 0");
  });

  test.for([
    ["nothing", new Uint8Array(0)],
    ["another file", new Uint8Array(200)],
  ] as const)("are no files of %s", async ([, bytes]) => {
    await expect(open(bytes)).rejects.toThrow("a.h5: the file must be an HDF5 file, found another");
  });

  test("that are cut off are told so", async () => {
    const bytes = await fixture("kinds");
    await expect(open(bytes.subarray(0, -1))).rejects.toThrow("it was cut off");
  });

  test("that are damaged are read or refused with errors of this project, soon", async () => {
    const files = await Promise.all(["kinds", "newer", "hostile"].map(fixture));
    const damage = fc.record({
      which: fc.nat(2),
      flips: fc.array(fc.tuple(fc.nat(), fc.nat(7)), { minLength: 1, maxLength: 5 }),
    });
    await fc.assert(
      fc.asyncProperty(damage, async ({ which, flips }) => {
        const bytes = new Uint8Array(files[which] ?? []);
        for (const [at, bit] of flips) bytes[at % bytes.length] = (bytes[at % bytes.length] ?? 0) ^ (1 << bit);
        const start = performance.now();
        await visit(bytes);
        expect(performance.now() - start).toBeLessThan(2000);
      }),
      { numRuns: 120 },
    );
  });
});

/** Reads all there is, down to some depth, and passes over what is refused. */
async function visit(bytes: Uint8Array): Promise<void> {
  const attempt = async <T>(run: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await run();
    } catch (error) {
      if (error instanceof FeaturemapError) return undefined;
      throw error;
    }
  };
  const file = await attempt(() => open(bytes));
  const walk = async (path: string, depth: number): Promise<void> => {
    for (const name of ["text", "texts", "long"]) await attempt(async () => file?.attribute(path, name));
    const names = await attempt(async () => file?.keys(path));
    if (names === undefined) await attempt(async () => (await file?.tensor(path))?.read());
    if (depth === 0) return;
    for (const name of names ?? []) await walk(path === "" ? name : `${path}/${name}`, depth - 1);
  };
  await walk("", 2);
}
