import { readFile, readdir, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { serve } from "./commands/serve.ts";
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

test("the README's commands run, one after another", { timeout: 60_000 }, async () => {
  const readme = await readFile(new URL("../README.md", import.meta.url), "utf8");
  const lines = Array.from(readme.matchAll(/^npx featuremap (.*)$/gm), ([, words = ""]) =>
    words.replaceAll(/(runs|public)\//g, `${folder.path()}/`).split(" "),
  );
  expect(lines.map(([command]) => command)).toEqual([
    "train",
    "evaluate",
    "predict",
    "summary",
    "export",
    "bench",
    "serve",
  ]);
  const quick: Readonly<Record<string, string[]>> = {
    train: ["--limit", "64"],
    evaluate: ["--limit", "64"],
    bench: ["--rounds", "1", "--seconds", "0.1"],
  };
  for (const words of lines.slice(0, -1)) {
    const { code, error } = await run([...words, ...(quick[words[0] ?? ""] ?? [])]);
    expect({ words, code, error }).toEqual({ words, code: 0, error: "" });
  }
  expect(await readdir(folder.path("model"))).toEqual(["model.json", "weights.safetensors"]);

  // By itself, `serve` would look for the built page.
  await writeFile(folder.path("index.html"), "");
  const server = await serve({ bundle: lines.at(-1)?.[1] ?? "", port: 0, web: folder.path() });
  expect((await fetch(`${server.address}model/model.json`)).status).toBe(200);
  await server.close();
});
