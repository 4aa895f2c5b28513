import type { Invocation } from "../invocation.ts";
import { exitCodes } from "../../terminal/exit-codes.ts";
import { serve } from "./serve.ts";
import { runInterruptibly } from "../../terminal/interruption.ts";
import { printJson, printLine } from "../../terminal/print.ts";
import { namedModel } from "../named-model.ts";

/** `featuremap serve [bundle]`: runs until Ctrl-C. */
export async function runServe({ words, options, terminal, folder }: Invocation<"serve">): Promise<number> {
  const [named] = words;
  const { json, port, host, allowedHosts } = options;
  return runInterruptibly(terminal, async ({ signal }) => {
    const server = await serve({
      ...(named === undefined ? {} : { bundle: (await namedModel(named, { terminal, folder })).bundle }),
      port,
      host,
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
