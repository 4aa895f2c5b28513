// Runs the command line as the tests run everything, from its sources: `node cli-under-test.mjs train mnist ...`. `npm test` builds first
// and sets FEATUREMAP_TESTS_BUILT, as a process starts several times faster from what is built.
import { fileURLToPath } from "node:url";

const built = new URL("../../dist/cli.js", import.meta.url);
if (process.env["FEATUREMAP_TESTS_BUILT"] === "1") await import(built.href);
else await runSources();

async function runSources() {
  const { createServer, createServerModuleRunner } = await import("vite");
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
}
