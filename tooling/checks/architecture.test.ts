import { existsSync } from "node:fs";
import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { mayImport } from "./boundaries.config.mjs";
import { root } from "./exported-symbols.mjs";

const docs = join(root, "docs", "architecture");
const recipes = (await readdir(join(docs, "recipes"))).toSorted();

test("the architecture's table is the one that the boundaries enforce", async () => {
  const page = await readFile(join(docs, "index.md"), "utf8");
  const rows = Array.from(page.matchAll(/^\| `([a-z-]+)` +\| ([^|]*?) +\|$/gm), ([, name = "", allowed = ""]) => [
    name,
    Array.from(allowed.matchAll(/`([a-z-]+)`/g), ([, other]) => other),
  ]);
  expect(Object.fromEntries(rows)).toEqual(mayImport);
});

test("the architecture links every recipe", async () => {
  const page = await readFile(join(docs, "index.md"), "utf8");
  const linked = Array.from(page.matchAll(/\]\(recipes\/([^)]+)\)/g), ([, name = ""]) => name);
  expect(linked.toSorted()).toEqual(recipes);
});

/** The word that the places of a recipe's example share, however it is spelled. */
function plain(text: string): string {
  return text.toLowerCase().replaceAll(/[^a-z0-9]/g, "");
}

test.for(recipes)("the places that recipes/%s names exist, and hold its example", async (name) => {
  const recipe = await readFile(join(docs, "recipes", name), "utf8");
  const example = plain(/^Example: `([^`]+)`/m.exec(recipe)?.[1] ?? "no example");
  const pathsIn = (text: string): string[] =>
    Array.from(text.matchAll(/`((?:[\w~.-]+\/)+[\w.-]*|README\.md)`/g), ([, path = ""]) => path);
  const places = pathsIn(recipe);
  expect(places.length).toBeGreaterThan(4);
  expect(places.filter((place) => !existsSync(join(root, place)))).toEqual([]);
  const steps = recipe.slice(recipe.indexOf("\n1. "), recipe.lastIndexOf("npm run changeset"));
  const files = pathsIn(steps).filter((place) => !place.endsWith("/"));
  const texts = await Promise.all(files.map((place) => readFile(join(root, place), "utf8")));
  expect(files.filter((_, index) => !plain(texts[index] ?? "").includes(example))).toEqual([]);
});
