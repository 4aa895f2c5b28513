import { mkdir, mkdtemp, readFile, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { relative } from "node:path/posix";
import { type ICruiseResult, cruise } from "dependency-cruiser";
import { afterEach, describe, expect, test } from "vitest";
import boundaries from "./boundaries.config.mjs";

const folders: string[] = [];

afterEach(async () => {
  await Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true })));
});

/** Names of the rules that a small workspace of these files breaks. @param linked packages that others find by name */
async function brokenRules(files: Readonly<Record<string, string>>, linked: readonly string[] = []): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), "boundaries-"));
  folders.push(folder);
  for (const [name, text] of Object.entries({ "package.json": "{}", ...files })) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
  await mkdir(join(folder, "node_modules"));
  for (const name of linked) await symlink(join(folder, "packages", name), join(folder, "node_modules", name));
  const { enhancedResolveOptions, ...options } = boundaries.options ?? {};
  const { output } = await cruise(
    ["packages", "apps", "tooling"].filter((top) => Object.keys(files).some((name) => name.startsWith(`${top}/`))),
    { ...options, baseDir: folder, validate: true, ruleSet: { forbidden: boundaries.forbidden ?? [] } },
    enhancedResolveOptions,
  );
  const { violations } = (output as ICruiseResult).summary;
  return [...new Set(violations.map(({ rule }) => rule.name))].toSorted();
}

const exported = "export const value = 1;\n";

/** An import of `to` in `from`; both files exist. */
function importing(from: string, specifier: string, to: string): Record<string, string> {
  return { [from]: `import { value } from "${specifier}";\nexport const other = value;\n`, [to]: exported };
}

/** What Node's `fs` offers that writes into files. Folders are made, moved and removed by whoever has them. */
const writers = /\b(write|writev|writeFile|appendFile|copyFile|createWriteStream|truncate|ftruncate)(Sync)?\b/;
const fromDisk = /import\s+\{([^}]*)\}\s+from "(?:node:)?fs(?:\/promises)?"/g;

/** Whether a module writes files by itself. */
function writesFiles(text: string): boolean {
  return [...text.matchAll(fromDisk)].some(([, names = ""]) => writers.test(names));
}

/** Whether a file is what users get, and not of `files` itself. */
function isSource(name: string): boolean {
  const others = /\.(test|test-d|test-support)\.ts$|\/src\/(testing|conformance)\/|^packages\/files\//;
  return name.endsWith(".ts") && !others.test(name);
}

describe("files alone writes files:", () => {
  test.for([
    ['import { writeFile } from "node:fs/promises";', true],
    ['import {\n  readFile,\n  createWriteStream,\n} from "node:fs";', true],
    ['import { appendFileSync } from "fs";', true],
    ['import { readFile, stat } from "node:fs/promises";\nimport { writeFileWhole } from "@featuremap/files";', false],
  ] as const)("%j writes: %s", ([text, expected]) => {
    expect(writesFiles(text)).toBe(expected);
  });

  test("no other package and no app does", async () => {
    const root = fileURLToPath(new URL("../../", import.meta.url));
    const sources: string[] = [];
    for (const top of ["packages", "apps"]) {
      for (const folder of await readdir(join(root, top))) {
        const names = await readdir(join(root, top, folder, "src"), { recursive: true }).catch(() => []);
        sources.push(...names.map((name) => `${top}/${folder}/src/${name.replaceAll("\\", "/")}`).filter(isSource));
      }
    }
    expect(sources.length).toBeGreaterThan(500);
    const writing = await Promise.all(
      sources.map(async (name) => (writesFiles(await readFile(join(root, name), "utf8")) ? [name] : [])),
    );
    expect(writing.flat()).toEqual([]);
  });
});

describe("the rules of who may import whom", () => {
  test("let a package import what stands below it", async () => {
    const files = importing("packages/formats/src/a.ts", "../../layers/src/index.ts", "packages/layers/src/index.ts");
    expect(await brokenRules(files)).toEqual([]);
  });

  test.for([
    ["inference", "training", "inference-imports"],
    ["inference", "datasets", "inference-imports"],
    ["tensor", "layers", "tensor-imports"],
    ["layers", "formats", "layers-imports"],
    ["operations", "layers", "operations-imports"],
    ["backend-wasm", "layers", "backend-wasm-imports"],
    ["backend-wasm", "devices", "backend-wasm-imports"],
    ["training", "devices", "training-imports"],
    ["training", "images", "training-imports"],
    ["images", "datasets", "images-imports"],
    ["explain", "training", "explain-imports"],
    ["explain", "devices", "explain-imports"],
  ] as const)("catch %s importing %s", async ([from, to, rule]) => {
    const files = importing(`packages/${from}/src/a.ts`, `../../${to}/src/index.ts`, `packages/${to}/src/index.ts`);
    expect(await brokenRules(files)).toEqual([rule]);
  });

  test.for([
    ["datasets", []],
    ["inference", ["training-imports"]],
  ] as const)("let the tests of training import data, here %s", async ([to, rules]) => {
    const files = importing(
      "packages/training/src/a.test.ts",
      `../../${to}/src/index.ts`,
      `packages/${to}/src/index.ts`,
    );
    expect(await brokenRules(files)).toEqual(rules);
  });

  test.for([
    ["backend-wasm", "src/contract/kernel.ts", []],
    ["backend-wasm", "src/index.ts", ["backends-import-the-contract"]],
    ["backend-webgpu", "src/index.ts", ["backends-import-the-contract"]],
  ] as const)("let backends import the contract alone: %s importing operations/%s", async ([from, to, rules]) => {
    const files = importing(`packages/${from}/src/a.ts`, `../../operations/${to}`, `packages/operations/${to}`);
    expect(await brokenRules(files)).toEqual(rules);
  });

  test.for([
    ["assembly/convolution/a", "assembly/matrix/b", []],
    ["assembly/matrix/a", "assembly/convolution/b", ["wasm-matrix-imports"]],
    ["assembly/winograd/a", "assembly/convolution/b", ["wasm-winograd-imports"]],
    ["src/kernels/convolution/a", "src/kernels/winograd/b", []],
    ["src/kernels/reduction/a", "src/kernels/pooling/b", ["wasm-reduction-imports"]],
    ["assembly/surprise/a", "assembly/vector/b", ["wasm-listed-families"]],
    ["assembly/vector/a", "assembly/runtime/b", []],
    ["assembly/runtime/a", "assembly/matrix/b", ["wasm-runtime-below-families"]],
    ["src/kernels/runtime/a", "src/kernels/matrix/b", ["wasm-runtime-below-families"]],
    ["src/kernels/matrix/a", "src/engine/b", []],
    ["src/engine/a", "src/kernels/matrix/b", ["wasm-engine-below-kernels"]],
    ["src/engine/a", "src/b", ["wasm-engine-below-kernels"]],
    ["assembly/matrix/a", "src/codes/b", []],
    ["assembly/matrix/a", "src/engine/b", ["wasm-sides-meet-in-codes"]],
    ["src/engine/a", "assembly/b", ["wasm-sides-meet-in-codes"]],
    ["src/codes/a", "src/codes/b", ["wasm-codes-import-nothing"]],
  ] as const)("hold the wasm backend's kernels in order: %s importing %s", async ([from, to, rules]) => {
    const root = "packages/backend-wasm/";
    const path = relative(dirname(root + from), root + to);
    const specifier = path.startsWith(".") ? path : `./${path}`;
    // AssemblyScript names no endings.
    const ending = from.startsWith("assembly/") ? "" : ".ts";
    expect(await brokenRules(importing(`${root}${from}.ts`, specifier + ending, `${root}${to}.ts`))).toEqual(rules);
  });

  test.for([
    ["layer/a", "parts/b", []],
    ["config/a", "parts/b", ["layers-config-imports"]],
    ["parts/a", "layer/b", ["layers-parts-imports"]],
    ["layer/a", "layers/core/b", ["layers-layer-imports"]],
    ["layers/core/a", "layer/b", []],
    ["layers/core/a", "model/b", ["layers-layers-imports"]],
    ["layers/convolutional/separable/a", "layers/convolutional/b", []],
    ["layers/convolutional/a", "layers/pooling/b", ["layers-families-apart"]],
    ["layers/convolutional/a.test", "layers/pooling/b", []],
    ["model/graph/a", "model/fusion/b", []],
    ["model/graph/a", "layers/pooling/b", ["layers-model-imports"]],
    ["model/fusion/a", "layers/pooling/b", []],
    ["model/fusion/a", "model/graph/b", ["layers-model-fusion-imports"]],
    ["model/a", "saving/b", ["layers-model-imports"]],
    ["saving/a", "layers/pooling/b", []],
    ["meaning/a", "saving/b", ["layers-meaning-imports"]],
    ["saving/a", "index", ["layers-saving-imports"]],
    ["surprise/a", "layer/b", ["layers-listed-floors"]],
  ] as const)("hold the floors of layers in order: %s importing %s", async ([from, to, rules]) => {
    const root = "packages/layers/src/";
    const path = relative(dirname(root + from), `${root}${to}.ts`);
    expect(await brokenRules(importing(`${root}${from}.ts`, path, `${root}${to}.ts`))).toEqual(rules);
  });

  test.for([
    ["step/a", "optimizers/b", []],
    ["loop/single/a", "step/b", []],
    ["config/a", "data/b", ["training-config-imports"]],
    ["data/kinds/a", "trainer/b", ["training-data-imports"]],
    ["schedules/a", "optimizers/b", ["training-schedules-imports"]],
    ["optimizers/a", "losses/b", ["training-optimizers-imports"]],
    ["losses/a", "optimizers/b", ["training-losses-imports"]],
    ["metrics/a", "loop/b", ["training-metrics-imports"]],
    ["run/a", "callbacks/b", ["training-run-imports"]],
    ["step/a", "loop/b", ["training-step-imports"]],
    ["callbacks/a", "loop/b", ["training-callbacks-imports"]],
    ["loop/single/a", "trainer/b", ["training-loop-imports"]],
    ["trainer/a", "surprise/b", ["training-trainer-imports"]],
    ["surprise/a", "step/b", ["training-listed-floors"]],
    ["loop/a.test", "trainer/b", []],
  ] as const)("hold training's floors in order: %s importing %s", async ([from, to, rules]) => {
    const root = "packages/training/src/";
    const path = relative(dirname(root + from), root + to);
    expect(await brokenRules(importing(`${root}${from}.ts`, `${path}.ts`, `${root}${to}.ts`))).toEqual(rules);
  });

  test("catch TensorFlow.js below tensor", async () => {
    const files = {
      "packages/tensor/package.json": '{ "name": "tensor", "dependencies": { "@tensorflow/tfjs-core": "*" } }',
      "packages/tensor/src/a.ts": 'import "@tensorflow/tfjs-core";\n',
      "packages/tensor/node_modules/@tensorflow/tfjs-core/package.json": '{ "main": "index.js" }',
      "packages/tensor/node_modules/@tensorflow/tfjs-core/index.js": "",
    };
    expect(await brokenRules(files)).toEqual(["tensor-without-tfjs"]);
  });

  test("catch a cycle", async () => {
    const files = {
      "packages/layers/src/a.ts": 'import { b } from "./b.ts";\nexport const a = () => b;\n',
      "packages/layers/src/b.ts": 'import { a } from "./a.ts";\nexport const b = () => a;\n',
    };
    expect(await brokenRules(files)).toEqual(["no-cycles"]);
  });

  test("catch an app that reaches behind a package's public exports", async () => {
    const files = importing(
      "apps/trainer/src/a.ts",
      "../../../packages/layers/src/dense.ts",
      "packages/layers/src/dense.ts",
    );
    expect(await brokenRules(files)).toEqual(["internal-by-its-door", "public-exports-only"]);
  });

  test("let tests and tooling through a package's inner door, and nothing else", async () => {
    const door = {
      "packages/layers/package.json": '{ "name": "layers", "exports": { "./~internal/*": "./src/*.ts" } }',
      "packages/layers/src/core/dense.ts": exported,
    };
    const through = (folder: string, file: string): Record<string, string> => ({
      ...door,
      [`${folder}/package.json`]: '{ "dependencies": { "layers": "*" } }',
      [`${folder}/src/${file}`]: 'import { value } from "layers/~internal/core/dense";\nexport const other = value;\n',
    });
    expect(await brokenRules(through("packages/formats", "a.test.ts"), ["layers"])).toEqual([]);
    expect(await brokenRules(through("tooling/checks", "a.ts"), ["layers"])).toEqual([]);
    expect(await brokenRules(through("packages/formats", "a.ts"), ["layers"])).toEqual(["public-exports-only"]);
  });

  test("catch a package that imports an app", async () => {
    const files = importing("packages/layers/src/a.ts", "../../../apps/trainer/src/a.ts", "apps/trainer/src/a.ts");
    expect(await brokenRules(files)).toEqual(["packages-never-import-apps"]);
  });

  test("catch tooling in source, and let tests use it", async () => {
    const path = "../../../tooling/testing/backend.ts";
    const tooling = "tooling/testing/backend.ts";
    expect(await brokenRules(importing("packages/layers/src/a.ts", path, tooling))).toEqual(["tooling-for-tests-only"]);
    expect(await brokenRules(importing("packages/layers/src/a.test.ts", path, tooling))).toEqual([]);
  });

  test("catch a package that the table does not list", async () => {
    const files = importing("packages/surprise/src/a.ts", "./b.ts", "packages/surprise/src/b.ts");
    expect(await brokenRules(files)).toEqual(["listed-packages-only"]);
  });

  test("catch a package that uses the disk past files, in modules that are not for Node alone", async () => {
    const reads = {
      "packages/datasets/src/a.ts": 'import { stat } from "node:fs/promises";\nexport const b = stat;\n',
    };
    expect(await brokenRules(reads)).toEqual(["disk-through-files"]);
    const [text] = Object.values(reads);
    for (const path of [
      "packages/datasets/src/a.node.ts",
      "packages/files/src/a.ts",
      "packages/layers/src/a.test.ts",
    ]) {
      expect(await brokenRules({ [path]: text ?? "" })).toEqual([]);
    }
  });

  test("catch what decodes pictures past images", async () => {
    const files = (folder: string, name: string): Record<string, string> => ({
      [`${folder}/package.json`]: '{ "name": "reader", "dependencies": { "sharp": "*" } }',
      [`${folder}/${name}`]: 'import sharp from "sharp";\nexport const decode = sharp;\n',
      [`${folder}/node_modules/sharp/package.json`]: '{ "main": "index.js" }',
      [`${folder}/node_modules/sharp/index.js`]: "",
    });
    expect(await brokenRules(files("packages/datasets", "src/a.ts"))).toEqual(["pictures-through-images"]);
    expect(await brokenRules(files("apps/trainer", "src/pictures/a.ts"))).toEqual(["pictures-through-images"]);
    expect(await brokenRules(files("packages/images", "src/a.ts"))).toEqual([]);
    expect(await brokenRules(files("apps/trainer", "src/drawing/load-sharp.ts"))).toEqual([]);
  });

  test("catch a dependency that only tests may use", async () => {
    const files = {
      "packages/layers/package.json": '{ "name": "layers", "devDependencies": { "fast-check": "*" } }',
      "packages/layers/src/a.ts": 'import "fast-check";\n',
      "packages/layers/src/b.ts": 'import "./nowhere.ts";\n',
      "packages/layers/node_modules/fast-check/package.json": '{ "main": "index.js" }',
      "packages/layers/node_modules/fast-check/index.js": "",
    };
    expect(await brokenRules(files)).toEqual(["declared-dependencies-only", "resolvable"]);
  });
});
