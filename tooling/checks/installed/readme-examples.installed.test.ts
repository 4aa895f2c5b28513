import { basename } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createProject } from "./empty-project.ts";
import { type PackageRegistry, packageFolders, servePackages } from "./package-registry.ts";
import { tryReadme } from "./readme-examples.ts";

const folders = await packageFolders();
let registry: PackageRegistry;

beforeAll(async () => {
  registry = await servePackages();
});
afterAll(() => registry.close());

// Under pnpm a project sees only what it asked for, which makes it the strictest of the three.
test.each(folders.map((folder) => [basename(folder), folder] as const))(
  "what the README of %s says holds in an empty project",
  async (_, folder) => {
    expect(await tryReadme(folder, "pnpm", registry.address)).toEqual([]);
  },
);

test("the command runs where it alone is installed", async () => {
  const project = await createProject("pnpm", registry.address);
  await project.install([registry.command]);
  expect(await project.run("pnpm", ["exec", "featuremap", "--help"])).toContain("train <data>");
  await project.remove();
});
