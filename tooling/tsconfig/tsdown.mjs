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

/**
 * For packages whose users meet TensorFlow.js's declarations: those of 4.22 name the type `Long` without importing it, which is an error
 * for whoever checks libraries (`skipLibCheck: false`) and does not include all of `@types`.
 */
export const longTypes = { dts: '/// <reference types="long" />' };
