import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import shared from "./tooling/testing/vitest.mjs";

const folders = ["packages", "apps", "tooling"]
  .flatMap((place) => readdirSync(new URL(place, import.meta.url)).map((name) => `${place}/${name}`))
  .concat("docs")
  .filter((folder) => existsSync(new URL(join(folder, "vitest.config.ts"), import.meta.url)));

/** Tests that replace modules, or need a process in which no device was opened before. */
const fresh = "**/*.fresh.test.ts";

/** Apps meet the packages as they are shipped where these are built. */
const shipped = process.env["FEATUREMAP_TESTS_BUILT"] === "1" ? ["node", "import", "default"] : undefined;

export default defineConfig({
  test: {
    // A small test file spends most of its time on importing TensorFlow.js, so files of one package share their imports; those
    // of apps open devices of all kinds, each in its own process.
    projects: folders.flatMap((name) => {
      const root = fileURLToPath(new URL(name, import.meta.url));
      const { test } = shared;
      const base =
        shipped && name.startsWith("apps/")
          ? { ...shared, resolve: { conditions: shipped }, ssr: { resolve: { conditions: shipped } } }
          : shared;
      return [
        {
          ...base,
          test: { ...test, name, root, isolate: name.startsWith("apps/"), exclude: [...test.exclude, fresh] },
        },
        { ...base, test: { ...test, name: `${name} fresh`, root, include: [fresh] } },
      ];
    }),
    // Vitest leaves a core to itself, which on two cores is half of them.
    maxWorkers: "100%",
    // TensorFlow.js greets whoever uses its CPU backend, in every test file anew.
    onConsoleLog: (log) => !log.includes("looks like you are running TensorFlow.js in Node.js"),
  },
});
