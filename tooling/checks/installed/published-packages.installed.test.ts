import { basename } from "node:path";
import { expect, inject, test } from "vitest";
import { command, libraries } from "./published-packages.ts";

const registry = inject("registry");

/** What npm compares with the signed statement of where a package was built, and what it needs to make one public. */
test.each([...libraries, command])(
  "$name is published with what provenance needs",
  async ({ name, version, folder }) => {
    const answer = await fetch(new URL(name.replace("/", "%2f"), registry));
    const group = name === "featuremap" ? "apps" : "packages";
    expect(await answer.json()).toMatchObject({
      "dist-tags": { latest: version },
      versions: {
        [version]: {
          repository: {
            type: "git",
            url: "git+https://github.com/featuremap/featuremap.git",
            directory: `${group}/${basename(folder)}`,
          },
          publishConfig: { access: "public", provenance: true },
          license: "MIT",
          engines: { node: ">=20.19.0" },
        },
      },
    });
  },
);

test("all packages have one version, and ask for each other by it", async () => {
  for (const { name, version } of [...libraries, command]) {
    expect(version).toBe(command.version);
    const answer = await fetch(new URL(name.replace("/", "%2f"), registry));
    const { dependencies = {} } = (await answer.json()).versions[version];
    const ours = Object.entries(dependencies).filter(([dependency]) => dependency.startsWith("@featuremap/"));
    for (const [dependency, range] of ours)
      expect([name, dependency, range]).toEqual([name, dependency, `^${version}`]);
  }
});
