// Runs the command line from its sources, as the tests run everything: `node cli-from-source.mjs train mnist ...`.
import { fileURLToPath } from "node:url";
import { runnerImport } from "vite";

const conditions = ["@featuremap/source", "node", "import", "default"];
await runnerImport(fileURLToPath(new URL("../cli.ts", import.meta.url)), {
  configFile: false,
  logLevel: "error",
  resolve: { conditions },
  ssr: { resolve: { conditions } },
});
