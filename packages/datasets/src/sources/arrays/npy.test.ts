import { FormatError } from "@featuremap/tensor";
import { describe, expect, test } from "vitest";
import { bytesInMemory } from "../bytes/byte-source.ts";
import { bytesOf, goldenFiles } from "../golden-files.test-support.ts";
import { parseNpy } from "./npy.ts";
import { readNpz } from "./npz.ts";

describe("parseNpy", () => {
  test.for(goldenFiles.npy.accepted)("reads what numpy saved: $name", ({ file, shape, values }) => {
    const array = parseNpy(bytesOf(file), "a.npy");
    expect(array.shape).toEqual(shape);
    const python: Record<string, number> = { inf: Infinity, "-inf": -Infinity, nan: Number.NaN };
    expect([...array.data]).toEqual(values.map((value) => python[value] ?? Number(value)));
  });

  test.for(Object.entries(goldenFiles.npy.refused))("refuses %s", ([, file]) => {
    expect(() => parseNpy(bytesOf(file), "a.npy")).toThrow(FormatError);
  });

  test("tells a cut file, and one that is none", () => {
    const file = bytesOf(goldenFiles.npy.accepted[0]?.file ?? "");
    expect(() => parseNpy(file.subarray(0, -1), "a.npy")).toThrow("152 bytes long for |u1 (2, 3, 4), found 151");
    expect(() => parseNpy(file.subarray(1), "a.npy")).toThrow("an array saved by numpy");
  });
});

describe("readNpz", () => {
  test.for(Object.entries(goldenFiles.npz))("reads arrays that numpy saved, %s", async ([, file]) => {
    const arrays = await readNpz(bytesInMemory(bytesOf(file), "a.npz"));
    expect([...arrays.keys()]).toEqual(["x_train", "y_train"]);
    expect(arrays.get("x_train")?.shape).toEqual([3, 4, 4]);
    expect([...(arrays.get("x_train")?.data ?? [])]).toEqual(Array.from({ length: 48 }, (_, index) => index));
    expect([...(arrays.get("y_train")?.data ?? [])]).toEqual([2, 0, 1]);
  });

  test("names the arrays there are where one is missing", async () => {
    const source = bytesInMemory(bytesOf(goldenFiles.npz.plain), "a.npz");
    await expect(readNpz(source, ["x_test"])).rejects.toThrow(
      "array x_test must be one of its arrays, found x_train, y_train",
    );
  });
});
