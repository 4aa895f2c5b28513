import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";

/** All that a file loads as soon as it is imported: the packages, by way of the files beside it too. */
async function packagesOf(file: URL, seen: Set<string>): Promise<string[]> {
  if (seen.has(file.href)) return [];
  seen.add(file.href);
  const source = await readFile(file, "utf8");
  const statements = source.matchAll(/^(?:import|export)(?! type)[^;]*? from "([^"]+)";|^import "([^"]+)";/gm);
  const found = await Promise.all(
    Array.from(statements, async ([, from, bare]) => {
      const name = from ?? bare ?? "";
      return name.startsWith(".") ? packagesOf(new URL(name, file), seen) : [name];
    }),
  );
  return found.flat();
}

test("before a command is known, nothing is loaded that would keep --help waiting", async () => {
  const seen = new Set<string>();
  const packages = await packagesOf(new URL("./main.ts", import.meta.url), seen);
  expect([...seen].some((file) => file.endsWith("/options/commands/train.ts"))).toBe(true);
  expect([...new Set(packages)].filter((name) => !name.startsWith("node:")).toSorted()).toEqual([
    "@featuremap/devices/table",
    "@featuremap/tensor",
  ]);
  const table = new URL("../../../packages/devices/src/device-table.ts", import.meta.url);
  expect(await packagesOf(table, seen)).toEqual([]);
});

test("what the package exports to config files loads nothing", async () => {
  expect(await packagesOf(new URL("./index.ts", import.meta.url), new Set())).toEqual([]);
});
