import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { nodeOf, nodeVersions } from "../nodes/node-versions.ts";
import { libraries } from "../published-packages.ts";
import { ranWith } from "../ran.ts";
import { type Compilers, compilerVersions, installCompilers, resolutions } from "./compilers.ts";
import { type FollowedReadme, brokenPromises, followReadme, needsPage, tryReadme } from "./readme-examples.ts";

const registry = inject("registry");
let compilers: Compilers;

beforeAll(async () => {
  compilers = await installCompilers(registry);
});
afterAll(() => compilers?.remove());

describe.each(libraries)("$name", ({ folder }) => {
  let followed: FollowedReadme;

  beforeAll(async () => {
    followed = await followReadme(folder, "npm", registry);
  });
  afterAll(() => followed?.project.remove());

  for (const version of needsPage(folder) ? [] : nodeVersions) {
    test(`runs its README's example, ${version}`, ranWith({ manager: "npm", node: version }), async () => {
      expect(await brokenPromises(followed, [await nodeOf(version)])).toEqual([]);
    });
  }

  for (const version of compilerVersions) {
    for (const resolution of resolutions) {
      const tool = `TypeScript ${version}, ${resolution}`;
      test("compiles with every declaration judged", ranWith({ manager: "npm", tool }), async () => {
        expect(await compilers.compile(followed.project, version, resolution)).toEqual([]);
      });
    }
  }

  for (const manager of ["pnpm", "yarn"] as const) {
    test("keeps what its README promises", ranWith({ manager }), async () => {
      expect(await tryReadme(folder, manager, registry)).toEqual([]);
    });
  }
});
