import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "vite";

/** Sources before builds. */
const conditions = ["@featuremap/source", "node", "import", "default"];

/**
 * Builds the specs, their runner and this package's sources into one program.
 *
 * @param directory where the program goes
 * @returns its path
 */
export async function bundleSpecs(directory: string): Promise<string> {
  await build({
    configFile: false,
    root: fileURLToPath(new URL("../..", import.meta.url)),
    logLevel: "error",
    plugins: [
      {
        name: "keep-module-addresses",
        enforce: "pre",
        transform: (code, id) => ({
          // The sources find binaries and workers beside themselves.
          code: id.endsWith(".ts") ? code.replaceAll("import.meta.url", JSON.stringify(pathToFileURL(id).href)) : code,
          // TensorFlow.js declares its specs free of side effects, but registering cases is one.
          moduleSideEffects: true,
        }),
      },
    ],
    resolve: {
      conditions,
      // One engine for specs, kernels and backend: the specs import the package's modules one by one.
      alias: [{ find: /^@tensorflow\/tfjs-core$/, replacement: "@tensorflow/tfjs-core/dist/index.js" }],
    },
    ssr: { noExternal: true, external: ["jasmine-core"], target: "node", resolve: { conditions } },
    build: {
      ssr: fileURLToPath(new URL("./run.ts", import.meta.url)),
      outDir: directory,
      emptyOutDir: true,
      minify: false,
      target: "node20",
      rolldownOptions: {
        output: { entryFileNames: "run.mjs" },
      },
    },
  });
  return `${directory}/run.mjs`;
}
