import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { printedLines, promisedLines, runExample, typeScriptOnly } from "@featuremap/testing/examples";
import { pagesOfDocs } from "@featuremap/testing/pages";
import { disposeVariables } from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { blocksOf, programsOf } from "./testing/blocks.ts";
import { compilerComplaints } from "./testing/compile.ts";
import { surroundings, surroundingsOfNotRun } from "./testing/surroundings.ts";
import { prepare } from "./testing/prepare.ts";

const root = fileURLToPath(new URL("../", import.meta.url));
const pages = await Promise.all(
  (await pagesOfDocs()).map(async (path) => ({ path, text: await readFile(root + path, "utf8") })),
);

/** Pages whose code needs more around it than a folder of files: the tests that run it. */
const runElsewhere: Readonly<Record<string, string>> = {
  "docs/guides/data.md": "tooling/checks/data-guide.test.ts",
  "docs/guides/training.md": "packages/training/src/guide.test.ts",
  "docs/tutorials/lessons.md": "tooling/checks/lessons.fresh.test.ts",
};

/** Languages that are shown and not run: commands (those of the command-line tutorials run in apps/trainer), markup, other languages, output. */
const shown = new Set(["sh", "html", "python", "json", "text", "mermaid", "js"]);

describe("code on the pages", () => {
  test("is of a kind that is known", () => {
    const unknown = pages.flatMap(({ path, text }) =>
      blocksOf(text)
        .filter(({ language }) => language !== "ts" && !shown.has(language))
        .map(({ language, line }) => `${path}:${line} ${language}`),
    );
    expect(unknown).toEqual([]);
  });

  test("says why it is not run, where it is not", () => {
    const silent = pages.flatMap(({ path, text }) =>
      blocksOf(text)
        .filter(({ notRun }) => notRun === "")
        .map(({ line }) => `${path}:${line}`),
    );
    expect(silent).toEqual([]);
  });

  test("has the same step in Keras beside each block, where the page says so", () => {
    const promise = "The other tab of each block has the same step in Keras.";
    const promising = pages.filter(({ text }) => text.replaceAll(/\s+/g, " ").includes(promise));
    expect(promising.length).toBeGreaterThan(2);
    const alone = promising.flatMap(({ path, text }) => {
      const groups = Array.from(text.matchAll(/^::: code-group\n([^]*?)^:::$/gm), ([, group = ""]) => blocksOf(group));
      const paired = groups.filter((group) => group.some(({ language }) => language === "python")).flat();
      const codes = new Set(paired.map(({ code }) => code));
      return blocksOf(text)
        .filter(({ language, code }) => language === "ts" && !codes.has(code))
        .map(({ line }) => `${path}:${line}`);
    });
    expect(alone).toEqual([]);
  });

  test.for(Object.entries(runElsewhere))("of %s is run by %s", async ([page, file]) => {
    expect(await readFile(root + file, "utf8")).toContain(page);
  });

  test("parses, where it is JavaScript", () => {
    const broken = pages.flatMap(({ path, text }) =>
      blocksOf(text)
        .filter(({ language }) => language === "js")
        .flatMap(({ code, line }) => typeScriptOnly(code).map((complaint) => `${path}:${line} ${complaint}`)),
    );
    expect(broken).toEqual([]);
  });

  test("compiles strictly", { timeout: 300_000 }, () => {
    const pieces = pages.flatMap(({ path, text }) => {
      const programs = programsOf(text);
      // The training guide is one program, which imports again half-way.
      const joined =
        path === "docs/guides/training.md"
          ? [{ line: 1, code: programs.map(({ code }) => code).join("\n"), notRun: undefined }]
          : programs;
      return joined.map(({ line, code, notRun }) => {
        const around = (notRun === undefined ? surroundings : surroundingsOfNotRun)[path] ?? "";
        return { place: `${path}:${line}`, code: `${around}\n${code}` };
      });
    });
    expect(pieces.length).toBeGreaterThan(40);
    expect(compilerComplaints(pieces)).toEqual([]);
  });
});

const running = pages
  .filter(({ path }) => !(path in runElsewhere))
  .map(({ path, text }) => ({ path, programs: programsOf(text).filter(({ notRun }) => notRun === undefined) }))
  .filter(({ programs }) => programs.length > 0);

describe.for(running)("code of $path", ({ path, programs }) => {
  const before = process.cwd();
  let folder = "";
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "featuremap-docs-"));
    process.chdir(folder);
    await prepare[path]?.(folder);
  });
  afterAll(async () => {
    process.chdir(before);
    await rm(folder, { recursive: true });
    disposeVariables();
  });

  test.for(programs)("from line $line on prints what its comments say", { timeout: 300_000 }, async ({ code }) => {
    const names = Array.from(code.matchAll(/(?:from|import\(|^import)\s*"([^"]+)"/gm), ([, name = ""]) => name);
    const modules: Record<string, object> = {};
    for (const name of names) modules[name] = await import(/* @vite-ignore */ name);
    const globals = { URL, Blob, Buffer, Request, Response, fetch, process };
    const printed = printedLines(await runExample(code, modules, globals));
    // Comments on lines of their own say what is meant, those behind a `console.log` what is printed.
    const promised = promisedLines(code).filter((line) => code.includes(`; // ${line}`));
    expect(printed.filter((line) => promised.includes(line))).toEqual(promised);
  });
});
