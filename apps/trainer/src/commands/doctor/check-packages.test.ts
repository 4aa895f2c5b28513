import { expect, test } from "vitest";
import { writeFiles } from "../../testing/made-pictures.ts";
import { temporaryFolder } from "../../testing/saved-model.ts";
import { checkPackages, ownFolder } from "./check-packages.ts";

const folder = temporaryFolder();

const manifest = (name: string, version: string, ...needs: string[]): string =>
  JSON.stringify({ name, version, dependencies: Object.fromEntries(needs.map((each) => [each, "*"])) });

test("the packages that are installed here are of one version", () => {
  expect(checkPackages()).toEqual([
    {
      topic: "packages",
      status: "ok",
      text: expect.stringMatching(/^featuremap .* and its \d\d packages, of one version/),
    },
  ]);
  expect(ownFolder()).toMatch(/trainer$/);
});

test("a package that is missing, one of another version and one that is there twice are problems", async () => {
  await writeFiles(folder.path("odd"), {
    "package.json": manifest(
      "featuremap",
      "2.0.0",
      "@featuremap/layers",
      "@featuremap/tensor",
      "@featuremap/files",
      "sharp",
    ),
    "node_modules/@featuremap/layers/package.json": manifest("@featuremap/layers", "2.0.0", "@featuremap/tensor"),
    "node_modules/@featuremap/layers/node_modules/@featuremap/tensor/package.json": manifest(
      "@featuremap/tensor",
      "2.0.0",
    ),
    "node_modules/@featuremap/tensor/package.json": manifest("@featuremap/tensor", "1.9.0"),
  });
  const found = checkPackages(folder.path("odd"));
  expect(found.map(({ status }) => status)).toEqual(["problem", "problem", "problem"]);
  expect(found.map(({ text }) => text)).toEqual([
    "Not installed: @featuremap/files",
    "Packages of other versions than featuremap 2.0.0: @featuremap/tensor 1.9.0",
    expect.stringMatching(/^@featuremap\/tensor is installed 2 times: /),
  ]);
});
