import { basename } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type PackageRegistry, packageFolders, servePackages } from "./package-registry.ts";
import { tryReadme } from "./readme-examples.ts";

const folders = await packageFolders();
let registry: PackageRegistry;

beforeAll(async () => {
  registry = await servePackages();
});
afterAll(() => registry.close());

describe.each(["npm", "yarn"] as const)("installed by %s alone", (manager) => {
  test.each(folders.map((folder) => [basename(folder), folder] as const))(
    "the README of %s holds",
    async (_, folder) => {
      expect(await tryReadme(folder, manager, registry.address)).toEqual([]);
    },
  );
});
