/* The registry itself, in a process of its own: it ends when the process that started it is gone, however that ended. */
import { runServer } from "verdaccio";

/** @typedef {{ readonly port: number } | { readonly problem: string }} ServerReport What this process tells the one that started it. */

/** @param {ServerReport} report */
function tell(report) {
  process.send?.(report);
}

process.once("disconnect", () => process.exit());
// The terminal sends Ctrl-C to everyone; whoever started this process decides when it ends.
for (const signal of /** @type {const} */ (["SIGINT", "SIGHUP"])) process.on(signal, () => {});
process.once("message", async (/** @type {import("./configuration.mjs").RegistryConfiguration} */ configuration) => {
  try {
    const server = await runServer(configuration);
    server.listen(0, "127.0.0.1", () => tell({ port: server.address().port }));
  } catch (error) {
    tell({ problem: String(error) });
  }
});
