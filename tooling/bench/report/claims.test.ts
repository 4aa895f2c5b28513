import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { pagesOfDocs } from "@featuremap/testing/pages";
import { describe, expect, test } from "vitest";
import { quote, quotingFiles, readResults } from "./claims.mjs";
import { passages } from "./passages.mjs";
import { formatReport } from "./report.mjs";
import { findUnfoundedClaims } from "./speed-claims.mjs";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const read = (file: string): Promise<string> => readFile(join(root, file), "utf8");

/** Every text that a reader might take a claim from. */
async function publicTexts(): Promise<string[]> {
  const readmes = await Promise.all(
    ["packages", "apps", "tooling"].map(async (folder) =>
      (await readdir(join(root, folder))).map((name) => join(folder, name, "README.md")),
    ),
  );
  return ["README.md", ...readmes.flat(), ...(await pagesOfDocs())];
}

describe("claims about speed", () => {
  test.for(quotingFiles)("in %s are the results'", async (file) => {
    const text = await read(file);
    expect(text).toContain("<!-- bench: ");
    expect(text, "node tooling/bench/report/claims.mjs rewrites it").toBe(quote(text, await readResults(root)));
  });

  test("have a table beside the results that shows them", async () => {
    const results = await readResults(root);
    expect(await read(join("tooling", "bench", "results", `${results.date}.md`))).toBe(formatReport(results));
  });

  test("lead to the table wherever else they stand", async () => {
    const texts = await publicTexts();
    expect(texts.length).toBeGreaterThan(15);
    const unfounded = await Promise.all(
      texts.map(async (file) => findUnfoundedClaims(await read(file).catch(() => "")).map((claim) => [file, claim])),
    );
    expect(unfounded.flat()).toEqual([]);
  });
});

describe("a text's claims", () => {
  test.for([
    "It trains faster than anything.",
    "It trains as fast as a native library.",
    "PyTorch takes 74 ms a step.",
    "Twice as many images a second as Keras: 2.1 times its rate.",
    "| work | PyTorch |\n| --- | --: |\n| train | 2.31 (2.16 to 2.44) |",
  ])("are found in %j", (claim) => {
    expect(findUnfoundedClaims(`Before.\n\n${claim}\n\nBehind.`)).toEqual([claim]);
  });

  test.for([
    "It is 2.1 times as fast as PyTorch ([results](../tooling/bench/results/2026-01-01.md)).",
    "<!-- bench: table -->\n\nPyTorch takes 74 ms.\n\n<!-- /bench -->",
    "```\nPyTorch takes 74 ms\n```",
    "Keras 3 has 28 x 28 pixels too, as `Input((28, 28, 1))`.",
    "A step takes 12 ms.",
  ])("are none, or led to the results, in %j", (text) => {
    expect(findUnfoundedClaims(text)).toEqual([]);
  });
});

describe("what is quoted", () => {
  const results = {
    date: "2026-01-01",
    machine: { processor: "A processor", vectors: "AVX2", cores: 2, memory: 24, system: "Linux", node: "20.0.0" },
    busy: 0.02,
    rounds: 5,
    seconds: 0.4,
    participants: [],
    rows: [
      {
        work: "train-n1",
        title: "train N1",
        batchSize: 64,
        peer: "pytorch",
        ours: 6400,
        theirs: 8000,
        ratio: { median: 0.8, lowest: 0.75, highest: 0.9 },
      },
      { work: "train-n1", title: "train N1", batchSize: 64, peer: "pytorch-installed", failure: "it ended" },
    ],
    own: [],
  };

  test("is the warm ratio first, then the one as installed", () => {
    const quoted = quote("a\n<!-- bench: table -->\nold\n<!-- /bench -->\nb", results);
    expect(quoted.replaceAll(/ +/g, " ")).toContain("| train N1 | 10.0 | 0.80 (failed) | | | | | |");
    expect(quoted).not.toContain("old");
  });

  test("is the same when quoted again", () => {
    const once = Object.keys(passages).map((name) => quote(`<!-- bench: ${name} -->\n<!-- /bench -->\n`, results));
    expect(once.map((text) => quote(text, results))).toEqual(once);
    expect(once.join("")).toContain("0.80");
  });

  test("warns where the machine was busy", () => {
    const busy = quote("<!-- bench: table -->\n<!-- /bench -->", { ...results, busy: 0.9 });
    expect(busy).toContain("trust no figure");
  });

  test("must have a name", () => {
    expect(() => quote("<!-- bench: nothing -->\n<!-- /bench -->", results)).toThrow("there is no passage nothing");
  });
});
