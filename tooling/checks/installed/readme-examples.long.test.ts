import { describe, expect, inject, test } from "vitest";
import { libraries } from "./published-packages.ts";
import { tryReadme } from "./readme-examples.ts";

const registry = inject("registry");

describe.each(["npm", "yarn"] as const)("installed by %s alone", (manager) => {
  test.each(libraries.map(({ name, folder }) => [name, folder] as const))(
    "the README of %s holds",
    async (_, folder) => {
      expect(await tryReadme(folder, manager, registry)).toEqual([]);
    },
  );
});
