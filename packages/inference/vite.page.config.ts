import { completeLicenses } from "@featuremap/tsconfig/license-texts";
import { type UserConfig, defineConfig } from "vite";

/** The package with all that it needs, for pages without a bundler: browsers resolve no names of packages. */
const config: UserConfig = defineConfig({
  base: "./",
  logLevel: "warn",
  publicDir: false,
  build: {
    target: "es2022",
    outDir: "dist/page",
    lib: { entry: "src/page.ts", formats: ["es"], fileName: "page" },
    minify: true,
    license: { fileName: "third-party.md" },
  },
  worker: { format: "es" },
  plugins: [completeLicenses("third-party.md")],
});

export default config;
