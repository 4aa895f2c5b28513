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

/**
 * The types of WebGPU that TensorFlow.js asks for are of 2023, and since TypeScript 6.0 its own declare the same names differently.
 * Only a project that leaves out the library "DOM", or sets `skipLibCheck`, does not see it.
 */
function isClashOfWebgpu(line: string, version: string): boolean {
  return version !== "5.9" && /^\S*(?:@webgpu\/types\/dist\/index|\/lib\.dom)\.d\.ts\(/.test(line);
}

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
      test("compiles with every declaration judged", ranWith({ manager: "npm", tool }), async ({ annotate }) => {
        const lines = await compilers.compile(followed.project, version, resolution);
        const clashes = lines.filter((line) => isClashOfWebgpu(line, version));
        expect(lines.filter((line) => !clashes.includes(line))).toEqual([]);
        if (clashes.length > 0) await annotate(`${clashes.length} clashes of WebGPU's types in TensorFlow.js`);
      });
    }
  }

  for (const manager of ["pnpm", "yarn"] as const) {
    test("keeps what its README promises", ranWith({ manager }), async () => {
      expect(await tryReadme(folder, manager, registry)).toEqual([]);
    });
  }
});
