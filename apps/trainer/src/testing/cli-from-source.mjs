// Runs the command line from its sources, as the tests run everything: `node cli-from-source.mjs train mnist ...`.
import { fileURLToPath } from "node:url";
import { createServer, createServerModuleRunner } from "vite";

const conditions = ["@featuremap/source", "node", "import", "default"];
const server = await createServer({
  configFile: false,
  logLevel: "error",
  appType: "custom",
  root: fileURLToPath(new URL("../../", import.meta.url)),
  server: { middlewareMode: true, watch: null, ws: false, hmr: false },
  // Packages of this repository are else taken as they were built.
  environments: {
    ssr: { resolve: { conditions, noExternal: [/^@featuremap\//] }, optimizeDeps: { noDiscovery: true } },
  },
});
try {
  const runner = createServerModuleRunner(server.environments.ssr, { hmr: false });
  await runner.import(fileURLToPath(new URL("../cli.ts", import.meta.url)));
} finally {
  await server.close();
}
