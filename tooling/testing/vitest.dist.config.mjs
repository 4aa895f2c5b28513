import { readdirSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { isTestSupport, sortTests } from "./shipped.mjs";

/** Packages whose tests are short enough for each `npm test`. */
const packages = [
  "tensor",
  "files",
  "operations",
  "layers",
  "formats",
  "applications",
  "inference",
  "explain",
  "visualize",
];

const root = fileURLToPath(new URL("../../", import.meta.url));

const sorted = packages.map((name) => {
  const folder = join(root, "packages", name);
  const files = readdirSync(join(folder, "src"), { recursive: true, encoding: "utf8" });
  const tests = files.filter((file) => /(?<!\.(?:browser|installed|long))\.test\.ts$/.test(file));
  const { onBuilt, onSource, redirects } = sortTests(
    folder,
    tests.map((file) => join(folder, "src", file)),
  );
  if (onBuilt.length === 0) throw new Error(`None of ${name}'s tests reaches it through its exports.`);
  return { name, onBuilt, onSource, redirects };
});

for (const { name, onBuilt, onSource } of sorted) {
  console.log(
    `${name}: ${onBuilt.length} test files on dist, ${onSource.length} need an inside and run on sources alone`,
  );
}

const redirects = new Map(sorted.flatMap((part) => Array.from(part.redirects)));

/** @type {import("vite").Plugin} */
const builtFiles = {
  name: "built-files",
  enforce: "pre",
  resolveId: (specifier, importer) => redirects.get(`${importer} ${specifier}`),
  load(file) {
    const isSource = /\/packages\/[^/]+\/src\/.*\.ts$/.test(file);
    if (!isSource || file.endsWith(".test.ts") || isTestSupport(file.replaceAll("/", sep))) return;
    throw new Error(`${relative(root, file)} is a source: tests of what is shipped must not reach it.`);
  },
};

const conditions = ["node", "import", "default"];

/**
 * @template {object} T
 * @param {T} test
 */
function project(test) {
  return { extends: /** @type {const} */ (true), test };
}

/** The unit tests once more, on the built files: those that reach their package through its exports. */
export default defineConfig({
  root,
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  plugins: [builtFiles],
  test: {
    // As in the run on sources, the files of one package share their imports.
    projects: sorted.flatMap(({ name, onBuilt }) => {
      const files = onBuilt.map((file) => relative(root, file).replaceAll(sep, "/"));
      const fresh = files.filter((file) => file.endsWith(".fresh.test.ts"));
      return [
        project({ name, include: files.filter((file) => !fresh.includes(file)), isolate: false }),
        project({ name: `${name} fresh`, include: fresh }),
      ].filter(({ test }) => test.include.length > 0);
    }),
    testTimeout: 30_000,
    maxWorkers: "100%",
    // TensorFlow.js greets whoever uses its CPU backend, in every test file anew.
    onConsoleLog: (log) => !log.includes("looks like you are running TensorFlow.js in Node.js"),
  },
});
