import { readFile, readdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { pagesOfDocs } from "@featuremap/testing/pages";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("../../", import.meta.url));
/** "`name(...)` of `@featuremap/package`", the package perhaps a link. */
const mention = /`(?:await |new |const \w+ = await )?(\w+)(?:\([^`]*\))?`\s+of\s+\[?`@featuremap\/([\w-]+)`/g;

test("what prose names of a package is among its exports", async () => {
  const wrong: string[] = [];
  let count = 0;
  const docs = await pagesOfDocs();
  const folders = (await readdir(`${root}packages`)).map((name) => `packages/${name}/README.md`);
  for (const path of ["README.md", ...docs, ...folders]) {
    for (const [whole, name = "", folder = ""] of (await readFile(root + path, "utf8")).matchAll(mention)) {
      count += 1;
      const index = await readFile(`${root}packages/${folder}/src/index.ts`, "utf8");
      if (!new RegExp(`\\b${name}\\b`).test(index)) wrong.push(`${path}: ${whole}`);
    }
  }
  expect(wrong).toEqual([]);
  expect(count).toBeGreaterThan(20);
});
