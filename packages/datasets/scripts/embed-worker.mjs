import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build, defaultClientConditions } from "vite";

/**
 * Writes the script of a page's workers, with all that it imports, to `embedded/` as a module that holds it as text: a
 * bundler follows imports, whatever it makes of other files.
 */
const root = fileURLToPath(new URL("..", import.meta.url));
const result = await build({
  configFile: false,
  logLevel: "silent",
  root,
  resolve: { conditions: ["@featuremap/source", ...defaultClientConditions] },
  build: {
    write: false,
    target: "es2022",
    modulePreload: false,
    rolldownOptions: { input: join(root, "src/workers/worker.browser.ts"), output: { codeSplitting: false } },
  },
});
const outputs = (Array.isArray(result) ? result : [result]).flatMap((part) => ("output" in part ? part.output : []));
const chunks = outputs.filter((file) => file.type === "chunk");
if (chunks.length !== 1)
  throw new Error(`one script is expected, not ${outputs.map((file) => file.fileName).join(", ")}`);
writeFileSync(join(root, "embedded", "page-worker.js"), `export default ${JSON.stringify(chunks[0]?.code)};\n`);
