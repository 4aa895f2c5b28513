import { existsSync } from "node:fs";
import { mkdtemp, readFile, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as datasets from "@featuremap/datasets";
import * as devices from "@featuremap/devices";
import * as formats from "@featuremap/formats";
import * as layers from "@featuremap/layers";
import { firstExample, runExample } from "@featuremap/testing/examples";
import { pagesOfDocs } from "@featuremap/testing/pages";
import * as training from "@featuremap/training";
import { afterEach, expect, test } from "vitest";

const readme = new URL("../../README.md", import.meta.url);
const repository = new URL("../../", import.meta.url);
const workingFolder = process.cwd();

afterEach(() => {
  process.chdir(workingFolder);
});

test("the README's example has 15 lines at most, trains a network and saves it", { timeout: 240_000 }, async () => {
  const code = await firstExample(readme);
  expect(code.split("\n").filter((line) => line !== "").length).toBeLessThanOrEqual(15);
  const folder = await mkdtemp(join(tmpdir(), "readme-"));
  process.chdir(folder);

  const history = {
    loss: [expect.any(Number)],
    accuracy: [expect.any(Number)],
    val_loss: [expect.any(Number)],
    val_accuracy: [expect.closeTo(0.9, 1)],
  };
  const modules = {
    "@featuremap/datasets": datasets,
    "@featuremap/devices": devices,
    "@featuremap/formats": formats,
    "@featuremap/layers": layers,
    "@featuremap/training": training,
  };
  expect(await runExample(code, modules)).toEqual([[history]]);
  expect(existsSync(join(folder, "runs/example/model/model.json"))).toBe(true);
  process.chdir(workingFolder);
  await rm(folder, { recursive: true });
});

test("every file that a page links to is there", async () => {
  const pages = ["README.md", "CONTRIBUTING.md", ...(await pagesOfDocs())];
  for (const folder of ["packages", "apps", "tooling"])
    for (const name of await readdir(new URL(folder, repository))) pages.push(`${folder}/${name}/README.md`);
  const missing: string[] = [];
  let count = 0;
  for (const page of pages) {
    const address = new URL(page, repository);
    if (!existsSync(address)) continue;
    for (const [, link = ""] of (await readFile(address, "utf8")).matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^(https?:|#)/.test(link)) continue;
      count += 1;
      if (!existsSync(new URL(link.replace(/#.*/, ""), address))) missing.push(`${page}: ${link}`);
    }
  }
  expect(count).toBeGreaterThan(80);
  expect(missing).toEqual([]);
});
