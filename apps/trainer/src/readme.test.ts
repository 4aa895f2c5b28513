import { readFile, readdir, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { discPicture, writeFiles } from "./testing/made-pictures.ts";
import { run } from "./testing/run.ts";
import { temporaryFolder } from "./testing/saved-model.ts";

const folder = temporaryFolder();

test("the README's config is one", async () => {
  const readme = await readFile(new URL("../README.md", import.meta.url), "utf8");
  const [, example = ""] = /```ts\n([\s\S]*?)```/.exec(readme) ?? [];
  expect(example.trimEnd().split("\n").length).toBeLessThanOrEqual(15);
  const index = JSON.stringify(fileURLToPath(new URL("./index.ts", import.meta.url)));
  await writeFile(
    folder.path("featuremap.config.ts"),
    example.replace('"featuremap"', () => index),
  );
  const { code, output } = await run(["train", "--print-config"], { folder: folder.path() });
  expect(code).toBe(0);
  expect(output).toContain("train.batchSize in featuremap.config.ts");
});

test("the README's commands run, one after another", { timeout: 120_000 }, async ({ onTestFinished }) => {
  const readme = await readFile(new URL("../README.md", import.meta.url), "utf8");
  const lines = Array.from(readme.matchAll(/^npx featuremap (.*)$/gm), ([, words = ""]) => words.split(" "));
  expect(lines.map(([command]) => command)).toEqual(["train", "evaluate", "predict", "export", "serve"]);
  for (const part of ["train", "test"])
    for (const [label, name] of ["cat", "dog"].entries())
      for (let index = 0; index < 4; index++) {
        const picture = await discPicture(label, index, [16, 16]).png().toBuffer();
        await writeFiles(folder.path(), { [`photos/${part}/${name}/${index}.png`]: picture });
      }
  const before = process.cwd();
  onTestFinished(() => process.chdir(before));
  process.chdir(folder.path());
  const more: Readonly<Record<string, string[]>> = {
    train: ["--epochs", "1", "--threads", "1", "--workers", "0", "--no-report"],
    serve: ["--port", "0"],
  };
  const outputs = new Map<string, string>();
  for (const [command = "", ...words] of lines) {
    const { code, output, error } = await run(
      [command, ...words, ...(more[command] ?? [])],
      command === "serve" ? { onOutput: (_, interrupt) => setTimeout(interrupt, 0) } : {},
    );
    const hint = command === "train" ? "" : "featuremap: The last run is runs/photos-1.\n";
    expect({ command, code, error }).toEqual({ command, code: 0, error: hint });
    outputs.set(command, output);
  }
  expect(outputs.get("evaluate")).toContain("8 images");
  expect(outputs.get("predict")).toContain("photos/test/dog/3.png");
  expect(await readdir(folder.path("public/model"))).toEqual(["model.json", "weights.safetensors"]);
  expect(outputs.get("serve")).toContain("http://localhost:");
});
