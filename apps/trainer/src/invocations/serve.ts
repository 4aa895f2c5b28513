import { type Invocation, exitCodes } from "../invocation.ts";
import { serve } from "../commands/serve.ts";
import { runInterruptibly } from "../terminal/interruption.ts";
import { printJson, printLine } from "../terminal/print.ts";

const highestPort = 65_535;

/** `featuremap serve [bundle]`: runs until Ctrl-C. */
export async function runServe({ words, options, terminal }: Invocation): Promise<number> {
  const [bundle] = words;
  const json = options.flag("json");
  const port = options.integer("port", 0, highestPort);
  const host = options.text("host");
  const allowedHosts = options.text("allowed-hosts")?.split(",");
  return runInterruptibly(terminal, async ({ signal }) => {
    const server = await serve({
      ...(bundle === undefined ? {} : { bundle }),
      ...(port === undefined ? {} : { port }),
      ...(host === undefined ? {} : { host }),
      ...(allowedHosts === undefined ? {} : { allowedHosts }),
    });
    if (json) printJson(terminal.output, { event: "listening", address: server.address, port: server.port });
    else {
      printLine(terminal.output, `The web classifier is at ${server.address}`);
      printLine(terminal.output, "Press Ctrl-C to stop.");
    }
    await aborted(signal);
    await server.close();
    return exitCodes.success;
  });
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
