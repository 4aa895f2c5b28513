import { readFile, writeFile } from "node:fs/promises";
import { HostArray, type TypedArray } from "@featuremap/tensor";
import { temporaryFolder } from "@featuremap/testing/temporary-folder";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { encodeZip } from "../zip/encode-zip.ts";
import { decodeNpy, encodeNpy, encodeNpz, openNpz } from "./index.ts";

interface Golden {
  readonly accepted: readonly {
    readonly name: string;
    readonly file: string;
    readonly shape: readonly number[];
    readonly values: readonly number[];
  }[];
  readonly refused: Readonly<Record<string, string>>;
  readonly npz: Readonly<Record<string, string>>;
}

const golden: Golden = JSON.parse(await readFile(new URL("numpy.golden.json", import.meta.url), "utf8"));
const bytesOf = (text: string): Uint8Array => Buffer.from(text, "base64");
const folder = temporaryFolder();

/** A file of version 1 with this header, and `dataLength` zeros. */
function npyOf(text: string, dataLength: number): Uint8Array {
  const file = new Uint8Array(10 + text.length + dataLength);
  file.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, text.length & 255, text.length >> 8]);
  file.set(Buffer.from(text, "latin1"), 10);
  return file;
}

/** "read", or the code of the error. */
function outcome(bytes: Uint8Array): unknown {
  try {
    decodeNpy(bytes, "fuzz");
    return "read";
  } catch (error) {
    return (error as { code?: unknown }).code;
  }
}

describe(".npy", () => {
  test.for(golden.accepted)("reads what NumPy saved: $name", ({ file, shape, values }) => {
    const array = decodeNpy(bytesOf(file), "a.npy");
    expect(array.shape).toEqual(shape);
    expect([...array.data]).toEqual(values);
  });

  test.for([
    ["Python objects", "Python objects, which only running a pickle would give (|O)"],
    ["records", "of one plain type, not of records"],
    ["complex numbers", "found complex numbers (<c8)"],
    ["texts", "found texts (<U2)"],
    ["times", "found dates (<M8[D])"],
    ["longer floats", "found NumPy's type <f16"],
  ])("refuses %s", ([name = "", message = ""]) => {
    expect(() => decodeNpy(bytesOf(golden.refused[name] ?? ""), "a.npy")).toThrow(message);
  });

  test.for([
    ["no dict", "[]", 0, "a Python dict"],
    ["a key twice", "{'descr': '<f4', 'descr': '<f4'}", 0, "each once, found descr"],
    ["another key", "{'descr': '<f4', 'more': 1}", 0, "each once, found more"],
    ["a key of the prototype", "{'__proto__': 1}", 0, "each once, found __proto__"],
    ["a key that is missing", "{'descr': '<f4', 'shape': ()}", 4, "found descr, shape"],
    ["an expression", "{'descr': '<f4', 'fortran_order': False, 'shape': (2**9,)}", 0, "a plain value of shape"],
    ["a shape that is no tuple", "{'descr': '<f4', 'fortran_order': False, 'shape': (1)}", 4, "shape must be a tuple"],
    ["more behind the dict", "{'descr': '<f4', 'fortran_order': False, 'shape': ()};x", 4, "must be one dict"],
    [
      "a shape beyond the file",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (9, 9)}",
      4,
      "324 bytes for float32",
    ],
    [
      "a shape beyond every number",
      `{'descr': '<f4', 'fortran_order': False, 'shape': (${"999999999999999, ".repeat(40)})}`,
      4,
      "bytes for float32",
    ],
  ] as const)("refuses a header with %s", ([, text, dataLength, message]) => {
    expect(() => decodeNpy(npyOf(text, dataLength), "a.npy")).toThrow(message);
  });

  test("gives back what was written", () => {
    const arrays: fc.Arbitrary<HostArray> = fc
      .array(fc.integer({ min: 0, max: 4 }), { maxLength: 4 })
      .chain((shape) => {
        const size = shape.reduce((product, length) => product * length, 1);
        const exact = { minLength: size, maxLength: size };
        return fc
          .oneof<fc.Arbitrary<TypedArray>[]>(fc.float32Array(exact), fc.int32Array(exact), fc.uint8Array(exact))
          .map((data) => new HostArray(data, shape));
      });
    fc.assert(
      fc.property(arrays, (array) => {
        const file = encodeNpy(array);
        expect(decodeNpy(file, "test")).toEqual(array);
      }),
    );
  });

  test("writes the type asked for, and refuses numbers beyond it", () => {
    const float = HostArray.from([0.1, 65_504]);
    const whole = new HostArray(Int32Array.of(-300, 7), [2]);
    expect([...decodeNpy(encodeNpy(float, { dtype: "float16" }), "t").data]).toEqual([0.0999755859375, 65_504]);
    expect([...decodeNpy(encodeNpy(float, { dtype: "float64" }), "t").data]).toEqual([...float.data]);
    for (const dtype of ["int64", "int32", "int16"] as const) {
      expect([...decodeNpy(encodeNpy(whole, { dtype }), "t").data]).toEqual([-300, 7]);
    }
    for (const dtype of ["int8", "uint8", "bool"] as const) {
      expect(() => encodeNpy(whole, { dtype })).toThrow(`numbers that ${dtype} can hold, received -300`);
    }
    expect(() => encodeNpy(HostArray.from([1e6]), { dtype: "float16" })).toThrow("float16 can hold");
    expect(() => Reflect.apply(encodeNpy, undefined, [float, { dtype: "toString" }])).toThrow("dtype must be among");
  });

  test("meets altered files with its own errors and nothing else", () => {
    const files = golden.accepted.map(({ file }) => bytesOf(file));
    fc.assert(
      fc.property(
        fc.constantFrom(...files),
        fc.array(fc.tuple(fc.nat(150), fc.nat(255)), { minLength: 1, maxLength: 4 }),
        fc.nat(200),
        (file, changes, cut) => {
          const altered = Uint8Array.from(file);
          for (const [at, byte] of changes) altered[at % altered.length] = byte;
          expect(["read", "INVALID_FORMAT"]).toContain(outcome(altered));
          expect(["read", "INVALID_FORMAT"]).toContain(outcome(altered.subarray(0, cut)));
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe(".npz", () => {
  test.for(Object.entries(golden.npz))("reads what NumPy saved, %s", async ([, file]) => {
    const path = folder.path("a.npz");
    await writeFile(path, bytesOf(file));
    for (const location of [path, bytesOf(file), new Blob([Uint8Array.from(bytesOf(file))])]) {
      const store = await openNpz(location);
      expect([...store.tensors].map(([name, { shape, type }]) => [name, shape, type])).toEqual([
        ["kernel", [2, 3], "float32"],
        ["layer/bias", [3], "float16"],
      ]);
      expect(await store.tensors.get("layer/bias")?.read()).toEqual(Float32Array.of(0, 1, 2));
      expect([...((await store.tensors.get("kernel")?.read()) ?? [])][5]).toBeCloseTo(5 / 3, 6);
      await store.close();
    }
  });

  test.for([false, true])("gives back what was written, compressed: %s", async (compressed) => {
    const arrays = new Map([["a/b", HostArray.from([[1, 2]])]]);
    const store = await openNpz(await encodeNpz(arrays, { compressed }));
    expect(await store.tensors.get("a/b")?.read()).toEqual(Float32Array.of(1, 2));
  });

  test("writes no names that lead out of the file, and reads all that it writes", async () => {
    const array = new HostArray(Float32Array.of(1), [1]);
    for (const name of [
      "",
      "../../a",
      "a/../b",
      "/a",
      "./a",
      "a//b",
      "a\\b",
      "C:a",
      "a\0",
      "\uD800",
      "n".repeat(20_000),
    ]) {
      const writing = encodeNpz(new Map([[name, array]]));
      await expect(writing).rejects.toMatchObject({ code: "INVALID_CONFIG", option: "names of arrays" });
    }
    const parts = fc.constantFrom("..", ".", "/", "\\", ":", "a", "C", "\u0007", "é", "\uFEFF", " ");
    const names = fc.oneof(
      fc.array(parts, { maxLength: 5 }).map((list) => list.join("")),
      fc.string({ unit: "binary" }),
    );
    await fc.assert(
      fc.asyncProperty(names, async (name) => {
        const bytes = await encodeNpz(new Map([[name, array]])).catch(() => undefined);
        const found = bytes === undefined ? [name] : [...(await openNpz(bytes)).tensors.keys()];
        expect(found).toEqual([name]);
      }),
      { numRuns: 100 },
    );
  });

  test("refuses more than the limit, other files and objects", async () => {
    const file = await encodeNpz(new Map([["a", new HostArray(new Uint8Array(1e6), [1e6])]]), { compressed: true });
    const limited = openNpz(file, { limits: { weightsBytes: 1e6 } });
    await expect(limited).rejects.toThrow("at most 1000000 bytes (limits.weightsBytes)");
    const text = await encodeZip(new Map([["readme.txt", new Uint8Array(3)]]));
    await expect(openNpz(text)).rejects.toThrow("files must be arrays (.npy)");
    const objects = await encodeZip(new Map([["o.npy", bytesOf(golden.refused["Python objects"] ?? "")]]));
    await expect(openNpz(objects)).rejects.toThrow("Python objects");
    await expect(Reflect.apply(openNpz, undefined, [7])).rejects.toMatchObject({ code: "INVALID_CONFIG" });
  });
});
