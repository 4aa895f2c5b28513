import { completeLicenses } from "@featuremap/tsconfig/license-texts";
import { type UserConfigFnObject, defineConfig } from "vite";
import { fontLicenses } from "./scripts/font-licenses.ts";
import { serveBundle } from "./scripts/serve-bundle.ts";

/** Shared memory, which the WebAssembly threads need, is given to isolated pages only. */
const isolation = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
};

const config: UserConfigFnObject = defineConfig(({ command }) => ({
  // The page is served from wherever its files are put.
  base: "./",
  // Developing runs on the packages' sources, the built page on what they publish.
  resolve: command === "serve" ? { conditions: ["@featuremap/source", "module", "browser", "development"] } : {},
  build: { target: "es2022", license: { fileName: "third-party.md" } },
  worker: { format: "es" },
  server: { headers: isolation },
  preview: { headers: isolation },
  plugins: [
    completeLicenses("third-party.md"),
    serveBundle(process.env["FEATUREMAP_BUNDLE"] ?? "../../runs/mnist/model"),
    fontLicenses(["@fontsource-variable/archivo", "@fontsource-variable/azeret-mono"]),
  ],
}));

export default config;
