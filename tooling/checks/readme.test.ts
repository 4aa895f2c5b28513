import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";

const readme = new URL("../../README.md", import.meta.url);
const repository = new URL("../../", import.meta.url);
// Beside this file, so that the packages it imports are found.
const example = new URL("readme-example.generated.ts", import.meta.url);
const workingFolder = process.cwd();

afterEach(async () => {
  process.chdir(workingFolder);
  vi.restoreAllMocks();
  await rm(example, { force: true });
});

test("the README's example has 15 lines at most, trains a network and saves it", { timeout: 240_000 }, async () => {
  const [, code = ""] = /```ts\n([\s\S]*?)```/.exec(await readFile(readme, "utf8")) ?? [];
  expect(code.split("\n").filter((line) => line !== "").length).toBeLessThanOrEqual(15);
  await writeFile(example, code);
  const folder = await mkdtemp(join(tmpdir(), "readme-"));
  process.chdir(folder);
  const log = vi.spyOn(console, "log").mockImplementation(() => undefined);

  await import(example.href);

  expect(log).toHaveBeenCalledExactlyOnceWith({
    loss: [expect.any(Number)],
    accuracy: [expect.any(Number)],
    val_loss: [expect.any(Number)],
    val_accuracy: [expect.closeTo(0.9, 1)],
  });
  expect(existsSync(join(folder, "runs/example/model/model.json"))).toBe(true);
  process.chdir(workingFolder);
  await rm(folder, { recursive: true });
});

test("every file that the README links to is there", async () => {
  const links = Array.from((await readFile(readme, "utf8")).matchAll(/\]\(([^)]+)\)/g), ([, link = ""]) => link);
  expect(links.length).toBeGreaterThan(10);
  expect(links.filter((link) => !existsSync(new URL(link, repository)))).toEqual([]);
});
