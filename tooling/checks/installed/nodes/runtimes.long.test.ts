import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { type EmptyProject, createProject } from "../empty-project.ts";
import { libraries } from "../published-packages.ts";
import { ranWith } from "../ran.ts";
import { brokenPromises, followReadme, needsPage } from "../readmes/readme-examples.ts";

const registry = inject("registry");

/** What runs JavaScript beside Node: npm packages that bring a program. */
const runtimes = [
  { name: "Deno", version: "2.9.6", parameters: ["run", "--allow-all", "--node-modules-dir=manual"] },
  { name: "Bun", version: "1.4.5", parameters: ["run"] },
];

describe.each(runtimes)("$name", ({ name, version, parameters }) => {
  const program = name.toLowerCase();
  let home: EmptyProject;

  beforeAll(async () => {
    home = await createProject("npm", registry);
    // The programs come as packages for each platform; where their scripts do not run, the first start finds them.
    await home.install([`${program}@${version}`]);
  });
  afterAll(() => home?.remove());

  for (const { name: library, folder } of libraries.filter((entry) => !needsPage(entry.folder))) {
    test(
      `runs the README's example of ${library}`,
      ranWith({ manager: "npm", node: `${name} ${version}` }),
      async () => {
        const followed = await followReadme(folder, "npm", registry);
        try {
          const executable = join(home.folder, "node_modules", ".bin", program);
          expect(await brokenPromises(followed, [executable, ...parameters])).toEqual([]);
        } finally {
          await followed.project.remove();
        }
      },
    );
  }
});
