import { readFile } from "node:fs/promises";
import type { Preprocessing } from "@featuremap/images";
import { expect, test } from "vitest";
import * as applications from "./index.ts";

const page = await readFile(new URL("../../../docs/guides/fine-tuning.md", import.meta.url), "utf8");

/** Rows of the table of bases: names, of which those with `…` begin several, and what goes before them. */
const rows = Array.from(page.matchAll(/^\| (`[A-Z].*?) *\| (.*?) *\|$/gm), ([, bases = "", before = ""]) => ({
  names: Array.from(bases.matchAll(/`(.*?)`/g), ([, name = ""]) => name),
  before,
}));

/** What the row of such networks must name. */
function preparation({ channelOrder, scale }: Preprocessing): string {
  if (channelOrder === "bgr") return "`preprocessInput`";
  if (scale === 1 / 127.5) return "`new Rescaling({ scale: 1 / 127.5, offset: -1 })`";
  return scale === 1 / 255 ? "Normalization" : "nothing";
}

test("the guide to fine-tuning says of every network of Keras what goes before it", () => {
  const backbones = Object.entries(applications).filter(
    (entry): entry is [string, applications.Backbone] => typeof entry[1] === "function" && "preprocessing" in entry[1],
  );
  expect(backbones.length).toBeGreaterThan(35);
  const wrong = backbones.filter(([name, { preprocessing }]) => {
    const row = rows.find(({ names }) =>
      names.some((base) => (base.endsWith("…") ? name.startsWith(base.slice(0, -1)) : name === base)),
    );
    return row?.before.includes(preparation(preprocessing)) !== true;
  });
  expect(wrong.map(([name]) => name)).toEqual([]);
});
