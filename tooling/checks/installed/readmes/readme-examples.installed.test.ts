import { expect, inject, test } from "vitest";
import { command, libraries } from "../published-packages.ts";
import { createProject } from "../empty-project.ts";
import { tryReadme } from "./readme-examples.ts";

const registry = inject("registry");

// Under pnpm a project sees only what it asked for, which makes it the strictest of the three.
test.each(libraries.map(({ name, folder }) => [name, folder] as const))(
  "what the README of %s says holds in an empty project",
  async (_, folder) => {
    expect(await tryReadme(folder, "pnpm", registry)).toEqual([]);
  },
);

test("the command runs where it alone is installed", async () => {
  const project = await createProject("pnpm", registry);
  // Everything that it depends on comes the usual way, which is faster than through the registry of this run.
  await project.install([`${registry}featuremap/-/featuremap-${command.version}.tgz`]);
  expect(await project.run("pnpm", ["exec", "featuremap", "--help"])).toContain("train <data>");
  await project.remove();
});
