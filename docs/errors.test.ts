import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("../", import.meta.url));

/** Every code that the sources give an error or a note. */
async function codesInSources(): Promise<Set<string>> {
  const codes = new Set<string>();
  for (const place of ["packages", "apps"]) {
    for (const name of await readdir(join(root, place))) {
      const folder = join(root, place, name, "src");
      for (const path of await readdir(folder, { recursive: true })) {
        if (!path.endsWith(".ts") || /\.test(-d)?\.ts$|testing/.test(path)) continue;
        const text = await readFile(join(folder, path), "utf8");
        for (const [, code = ""] of text.matchAll(/\bcode(?:: string)?\s*[:=]\s*"([A-Z]+_[A-Z_]+|[A-Z]{5,})"/g))
          codes.add(code);
      }
    }
  }
  return codes;
}

test("the page of errors has a section for every code, and for no other", async () => {
  const page = await readFile(join(root, "docs/reference/errors.md"), "utf8");
  const sections = Array.from(page.matchAll(/^## ([A-Z_]+)$/gm), ([, code = ""]) => code);
  const codes = await codesInSources();
  expect(codes.size).toBeGreaterThan(10);
  expect(sections.toSorted()).toEqual([...codes].toSorted());
});

test("each of these says what to do", async () => {
  const page = await readFile(join(root, "docs/reference/errors.md"), "utf8");
  const silent = page
    .split(/^## /m)
    .filter((section) => /^[A-Z_]+\n/.test(section) && !section.includes("**What to do:**"))
    .map((section) => section.split("\n")[0]);
  expect(silent).toEqual([]);
});
