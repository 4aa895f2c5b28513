import { readFile } from "node:fs/promises";
import { HostArray } from "@featuremap/tensor";
import { expect, test } from "vitest";
import { decodeSafetensors } from "./decode-safetensors.ts";
import { encodeSafetensors } from "./encode-safetensors.ts";
import { openSafetensors } from "./open-safetensors.ts";

interface Golden {
  readonly file: string;
  readonly tensors: Readonly<Record<string, { readonly shape: readonly number[]; readonly values: readonly number[] }>>;
  readonly float8: string;
  readonly halves: Readonly<Record<"values" | "float16" | "bfloat16", readonly number[]>>;
}

const golden: Golden = JSON.parse(await readFile(new URL("safetensors.golden.json", import.meta.url), "utf8"));
const bytes = Buffer.from(golden.file, "base64");

test("reads every element type that PyTorch writes", async () => {
  const decoded = decodeSafetensors(bytes, "torch");
  const store = await openSafetensors(bytes);
  expect([...store.tensors.keys()].toSorted()).toEqual(Object.keys(golden.tensors).toSorted());
  const held: Record<string, unknown> = {};
  const stored: Record<string, unknown> = {};
  for (const [name, { shape, data }] of decoded) held[name] = { shape, values: [...data] };
  for (const [name, tensor] of store.tensors) {
    stored[name] = { shape: tensor.shape, values: [...(await tensor.read())] };
  }
  expect(held).toEqual(golden.tensors);
  expect(stored).toEqual(golden.tensors);
  const types = new Set([...decoded.values()].map(({ dtype }) => dtype));
  expect(types).toEqual(new Set(["float32", "int32", "uint8"]));
});

test("refuses floats of 8 bits by name", async () => {
  const file = Buffer.from(golden.float8, "base64");
  expect(() => decodeSafetensors(file, "f8")).toThrow(/dtype must be one of F64, .*, found "?F8_E4M3/);
  await expect(openSafetensors(file)).rejects.toMatchObject({ code: "INVALID_FORMAT" });
});

test("refuses integers that int32 cannot hold", () => {
  const file = encodeSafetensors(new Map([["n", new HostArray(Int32Array.of(-1, 1), [2])]]));
  const altered = Buffer.from(
    Buffer.from(file).toString("latin1").replace("I32", "U64").replace("[2]", "[1]"),
    "latin1",
  );
  expect(() => decodeSafetensors(altered, "large")).toThrow(
    'large: tensor "n" must be of integers that int32 can hold',
  );
});

test.for(["float16", "bfloat16"] as const)("rounds to %s as NumPy and PyTorch do", (dtype) => {
  const { values } = golden.halves;
  const tensors = new Map([["w", HostArray.from(values)]]);
  const file = encodeSafetensors(tensors, undefined, { dtype });
  const stored = new Uint16Array(file.slice(-2 * values.length).buffer);
  expect([...stored]).toEqual([...golden.halves[dtype]]);
});

test("writes the types asked for, to tensors that they are for", () => {
  const tensors = new Map<string, HostArray>([
    ["w", HostArray.from([0.1, 2])],
    ["n", new HostArray(Int32Array.of(-128, 127), [2])],
  ]);
  const types = (dtype?: "float16" | "int8"): (string | undefined)[] => {
    const text = Buffer.from(encodeSafetensors(tensors, undefined, dtype && { dtype })).toString("latin1");
    return ["w", "n"].map((name) => new RegExp(`"${name}":{"dtype":"(\\w+)"`).exec(text)?.[1]);
  };
  expect(types()).toEqual(["F32", "I32"]);
  expect(types("float16")).toEqual(["F16", "I32"]);
  expect(types("int8")).toEqual(["F32", "I8"]);
  const file = encodeSafetensors(tensors, undefined, { dtype: (name) => (name === "n" ? "int8" : undefined) });
  expect(decodeSafetensors(file, "test").get("n")?.toNested()).toEqual([-128, 127]);
});

test.for<[string, HostArray, unknown]>([
  ["65520 as float16", HostArray.from([65_520]), "float16"],
  ["128 as int8", new HostArray(Int32Array.of(128), [1]), "int8"],
  ["256 as uint8", new HostArray(Int32Array.of(256), [1]), "uint8"],
  ["an unknown type", HostArray.from([1]), "float8"],
  ["a type from the prototype", HostArray.from([1]), "toString"],
])("refuses %s", ([, tensor, dtype]) => {
  const encode = (): unknown =>
    Reflect.apply(encodeSafetensors, undefined, [new Map([["w", tensor]]), undefined, { dtype }]);
  expect(encode).toThrow(expect.objectContaining({ code: "INVALID_CONFIG" }));
});
