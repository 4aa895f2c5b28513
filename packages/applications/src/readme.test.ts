import { readFile } from "node:fs/promises";
import { firstExample, printedLines, promisedLines, runExample } from "@featuremap/testing/examples";
import { expect, test } from "vitest";
import { findApplication } from "./find-application.ts";
import * as applications from "./index.ts";

const readme = new URL("../README.md", import.meta.url);

test("the README's example runs, and prints what its comments say", async () => {
  const example = await firstExample(readme);
  const calls = await runExample(example, { "@featuremap/applications": applications });
  expect(printedLines(calls)).toEqual(promisedLines(example));
  expect(calls).toHaveLength(5);
});

test("the README's table tells how many weights each network has", async () => {
  const rows = (await readFile(readme, "utf8")).matchAll(/^\| `(\w+)` +\|[^|]+\| ([\d,]+) weights +\|/gm);
  const told = Array.from(rows, ([, name = "", weights = ""]) => [name, Number(weights.replaceAll(",", ""))]);
  const counted = told.map(([name]) => {
    const application = findApplication(String(name));
    const model = application.build({ classes: application.classes ?? 10 });
    const row = [name, model.countParams()];
    model.dispose();
    return row;
  });
  expect(told).toEqual(counted);
  expect(told).toHaveLength(Object.keys(applications.applications).length);
});
