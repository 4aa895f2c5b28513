import { readFile, readdir } from "node:fs/promises";
import { expect, test } from "vitest";
import { run } from "./testing/run.ts";
import { temporaryFolder } from "./testing/saved-model.ts";

const folder = temporaryFolder();

test("the README's commands run, one after another", { timeout: 60_000 }, async () => {
  const readme = await readFile(new URL("../README.md", import.meta.url), "utf8");
  const lines = Array.from(readme.matchAll(/^npx featuremap (.*)$/gm), ([, words = ""]) =>
    words.replaceAll(/(runs|public)\//g, `${folder.path()}/`).split(" "),
  );
  expect(lines.map(([command]) => command)).toEqual(["train", "evaluate", "predict", "summary", "export", "serve"]);
  for (const words of lines) {
    const [command = ""] = words;
    // Quick: a few digits instead of all, any port, and Ctrl-C as soon as the server says where it is.
    const few = command === "train" || command === "evaluate" ? ["--limit", "64"] : [];
    const port = command === "serve" ? ["--port", "0"] : [];
    const result = await run([...words, ...few, ...port], {
      onOutput(output, interrupt) {
        if (output.includes("Press Ctrl-C")) interrupt();
      },
    });
    expect(result, words.join(" ")).toMatchObject({ code: 0, error: "" });
  }
  expect(await readdir(folder.path("model"))).toEqual(["model.json", "weights.safetensors"]);
});
