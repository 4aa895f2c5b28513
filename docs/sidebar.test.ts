import { pagesOfDocs } from "@featuremap/testing/pages";
import { expect, test } from "vitest";
import { sidebar } from "./.vitepress/sidebar.ts";

test("every page but the home page is in the margin", async () => {
  const groups = Object.values(sidebar()).flatMap((side) => (Array.isArray(side) ? side : side.items));
  const links = new Set(groups.flatMap(({ items = [] }) => items.map(({ link = "" }) => link)));
  const written = (await pagesOfDocs())
    .filter((path) => path !== "docs/index.md")
    .map((path) => path.replace(/^docs/, "").replace(/(index)?\.md$/, ""));
  expect(written.filter((page) => !links.has(page))).toEqual([]);
});
