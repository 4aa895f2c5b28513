import { join } from "node:path";
import { expect, test } from "vitest";
import { entryPoints } from "./entry-points.mjs";

const packages = join(import.meta.dirname, "../../../packages");

test("entry points are what a package exports with types, without what only this repository imports", () => {
  expect(entryPoints(join(packages, "devices"))).toEqual([
    { name: "index", types: join(packages, "devices/dist/index.d.ts") },
    { name: "table", types: join(packages, "devices/dist/device-table.d.ts") },
  ]);
  expect(entryPoints(join(packages, "layers")).map(({ name }) => name)).toEqual(["index"]);
});
