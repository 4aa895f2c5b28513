import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { publishedPackages } from "../../release/publish/packages.mjs";
import { licenseInCode, licenseInReadme, withLicenses } from "@featuremap/tsconfig/license-texts";
import { bareHeadings, noticeOf, unnoticedPackages } from "./notices.mjs";
import { declarationMapProblems, sourceMapProblems } from "./source-maps.mjs";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "packed-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(file: string, text: string): void {
  mkdirSync(dirname(join(folder, file)), { recursive: true });
  writeFileSync(join(folder, file), text);
}

describe("source maps", () => {
  const code = "const one = 1;\nexport { one };\n//# sourceMappingURL=index.js.map";
  const map = { version: 3, sources: ["../src/index.ts"], sourcesContent: ["export const one = 1;"], mappings: "" };

  test("lead to sources that they hold", () => {
    write("dist/index.js", code);
    write("dist/index.js.map", JSON.stringify(map));
    write("dist/passed-on.js", 'import { one } from "./index.js";\nexport { one };\n');
    const files = ["dist/index.js", "dist/index.js.map", "dist/passed-on.js"];
    expect(sourceMapProblems(folder, files)).toEqual([]);
  });

  test.for([
    ["is not packed", code, JSON.stringify(map), ["dist/index.js"], "its map index.js.map is not packed"],
    [
      "lacks a source",
      code,
      JSON.stringify({ ...map, sourcesContent: [null] }),
      ["dist/index.js", "dist/index.js.map"],
      "its map lacks the source ../src/index.ts",
    ],
    ["is missing", "export const one = 1;\n", "", ["dist/index.js"], "has no source map"],
  ] as const)("are asked for where one %s", ([, text, mapText, files, problem]) => {
    write("dist/index.js", text);
    write("dist/index.js.map", mapText);
    expect(sourceMapProblems(folder, files)).toEqual([expect.stringContaining(problem)]);
  });
});

test("declarations name no map that is not packed", () => {
  write("dist/index.d.ts", "export declare const one = 1;\n//# sourceMappingURL=index.d.ts.map");
  write("dist/plain.d.ts", "export declare const two = 2;\n");
  const files = ["dist/index.d.ts", "dist/plain.d.ts"];
  expect(declarationMapProblems(folder, files)).toEqual(["dist/index.d.ts: its map index.d.ts.map is not packed."]);
  expect(declarationMapProblems(folder, [...files, "dist/index.d.ts.map"])).toEqual([]);
});

describe("the notice of a package", () => {
  test("is none where all is our own", () => {
    write("dist/index.js", "export const one = 1;\n");
    expect(noticeOf(folder)).toBeUndefined();
    expect(unnoticedPackages(folder)).toEqual([]);
  });

  test("names what a bundler put in, the decoder of JPEG and the kernels' library", () => {
    const decoder = readFileSync(join(import.meta.dirname, "../../../packages/images/embedded/jpeg-turbo.js"), "utf8");
    write("dist/page/page.js", decoder);
    write("dist/page/third-party.md", "# Licenses\n\nThe app bundles\n\n## seedrandom - 3.0.5 (MIT)\n\nText.\n");
    expect(noticeOf(folder)?.match(/^## .*$/gm)).toEqual([
      "## seedrandom - 3.0.5 (MIT)",
      "## libjpeg-turbo - 2.1.5 (IJG, BSD-3-Clause, Zlib)",
      expect.stringMatching(/^## AssemblyScript's standard library - \d/),
    ]);
  });

  test("is asked for where a module of others is among our own", () => {
    write("dist/index.js.map", JSON.stringify({ sources: ["../src/index.ts", "../node_modules/seedrandom/index.js"] }));
    expect(unnoticedPackages(folder)).toEqual(["../node_modules/seedrandom/index.js"]);
  });
});

describe("the licences of bundled packages", () => {
  const terms = "Permission is hereby granted. ".repeat(20).trim();

  test("are taken from a README where there is no file", () => {
    const own = `Copyright 2019 A. Author.\n\n${terms}`;
    expect(licenseInReadme(`Title\n=====\n\nText.\n\nLICENSE (MIT)\n-------------\n\n${own}\n`)).toBe(own);
    expect(licenseInReadme(`# Title\n\n## License\n\n${own}\n\n## Thanks\n\nTo all.\n`)).toBe(own);
    expect(licenseInReadme("# Title\n\n## License\n\nMIT, copyright A. Author\n")).toBeUndefined();
    expect(licenseInReadme(`# Title\n\n${own}\n`)).toBeUndefined();
  });

  test("are taken from the comment that begins the code, else from nowhere", () => {
    const code =
      "/**\n * @license\n * Copyright 2020 A.\n * Licensed under the Apache License\n * ====================\n */\n";
    expect(licenseInCode(`${code}export {};\n`)).toBe("Copyright 2020 A.\nLicensed under the Apache License");
    expect(licenseInCode("/** Adds. */\nexport {};\n")).toBeUndefined();
  });

  test("stand below the packages that lack one, as seedrandom does", () => {
    const text = `# Licenses\n\n## a - 1.0.0 (MIT)\n\n${terms}\n\n## seedrandom - 3.0.5 (MIT)\n`;
    const written = withLicenses(text);
    expect(written).toContain(
      `## a - 1.0.0 (MIT)\n\n${terms}\n\n## seedrandom - 3.0.5 (MIT)\n\nCopyright 2019 David Bau.`,
    );
    expect([bareHeadings(text), bareHeadings(written)]).toEqual([["seedrandom - 3.0.5 (MIT)"], []]);
    expect(bareHeadings("## a - 1\n\n## b - 2\n\nText.\n")).toEqual(["a - 1"]);
  });

  test("are asked for where a package tells none, or refers to one that is not there", () => {
    const text = "## a - 1.0.0 (Apache-2.0)\n";
    expect(() => withLicenses(text, () => undefined)).toThrow("a 1.0.0 is bundled, and has no licence's text");
    expect(() => withLicenses(text, () => "Licensed under the Apache License")).toThrow("that nothing bundled holds");
    expect(() => withLicenses("## no-such-package - 1.0.0 (MIT)\n")).toThrow("not installed");
  });
});

describe("sizes", () => {
  const read = (file: string): unknown => JSON.parse(readFileSync(new URL(file, import.meta.url), "utf8"));

  test("are limited for every package as it is downloaded, and as a page gets it", () => {
    const names = publishedPackages().map(({ name }) => name);
    expect(Object.keys(read("packed-sizes.json") as object).toSorted()).toEqual(names.toSorted());
    const paths = (read("../size-limits.json") as readonly { readonly path: string }[]).map(({ path }) => path);
    // The command is for Node alone.
    const inPages = publishedPackages().filter(({ name }) => name !== "featuremap");
    for (const { name } of inPages) expect(paths).toContain(`../../packages/${name.split("/")[1]}/dist/index.js`);
  });
});
