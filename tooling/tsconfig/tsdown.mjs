import { defineConfig } from "tsdown";

/** Declarations end by naming maps, which are not written: the sources that they would lead to are not packed. */
const declarationsWithoutMaps = {
  name: "declarations-without-maps",
  generateBundle(_options, bundle) {
    for (const chunk of Object.values(bundle)) {
      if (chunk.type !== "chunk" || !chunk.fileName.endsWith(".d.ts")) continue;
      chunk.code = chunk.code.replace(/\n\/\/# sourceMappingURL=\S+\s*$/, "\n");
    }
  },
};

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
  plugins: [declarationsWithoutMaps],
});

/**
 * For packages whose users meet TensorFlow.js's declarations: those of 4.22 name the type `Long` without importing it, which is an error
 * for whoever checks libraries (`skipLibCheck: false`) and does not include all of `@types`.
 */
export const longTypes = { dts: '/// <reference types="long" />' };
