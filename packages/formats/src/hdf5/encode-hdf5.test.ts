import { File, Group, ready } from "h5wasm";
import { expect, test } from "vitest";
import { bytesSource } from "../reading/byte-source.ts";
import { type Hdf5Dataset, encodeHdf5, groupAt, newGroup } from "./encode-hdf5.ts";
import { openHdf5 } from "./open-hdf5.ts";

const datasets: readonly (readonly [string, Hdf5Dataset])[] = [
  ["layers/dense/vars/0", { shape: [2, 3], data: Float32Array.of(0, 1, -2, 3.5, 4, 5) }],
  ["layers/dense/vars/1", { shape: [], data: Float32Array.of(7) }],
  ["layers/größe/vars/0", { shape: [2], data: Uint32Array.of(1, 2 ** 32 - 1) }],
  ["optimizer/vars/0", { shape: [], data: BigInt64Array.of(-3n) }],
  ["optimizer/vars/1", { shape: [0, 2], data: new Float32Array(0) }],
  ["bytes", { shape: [3], data: Uint8Array.of(1, 2, 255) }],
  ["integers", { shape: [2], data: Int32Array.of(-1, 7) }],
];

function example(): Uint8Array<ArrayBuffer> {
  const root = newGroup();
  for (const [path, dataset] of datasets) {
    const parts = path.split("/");
    const name = parts.pop() ?? "";
    (parts.length === 0 ? root : groupAt(root, parts.join("/"))).children.set(name, dataset);
  }
  for (let index = 0; index < 300; index++) {
    groupAt(root, "many").children.set(`${index}`, { shape: [1], data: Float32Array.of(index) });
  }
  groupAt(root, "layers/dense/vars").attributes.set("name", "größe").set("empty", "");
  return encodeHdf5(root);
}

test("what is written is read here", async () => {
  const file = await openHdf5(bytesSource(example(), "a.h5"));
  for (const [path, { shape, data }] of datasets) {
    const tensor = await file.tensor(path);
    expect(tensor?.shape).toEqual(shape);
    expect(await tensor?.read()).toEqual(Float32Array.from(data, Number));
  }
  expect(await file.keys("many")).toHaveLength(300);
  expect(await file.attribute("layers/dense/vars", "name")).toBe("größe");
  expect(await file.attribute("layers/dense/vars", "empty")).toBe("");
});

test("what is written is read by HDF5's own library", async () => {
  const { FS } = await ready;
  FS.writeFile("example.h5", example());
  const file = new File("example.h5", "r");
  for (const [path, { shape, data }] of datasets) {
    const dataset = file.get(path);
    expect(dataset).toMatchObject({ shape, value: shape.length === 0 ? data[0] : data });
  }
  expect(file.get("many")).toMatchObject({ type: "Group" });
  expect(file.get("many/299")).toMatchObject({ value: Float32Array.of(299) });
  const group = file.get("layers/dense/vars");
  if (!(group instanceof Group)) throw new Error("no group");
  expect(group.get_attribute("name", true)).toBe("größe");
  expect(group.get_attribute("empty", true)).toBe("");
  file.close();
});
