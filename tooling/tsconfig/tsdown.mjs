import { defineConfig } from "tsdown";

/** The one build setup: ESM and declarations from `src/index.ts`, dependencies left outside. */
export default defineConfig({
  entry: ["src/index.ts"],
  format: "esm",
  platform: "neutral",
  target: "es2022",
  dts: { oxc: true },
  sourcemap: true,
  clean: true,
  logLevel: "warn",
});
