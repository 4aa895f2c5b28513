/* Who may import whom: the rules that dependency-cruiser enforces. */
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { layersRules } from "./boundaries.layers.mjs";
import { trainingRules } from "./boundaries.training.mjs";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** Each package with the packages it may import. A new package adds its line here. */
export const mayImport = /** @type {const} */ ({
  tensor: [],
  files: ["tensor"],
  images: ["tensor", "files"],
  "backend-wasm": ["tensor", "operations"],
  "backend-webgpu": ["tensor", "operations"],
  devices: ["tensor", "backend-wasm", "backend-webgpu"],
  operations: ["tensor"],
  layers: ["tensor", "operations"],
  datasets: ["tensor", "files", "images"],
  // A bundle holds how a picture becomes the model's input, and images says what that is.
  formats: ["tensor", "files", "images", "layers"],
  // A network stands beside how a picture becomes its input, and takes weights of files.
  applications: ["tensor", "files", "images", "layers", "formats"],
  training: ["tensor", "files", "operations", "layers", "formats"],
  inference: ["tensor", "images", "layers", "formats", "devices"],
  explain: ["tensor", "operations", "layers"],
  visualize: ["tensor"],
});

/**
 * What the tests of a package may import besides: data to train on, which reach training by the batch contract alone, and the
 * devices that explain and large networks compute on.
 */
const testsMayImport = /** @type {Readonly<Record<string, readonly string[]>>} */ ({
  training: ["images", "datasets", "visualize", "applications"],
  explain: ["devices"],
  applications: ["devices"],
});

const anyTest = String.raw`\.(test|test-d)\.ts$|/src/(testing|conformance)/`;
const anyConfig = String.raw`(^|/)[^/]+\.config\.m?[jt]s$`;

/** An export for tests alone: it leads to a file inside the package, for the tests of siblings. */
const internalDoor = "./~internal/*";

/** The source file of every public export of every package, as one pattern. */
function publicEntries() {
  const targets = readdirSync(join(root, "packages")).flatMap((folder) => {
    const manifest = join(root, "packages", folder, "package.json");
    if (!existsSync(manifest)) return [];
    const { [internalDoor]: _, ...exports } = JSON.parse(readFileSync(manifest, "utf8")).exports;
    return exportTargets(exports).map((target) => `packages/${folder}/${target.replace(/^\.\//, "")}`);
  });
  return `^(${targets.map((target) => target.replaceAll(".", String.raw`\.`).replaceAll("*", ".+")).join("|")})$`;
}

/** @param {unknown} value @returns {string[]} */
function exportTargets(value) {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(exportTargets) : [];
}

/** @type {import("dependency-cruiser").IForbiddenRuleType[]} */
const packageRules = Object.entries(mayImport).flatMap(([folder, allowed]) => {
  const here = `^packages/${folder}/`;
  const inTests = testsMayImport[folder] ?? [];
  const rule = {
    name: `${folder}-imports`,
    comment: `${folder} may import ${allowed.length === 0 ? "no other package" : allowed.join(", ")}.`,
    severity: /** @type {const} */ ("error"),
  };
  /** @param {readonly string[]} folders */
  const others = (folders) => ({ path: "^packages/", pathNot: `^packages/(${[folder, ...folders].join("|")})/` });
  return [
    { ...rule, from: { path: here, pathNot: anyTest }, to: others(allowed) },
    { ...rule, from: { path: `^packages/${folder}(?=/).*(${anyTest})` }, to: others([...allowed, ...inTests]) },
  ];
});

/**
 * The families of the wasm backend's kernels, in `assembly/` and `src/kernels/` alike, each with those that it may import.
 * `runtime` and `vector` lie below all of them.
 */
const wasmFamilies = /** @type {const} */ ({
  elementwise: [],
  matrix: [],
  movement: [],
  normalization: [],
  pooling: [],
  reduction: [],
  training: [],
  winograd: ["matrix", "pooling"],
  convolution: ["matrix", "pooling", "winograd"],
});
const wasm = "^packages/backend-wasm/";
const wasmKernels = `${wasm}(assembly|src/kernels)/`;
const below = "runtime|vector";

/** @type {import("dependency-cruiser").IForbiddenRuleType[]} */
const wasmRules = [
  ...Object.entries(wasmFamilies).map(([family, allowed]) => ({
    name: `wasm-${family}-imports`,
    comment: `Kernels for ${family} may import ${allowed.length === 0 ? "no other family" : allowed.join(", ")}.`,
    severity: /** @type {const} */ ("error"),
    from: { path: `${wasmKernels}${family}/`, pathNot: anyTest },
    to: { path: wasmKernels, pathNot: `${wasmKernels}(${[family, ...allowed, below].join("|")})/` },
  })),
  {
    name: "wasm-listed-families",
    comment: "A family of kernels must have its line in the table.",
    severity: "error",
    from: { path: `${wasmKernels}[^/]+/`, pathNot: `${wasmKernels}(${Object.keys(wasmFamilies).join("|")}|${below})/` },
    to: {},
  },
  {
    name: "wasm-runtime-below-families",
    severity: "error",
    from: { path: `${wasmKernels}(${below})/`, pathNot: anyTest },
    to: { path: wasmKernels, pathNot: `${wasmKernels}(${below})/` },
  },
  {
    name: "wasm-engine-below-kernels",
    comment: "The engine knows no kernel.",
    severity: "error",
    from: { path: `${wasm}src/engine/`, pathNot: anyTest },
    to: { path: `${wasm}src/`, pathNot: `${wasm}src/(engine|codes)/` },
  },
  {
    name: "wasm-sides-meet-in-codes",
    comment: "AssemblyScript and TypeScript share numbers alone.",
    severity: "error",
    from: { path: `${wasm}(assembly|src)/` },
    to: { path: `${wasm}(assembly|src)/`, pathNot: `${wasm}($1|src/codes)/` },
  },
  {
    name: "wasm-codes-import-nothing",
    severity: "error",
    from: { path: `${wasm}src/codes/` },
    to: {},
  },
];

/** @type {import("dependency-cruiser").IConfiguration} */
export default {
  forbidden: [
    ...packageRules,
    ...wasmRules,
    ...layersRules(anyTest),
    ...trainingRules(anyTest),
    {
      name: "backends-import-the-contract",
      comment: "Of operations a backend knows what it may offer; operations and gradients stay out of its bytes.",
      severity: "error",
      from: { path: "^packages/backend-", pathNot: anyTest },
      to: { path: "^packages/operations/", pathNot: "^packages/operations/(src|dist)/contract/" },
    },
    {
      name: "listed-packages-only",
      comment: "A package must have its line in the table of who may import whom.",
      severity: "error",
      from: { path: "^packages/", pathNot: `^packages/(${Object.keys(mayImport).join("|")})/` },
      to: {},
    },
    {
      name: "public-exports-only",
      comment: "Packages and apps see another package through its public exports only; tests also through `~internal`.",
      severity: "error",
      from: { path: "^(packages|apps)/([^/]+)/", pathNot: anyTest },
      to: { path: "^packages/", pathNot: [publicEntries(), "^$1/$2/"] },
    },
    {
      name: "internal-by-its-door",
      comment: "What a test needs of a sibling's inside comes through the sibling's `~internal` export, not by a path.",
      severity: "error",
      from: { path: "^(packages|apps|tooling)/([^/]+)/" },
      to: { path: "^packages/", pathNot: [publicEntries(), "^$1/$2/"], dependencyTypes: ["local"] },
    },
    {
      name: "packages-never-import-apps",
      severity: "error",
      from: { path: "^(packages|tooling)/" },
      to: { path: "^apps/" },
    },
    {
      name: "apps-stand-alone",
      comment: "An app uses what another app builds, never its source.",
      severity: "error",
      from: { path: "^apps/([^/]+)/" },
      to: { path: "^apps/", pathNot: "^apps/$1/" },
    },
    {
      name: "tooling-for-tests-only",
      comment: "Nothing but tests and build configuration imports tooling.",
      severity: "error",
      from: { path: "^(packages|apps)/", pathNot: [anyTest, anyConfig] },
      to: { path: "^tooling/" },
    },
    {
      name: "tensor-without-tfjs",
      comment: "Shapes, arrays, random streams and errors work without TensorFlow.js.",
      severity: "error",
      from: { path: "^packages/tensor/src/" },
      to: { path: "@tensorflow/" },
    },
    {
      name: "no-cycles",
      severity: "error",
      from: {},
      to: { circular: true },
    },
    {
      name: "disk-through-files",
      comment:
        "Packages keep files by `files`; whatever else needs Node's disk is a module for Node alone, and is called so.",
      severity: "error",
      from: {
        path: "^packages/[^/]+/src/",
        pathNot: [anyTest, "^packages/files/", "[.]node[.]ts$", "[.]test-support[.]ts$"],
      },
      to: { path: "^(node:)?fs(/promises)?$" },
    },
    {
      name: "pictures-through-images",
      comment:
        "Images alone decodes; the command draws plots, packs thumbnails and tells colour modes with what load-sharp loads.",
      severity: "error",
      from: {
        path: "^(packages|apps)/[^/]+/src/",
        pathNot: [anyTest, "^packages/images/", "^apps/trainer/src/drawing/load-sharp[.]ts$"],
      },
      to: { path: "(^|/)sharp(/|$)" },
    },
    {
      name: "declared-dependencies-only",
      comment: "What a file imports stands in its own package.json, and not among the development dependencies only.",
      severity: "error",
      from: { path: "^(packages|apps)/[^/]+/src/", pathNot: anyTest },
      to: { dependencyTypes: ["npm-no-pkg", "npm-dev", "npm-unknown"], dependencyTypesNot: ["npm-peer", "type-only"] },
    },
    {
      name: "resolvable",
      comment: "Only optional peers, loaded on demand, may be missing, and what the wasm backend's build writes.",
      severity: "error",
      from: {},
      to: { couldNotResolve: true, pathNot: ["^@tensorflow/tfjs-node(-gpu)?$", "/embedded/[^/]+[.]js$"] },
    },
  ],
  options: {
    doNotFollow: { path: ["node_modules", "(^|/)(dist|wasm)/"] },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["@featuremap/source", "import", "node", "default", "types"],
      extensions: [".ts", ".mjs", ".js", ".json"],
    },
  },
};
